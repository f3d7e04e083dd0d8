import { RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { namesSource } from "../../support/iam/sources";
import { eachAllowed } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "resource-policy-service-principal-source",
    title: "A service may act on a resource on behalf of named accounts or resources alone.",
    why: "A service works for everybody. Without a named source, somebody else can make it write to, or read, this resource.",
    mend: "Demand aws:SourceAccount, or aws:SourceArn with the account, beside the service; for logs on a key, kms:EncryptionContext:aws:logs:arn.",
    sources: ["IAM Access Analyzer restrict access to service principal", "Security Hub Lambda.1"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: RESOURCE_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["resource"], function* ({ principals, conditions, place }) {
            for (const { value } of principals.filter(({ kind }) => kind === "Service")) {
                if (!namesSource(conditions)) {
                    yield { fault: `lets ${value} act for any account in ${place}`, finding: value };
                }
            }
        }),
};
