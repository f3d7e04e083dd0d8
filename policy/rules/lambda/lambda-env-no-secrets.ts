import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import { ifKnown } from "../../support/known";
import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { holdsSecret, looksLikeSecretName } from "../../support/secretNames";

export const rule: Rule = {
    id: "lambda-env-no-secrets",
    title: "Environment variables of functions hold no credentials.",
    why: "Everybody who may read a function's configuration reads its variables, and they stand in the state of the deployment.",
    mend: "Give the function the ARN of a secret or the name of a parameter, and read the value at run time.",
    sources: ["checkov CKV_AWS_45", "prowler awslambda_function_no_secrets_in_variables"],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [FUNCTION],
    *check({ props }) {
        const variables = block(props, "environment", "variables");
        yield* each(Object.keys(variables), function* (name) {
            // Outputs of other resources are judged by their values when they are known, which is before the function is made.
            const known = looksLikeSecretName(name) ? variables[name] : ifKnown(() => variables[name]);
            if (holdsSecret(name, String(known ?? ""))) {
                yield { fault: `holds a credential in the variable ${name}`, finding: name };
            }
        });
    },
};
