import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { covers } from "../../support/iam/grants";
import { demandedLiterals } from "../../support/iam/narrowing";
import { unnamedRoles } from "../../support/iam/roleArns";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-pass-role-scoped",
    title: "iam:PassRole is allowed for named roles and to named services.",
    why: "Who may pass any role can start something that has an administrator's rights.",
    mend: "Name the roles' ARNs in Resource and demand iam:PassedToService with StringEquals in a statement of its own.",
    sources: [
        "IAM Access Analyzer pass role with star in resource",
        "trivy AWS-0342",
        "boogy action_condition_enforcement",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], function* (statement) {
            if (!covers(statement, "iam:PassRole")) {
                return;
            }
            for (const element of unnamedRoles(statement)) {
                yield { fault: `allows iam:PassRole on ${element} in ${statement.place}`, finding: "iam:PassRole" };
            }
            if (!demandedLiterals(statement.conditions, "iam:PassedToService")) {
                const fault = `allows iam:PassRole to any service in ${statement.place}`;
                yield { fault, finding: "iam:PassedToService" };
            }
        }),
};
