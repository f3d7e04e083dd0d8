import { isOwnAccount, ownAccounts } from "../../support/account";
import { RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Resource } from "../../support/resources";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "resource-policy-no-wildcard-action",
    title: "Resource policies name actions, never all of a service.",
    why: "All actions of a service include changing this policy and deleting what it guards.",
    mend: "Name each action that the principal needs.",
    sources: ["checkov CKV_AWS_72", "checkov CKV_AWS_70", "trivy sqs/no_wildcards_in_policy_documents"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: RESOURCE_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["resource"], function* (statement) {
            for (const action of statement.actions.filter((each) => /^(?:[^:]+:)?\*+$/.test(each))) {
                if (!isAdministration(resource, statement)) {
                    yield { fault: `allows ${action} in ${statement.place}`, finding: action };
                }
            }
        }),
};

/** Without a statement that lets the whole account administer it, a key of KMS can become one that nobody can change. */
function isAdministration({ type }: Resource, { principals }: Statement): boolean {
    return (
        type.startsWith("aws:kms/") &&
        principals.length === 1 &&
        principals[0].wholeAccount === true &&
        (ownAccounts().length === 0 || isOwnAccount(principals[0].account!))
    );
}
