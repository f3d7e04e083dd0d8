import { RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { labelOf } from "../../support/iam/labels";
import { eachAllowed } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "resource-policy-no-not-principal",
    title: "Resource policies name whom they allow, never whom they leave out.",
    why: "An Allow with NotPrincipal lets everybody else in, also those without an account of AWS.",
    mend: "Name principals with Principal instead of NotPrincipal.",
    sources: ["IAM Access Analyzer allow with NotPrincipal", "boogy not_principal_validation"],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: RESOURCE_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["resource"], function* (statement) {
            if ("NotPrincipal" in statement.raw) {
                yield { fault: `allows all but a NotPrincipal in ${statement.place}`, finding: labelOf(statement) };
            }
        }),
};
