import { unjudged } from "../../support/failClosed";
import {
    documentsOf,
    IDENTITY_POLICY_TYPES,
    parseDocument,
    RESOURCE_POLICY_TYPES,
    type PolicyDocument,
} from "../../support/iam/documents";
import { statementsOf } from "../../support/iam/statements";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "pack-unverified-documents",
    title: "Each policy document can be read before it is deployed.",
    why: "A document that holds a value of the deployment itself is judged by no rule in its first preview.",
    mend: "Make its ARNs from names and config instead of outputs.",
    sources: ["quartet", "Pulumi pulumi-policy#258"],
    severity: "medium",
    levels: { dev: "advisory", prod: "advisory" },
    types: [...IDENTITY_POLICY_TYPES, ...RESOURCE_POLICY_TYPES],
    *checkInStack(resource) {
        for (const document of documentsOf(resource, "identity", "trust", "resource")) {
            try {
                readAll(document);
            } catch (error) {
                const { fault } = unjudged(error);
                yield { fault: `has a document in ${document.place} that ${fault}`, finding: document.place };
            }
        }
    },
};

/** Reads all of a document. @throws Where something of it is known only after a deployment, or is nothing that IAM takes. */
function readAll(document: PolicyDocument): void {
    JSON.stringify(parseDocument(document));
    for (const { allows, actions, resources, principals, conditions } of statementsOf(document)) {
        void [allows, actions, resources, principals, conditions];
    }
}
