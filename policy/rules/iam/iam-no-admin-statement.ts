import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { isAnything } from "../../support/iam/resourceIds";
import { eachAllowed, type Statement } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-admin-statement",
    title: "No statement of an identity policy allows everything on everything.",
    why: "Whoever takes over the workload then owns the account.",
    mend: "Name the actions and resources that the workload uses in the statement's Action and Resource.",
    sources: ["cdk-nag IAMPolicyNoStatementsWithAdminAccess", "Security Hub IAM.1", "checkov CKV_AWS_62"],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], function* (statement) {
            const actions = allActions(statement);
            const resources = actions && allResources(statement);
            if (resources) {
                yield { fault: `allows ${actions} on ${resources} in ${statement.place}`, finding: "admin" };
            }
        }),
};

function allActions({ actions, notActions }: Statement): string | undefined {
    return actions.some((action) => /^[*?:]*\*[*?:]*$/.test(action))
        ? "all actions"
        : notActions && "all but its NotAction";
}

function allResources({ resources, notResources }: Statement): string | undefined {
    return resources.some(isAnything) ? "all resources" : notResources && "all but its NotResource";
}
