import { eachAsync } from "../../support/failClosed";
import { documentsOf, IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { escalations } from "../../support/iam/escalation";
import { policiesOf, POLICIES_OF_ROLES } from "../../support/iam/rolePolicies";
import { statementsOf, type Statement } from "../../support/iam/statements";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";

export const rule: Rule = {
    id: "iam-no-privilege-escalation",
    title: "No role, group or user can give itself more rights than its policies say.",
    why: "Who can write policies, pass any role or change the code of any function has all rights that there are in the account.",
    mend: "Remove one of the actions, or name ARNs in the Resource of the first one.",
    sources: [
        "cloudsplaining PRIVILEGE_ESCALATION_METHODS",
        "checkov CKV_AWS_286",
        "checkov CKV_AWS_110",
        "prowler iam_policy_allows_privilege_escalation",
        "prowler iam_inline_policy_allows_privilege_escalation",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    joins: POLICIES_OF_ROLES,
    check: (resource) =>
        eachAsync(documentsOf(resource, "identity"), (document) => escalations(statementsOf(document))),
    async *checkInStack(role, stack) {
        const documents = documentsOfRole(role, stack);
        if (documents.length < 2) {
            return;
        }
        const all: Statement[] = [];
        const told = new Set<string>();
        // What a document allows by itself was found where it is declared.
        yield* eachAsync(documents, async function* (document): AsyncGenerator<Fault> {
            const statements = statementsOf(document);
            all.push(...statements);
            for await (const { finding } of escalations(statements)) {
                told.add(finding!);
            }
        });
        yield* escalations(all, told);
    },
};

function documentsOfRole(role: StackResource, stack: Stack) {
    return policiesOf(role, stack).flatMap((resource) => documentsOf(resource, "identity"));
}
