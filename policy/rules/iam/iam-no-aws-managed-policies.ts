import { ATTACHMENT_TYPES, eachAwsManagedPolicy } from "../../support/iam/attached";
import type { Rule } from "../../support/rule";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "iam-no-aws-managed-policies",
    title: "Rights stand in policies of the program, not in those that AWS manages.",
    why: "Policies of AWS name no resources, and AWS adds actions to them without a deployment.",
    mend: "Write a policy with the actions and resources that the workload needs, and attach that instead.",
    sources: ["cdk-nag AwsSolutions-IAM4"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ATTACHMENT_TYPES,
    options: {
        allowed: {
            what: "Names of policies of AWS that may be attached, with their path, e.g. service-role/AWSLambdaBasicExecutionRole",
            schema: { type: "array", items: { type: "string" } },
            dev: [],
            prod: [],
        },
    },
    check: (resource, { allowed }) =>
        eachAwsManagedPolicy(resource, function* (name) {
            if (!textsOf(allowed).includes(name)) {
                yield { fault: `attaches the policy ${name}, which AWS manages`, finding: name };
            }
        }),
};
