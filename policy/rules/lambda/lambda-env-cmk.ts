import { block } from "../../support/blocks";
import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { isSet } from "../../support/values";

export const rule: Rule = {
    id: "lambda-env-cmk",
    title: "Environment variables of functions are encrypted with a key of our own.",
    why: "Whoever may read a function's configuration needs no right to a key of AWS's own, so that key keeps nobody away.",
    mend: "Set kmsKeyArn to the ARN of a customer managed key.",
    sources: ["checkov CKV_AWS_173", "prowler awslambda_function_env_vars_not_encrypted_with_cmk"],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [FUNCTION],
    *check({ props }) {
        const hasVariables = Object.keys(block(props, "environment", "variables")).length > 0;
        if (hasVariables && !isSet(props, "kmsKeyArn")) {
            yield { fault: "has environment variables that are not encrypted with a customer managed key" };
        }
    },
};
