import { each } from "../../support/failClosed";
import { FUNCTION } from "../../support/lambda/lambdaFunctions";
import type { Rule } from "../../support/rule";
import { numberOf, textsOf } from "../../support/values";

/** What Lambda takes for what is left out, as the provider writes it into the inputs. */
const DEFAULTS: Readonly<Record<string, number>> = { timeout: 3, memorySize: 128, reservedConcurrentExecutions: -1 };

export const rule: Rule = {
    id: "lambda-limits-explicit",
    title: "Functions have limits that somebody chose.",
    why: "Lambda's defaults fit by chance alone, and a function without reserved concurrency can use up that of all others in the account.",
    mend: "Set timeout, memorySize and reservedConcurrentExecutions to what the function needs.",
    sources: [
        "cdk-nag LambdaDefaultTimeout",
        "cdk-nag LambdaDefaultMemorySize",
        "cdk-nag LambdaConcurrency",
        "checkov CKV_AWS_115",
        "Pulumi limit-lambda-execution-time",
        "Pulumi lambda-concurrent-execution-limits-required",
    ],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [FUNCTION],
    options: {
        limits: {
            what: "Properties that must differ from Lambda's defaults",
            schema: { type: "array", items: { enum: Object.keys(DEFAULTS) } },
            dev: ["timeout", "memorySize"],
            prod: ["timeout", "memorySize", "reservedConcurrentExecutions"],
        },
    },
    check: ({ props }, { limits }) =>
        each(textsOf(limits), function* (property) {
            if ((numberOf(props[property]) ?? DEFAULTS[property]) === DEFAULTS[property]) {
                yield {
                    fault: `has Lambda's default for ${property}`,
                    finding: property,
                    mend: `Set ${property} to what the function needs.`,
                };
            }
        }),
};
