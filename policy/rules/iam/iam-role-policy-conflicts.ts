import { namesRole } from "../../support/iam/roleNames";
import type { Rule } from "../../support/rule";
import { isSet } from "../../support/values";

/** What a role may declare itself, and the resources that change the same thing, with the property that names the role. */
const MEANS: readonly { readonly property: string; readonly others: Readonly<Record<string, string>> }[] = [
    {
        property: "inlinePolicies",
        others: {
            "aws:iam/rolePolicy:RolePolicy": "role",
            "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": "roleName",
        },
    },
    {
        property: "managedPolicyArns",
        others: {
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "role",
            "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "roleName",
            "aws:iam/policyAttachment:PolicyAttachment": "roles",
        },
    },
];

export const rule: Rule = {
    id: "iam-role-policy-conflicts",
    title: "A role gets its policies either by its own properties or by resources of their own.",
    why: "A role removes what its own lists don't name: each deployment takes away the policies that other resources gave.",
    mend: "Remove inlinePolicies and managedPolicyArns of the role, and keep the resources.",
    sources: ["awsguard iam-role-no-policy-management-conflicts"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:iam/role:Role"],
    joins: MEANS.flatMap(({ others }) => Object.keys(others)),
    *checkInStack(role, stack) {
        for (const { property, others } of MEANS.filter((each) => isSet(role.props, each.property))) {
            const rivals = Object.keys(others).flatMap((type) =>
                stack.ofType(type).filter((other) => namesRole(other, others[type], role)),
            );
            for (const { name } of rivals) {
                yield { fault: `has ${property}, and gets policies by ${name} besides`, finding: name };
            }
        }
    },
};
