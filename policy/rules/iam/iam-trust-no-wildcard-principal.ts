import { demanded, type Condition } from "../../support/iam/conditions";
import { labelOf } from "../../support/iam/labels";
import { eachAllowed } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "iam-trust-no-wildcard-principal",
    title: "Trust policies name who may take a role, never everybody or all of an account.",
    why: "Everybody who fits the principal can take the role, with all its rights: with * the whole world.",
    mend: "Name the service, or the ARNs of roles, in Principal of assumeRolePolicy.",
    sources: [
        "checkov CKV_AWS_60",
        "checkov CKV_AWS_61",
        "IAM Access Analyzer role trust policy unsupported wildcard in principal",
        "cloudsplaining AssumableByAnyPrincipal",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:iam/role:Role"],
    check: (role) =>
        eachAllowed(role, ["trust"], function* (statement) {
            if (statement.notPrincipals) {
                yield { fault: `trusts all but a NotPrincipal in ${statement.place}`, finding: labelOf(statement) };
            }
            for (const { value, wholeAccount } of statement.principals) {
                if (value === "*") {
                    yield { fault: `trusts everybody in ${statement.place}`, finding: "*" };
                } else if (wholeAccount && !namesCallers(statement.conditions)) {
                    yield { fault: `trusts all of ${value} in ${statement.place}`, finding: value };
                }
            }
        }),
};

/** Whether conditions say who of an account it is: by ARN or tag, or by a secret that an account of others gives to few. */
function namesCallers(conditions: readonly Condition[]): boolean {
    return conditions.some((condition) => {
        const { operator, set, ifExists, key, values } = condition;
        if (key === "aws:principalarn") {
            const demands = /^(StringEquals|StringLike|ArnEquals|ArnLike)$/.test(operator) && !ifExists && !set;
            return demands && values.length > 0 && values.every((value) => NAMED.test(value));
        }
        const names = key === "sts:externalid" || key === "aws:userid" || key.startsWith("aws:principaltag/");
        return names && demanded([condition], key) !== undefined;
    });
}

/** A role or user with a name, be it one with a wildcard at its end, as those of IAM Identity Center have. */
const NAMED = /^arn:[\w-]+:iam::\d{12}:(?:role|user)\/[^*?$]/;
