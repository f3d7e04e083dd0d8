import type { Rule } from "../../support/rule";
import { actionsOf } from "../../support/iam/actions";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-wildcard-action-prefix",
    title: "Wildcards in actions of identity policies cover actions that read, and no others.",
    why: "A pattern such as s3:Put* covers bucket policies, too, and whatever AWS adds under that verb later.",
    mend: "Name each action that the workload calls.",
    sources: ["cdk-nag AwsSolutions-IAM5", "boogy wildcard_action"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], async function* ({ actions, place }) {
            for (const pattern of actions.filter(isPrefix)) {
                const facts = await actionsOf(pattern);
                const changing = facts.find(({ accessLevels }) => accessLevels.some((level) => !READING.has(level)));
                if (changing) {
                    yield { fault: `allows ${pattern} (such as ${changing.name}) in ${place}`, finding: pattern };
                } else if (facts.length === 0) {
                    yield { fault: `allows ${pattern}, of which AWS lists no action, in ${place}`, finding: pattern };
                }
            }
        }),
};

const READING = new Set(["Read", "List"]);

/** A pattern of one service with a wildcard, but not all of the service: another rule is about that. */
function isPrefix(pattern: string): boolean {
    return /^[^*?:]+:.*[*?]/.test(pattern) && !/:[*?]*\*[*?]*$/.test(pattern);
}
