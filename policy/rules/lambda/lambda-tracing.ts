import { block } from "../../support/blocks";
import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "lambda-tracing",
    title: "Functions trace their invocations with X-Ray.",
    why: "Without traces nobody sees which of a function's calls was slow or failed.",
    mend: "Set tracingConfig.mode to Active.",
    sources: [
        "cdk-nag LambdaTracing",
        "Security Hub Lambda.7",
        "checkov CKV_AWS_50",
        "Pulumi aws-lambda-function-configure-tracing-config",
    ],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: [FUNCTION],
    *check({ props }) {
        if (textOf(block(props, "tracingConfig").mode) !== "Active") {
            yield { fault: "does not trace its invocations" };
        }
    },
};
