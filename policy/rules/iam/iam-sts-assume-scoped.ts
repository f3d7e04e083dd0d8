import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { covers } from "../../support/iam/grants";
import { unnamedRoles } from "../../support/iam/roleArns";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-sts-assume-scoped",
    title: "sts:AssumeRole is allowed for named roles.",
    why: "A role that trusts the account, or one of another account, can otherwise be assumed by the workload.",
    mend: "Name the roles' ARNs in the statement's Resource.",
    sources: ["prowler iam_no_custom_policy_permissive_role_assumption"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], function* (statement) {
            for (const element of covers(statement, "sts:AssumeRole") ? unnamedRoles(statement) : []) {
                yield { fault: `allows sts:AssumeRole on ${element} in ${statement.place}`, finding: "sts:AssumeRole" };
            }
        }),
};
