import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES, RESOURCE_POLICY_TYPES } from "../../support/iam/documents";
import { eachAllowed } from "../../support/iam/statements";
import { isSet } from "../../support/values";

export const rule: Rule = {
    id: "iam-no-not-action-not-resource",
    title: "Statements that allow something say what they allow, not what they leave out.",
    why: "NotAction and NotResource allow everything else, with whatever AWS or the team adds later.",
    mend: "Name what is allowed in Action and Resource, and deny the rest in a statement of its own where needed.",
    sources: ["Security Hub IAM.21", "IAM Access Analyzer pass role with NotAction", "boogy not_action_not_resource"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [...IDENTITY_POLICY_TYPES, ...RESOURCE_POLICY_TYPES],
    check: (resource) =>
        eachAllowed(resource, ["identity", "resource"], function* ({ raw, place }) {
            for (const element of ["NotAction", "NotResource"].filter((each) => isSet(raw, each))) {
                yield { fault: `allows by ${element} in ${place}`, finding: element };
            }
        }),
};
