import type { Stack, StackResource } from "../resources";
import { isSet, listOf } from "../values";

const POLICY = "aws:iam/policy:Policy";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const ATTACHMENTS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
const POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment";

/** Types by which policies come to a role. */
export const POLICIES_OF_ROLES = [POLICY, ROLE_POLICY, ATTACHMENT, ATTACHMENTS, POLICY_ATTACHMENT];

/** The resources of a stack in which the identity policies of a role stand: the role itself for its inline ones; none for what is no role. */
export function policiesOf(role: StackResource, stack: Stack): readonly StackResource[] {
    if (role.type !== "aws:iam/role:Role") {
        return [];
    }
    const attachments = [
        role,
        ...stack.naming(role, "role", ATTACHMENT),
        ...stack.naming(role, "roleName", ATTACHMENTS),
        ...stack.ofType(POLICY_ATTACHMENT).filter((each) => lists(each, "roles", role)),
    ];
    const managed = stack
        .ofType(POLICY)
        .filter((policy) => attachments.some((each) => POLICY_ARNS.some((property) => lists(each, property, policy))));
    return [role, ...stack.naming(role, "role", ROLE_POLICY), ...managed];
}

/** Properties that name managed policies: of attachments, and of the role itself. */
const POLICY_ARNS = ["policyArn", "policyArns", "managedPolicyArns"];

/** Whether a property, a list or a single value, names another resource. */
function lists(resource: StackResource, property: string, other: StackResource): boolean {
    if (resource.referred(property).includes(other.urn)) {
        return true;
    }
    const names = isSet(resource.props, property) ? knownOf(() => listOf(resource.props[property])) : [];
    const identities = ["arn", "id", "name"].flatMap((key) => knownOf(() => [other.outputs[key]]));
    return names.some((name) => identities.includes(name));
}

/** The values of a list that are known; unknown ones are told by what they refer to. */
function knownOf(read: () => readonly unknown[]): unknown[] {
    let list: readonly unknown[];
    try {
        list = read();
    } catch {
        return [];
    }
    return Array.from({ length: list.length }, (_, index) => valueAt(list, index)).filter((each) => each !== undefined);
}

function valueAt(list: readonly unknown[], index: number): unknown {
    try {
        return list[index];
    } catch {
        return undefined;
    }
}
