import { eachAsync } from "../../support/failClosed";
import { documentsOf, IDENTITY_POLICY_TYPES, RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { documentFaults } from "../../support/iam/validity";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "iam-policy-document-valid",
    title: "Policy documents are such as AWS takes, with actions, keys and operators that there are.",
    why: "AWS refuses a document in the middle of a deployment, and a name that it does not know allows or denies nothing.",
    mend: "Correct the document.",
    sources: [
        "IAM Access Analyzer invalid action",
        "IAM Access Analyzer missing version",
        "IAM Access Analyzer wildcard without like operator",
        "boogy policy_structure",
        "boogy action_validation",
    ],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [...IDENTITY_POLICY_TYPES, ...RESOURCE_POLICY_TYPES],
    check: (resource) =>
        eachAsync(documentsOf(resource, "identity", "trust", "resource"), (document) =>
            documentFaults(document, resource.type),
        ),
};
