import { each } from "../failClosed";
import { ifKnown } from "../known";
import type { Resource } from "../resources";
import type { Fault } from "../rule";
import { isSet, listOf, textOf } from "../values";

/** Types that attach managed policies, with the property that names them. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
    "aws:iam/role:Role": "managedPolicyArns",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
};

/** Types that attach managed policies. */
export const ATTACHMENT_TYPES = Object.keys(ATTACHMENTS);

/**
 * Judges each managed policy of AWS that a resource attaches, by its name with its path: `service-role/AWSLambdaRole`. An ARN
 * that is known only after a deployment is no such one: it is of a policy that the program makes.
 */
export function eachAwsManagedPolicy(
    { type, props }: Resource,
    check: (name: string) => Iterable<Fault>,
): Generator<Fault> {
    const property = ATTACHMENTS[type];
    const arns = isSet(props, property) ? (ifKnown(() => listOf(props[property])) ?? []) : [];
    // Elements are read by index: one that is unknown hides no other.
    const indices = Array.from({ length: arns.length }, (_, index) => index);
    return each(indices, function* (index) {
        const arn = ifKnown(() => textOf(arns[index]));
        const name = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn ?? "")?.[1];
        if (name !== undefined) {
            yield* check(name);
        }
    });
}
