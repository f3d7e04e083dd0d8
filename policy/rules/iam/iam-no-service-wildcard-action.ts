import type { Rule } from "../../support/rule";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-service-wildcard-action",
    title: "Identity policies name actions, never all actions of a service.",
    why: "All of a service includes changing its policies and deleting its data, and whatever AWS adds to it later.",
    mend: "Name each action that the workload calls.",
    sources: [
        "cdk-nag AwsSolutions-IAM5",
        "cdk-nag IAMPolicyNoStatementsWithFullAccess",
        "Security Hub IAM.21",
        "checkov CKV2_AWS_40",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], function* ({ actions, place }) {
            for (const action of actions.filter(isWholeService)) {
                yield { fault: `allows ${action} in ${place}`, finding: action };
            }
        }),
};

/** `s3:*` however it is written, and what does not even name one service: `*`, `*:*`, `s*:Get*`. */
function isWholeService(pattern: string): boolean {
    const [service, ...action] = pattern.split(":");
    return /[*?]/.test(service) || /^[*?]*\*[*?]*$/.test(action.join(":"));
}
