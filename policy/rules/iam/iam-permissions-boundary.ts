import { eachAsync } from "../../support/failClosed";
import { documentsOf } from "../../support/iam/documents";
import { covers } from "../../support/iam/grants";
import { demandedLiterals } from "../../support/iam/narrowing";
import { policiesOf, POLICIES_OF_ROLES } from "../../support/iam/rolePolicies";
import { statementsOf } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";
import { isSet } from "../../support/values";

export const rule: Rule = {
    id: "iam-permissions-boundary",
    title: "Roles that may create roles have a permissions boundary, or must give one to each role that they create.",
    why: "A role that is created with an administrator's rights has more than the one that created it.",
    mend: "Set permissionsBoundary of the role, or demand iam:PermissionsBoundary where iam:CreateRole is allowed.",
    sources: ["boogy permissions_boundary", "quartet"],
    severity: "medium",
    levels: { dev: "disabled", prod: "advisory" },
    types: ["aws:iam/role:Role"],
    joins: POLICIES_OF_ROLES,
    checkInStack(role, stack) {
        if (isSet(role.props, "permissionsBoundary")) {
            return [];
        }
        const documents = policiesOf(role, stack).flatMap((resource) => documentsOf(resource, "identity"));
        return eachAsync(documents, (document) =>
            eachAsync(statementsOf(document), function* (statement) {
                if (
                    statement.allows &&
                    covers(statement, "iam:CreateRole") &&
                    !demandedLiterals(statement.conditions, "iam:PermissionsBoundary")
                ) {
                    yield { fault: `may create roles by ${statement.place}, and has no permissions boundary` };
                }
            }),
        );
    },
};
