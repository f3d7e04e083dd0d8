import type { Rule } from "../../support/rule";
import { isSet, listOf } from "../../support/values";

const ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment";

/** Types that are about users, and what they are. */
const KINDS: Readonly<Record<string, string>> = {
    "aws:iam/user:User": "is an IAM user",
    "aws:iam/accessKey:AccessKey": "is an access key",
    "aws:iam/userLoginProfile:UserLoginProfile": "is the password of an IAM user",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": "is a credential of an IAM user",
    "aws:iam/signingCertificate:SigningCertificate": "is a certificate of an IAM user",
    "aws:iam/sshKey:SshKey": "is an SSH key of an IAM user",
    "aws:iam/userGroupMembership:UserGroupMembership": "puts an IAM user into groups",
    "aws:iam/groupMembership:GroupMembership": "puts IAM users into a group",
    "aws:iam/userPolicy:UserPolicy": "is a policy of an IAM user",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "attaches a policy to an IAM user",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "attaches policies to an IAM user",
};

export const rule: Rule = {
    id: "iam-no-users-or-keys",
    title: "There are no IAM users, and no keys, passwords or policies of any.",
    why: "Keys of users work for years and from everywhere, and leak. Roles give credentials that end within hours.",
    mend: "Remove it, and let people and pipelines take a role: by IAM Identity Center, or by OpenID Connect.",
    sources: [
        "Security Hub IAM.2",
        "checkov CKV_AWS_40",
        "checkov CKV_AWS_273",
        "checkov CKV2_AWS_22",
        "cdk-nag IAMUserNoPolicies",
        "Pulumi aws-iam-user-policy-attachment-only-attachment-through-groups",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [...Object.keys(KINDS), ATTACHMENT],
    *check({ type, props }) {
        if (type in KINDS) {
            yield { fault: KINDS[type] };
        } else if (isSet(props, "users") && listOf(props.users).length > 0) {
            yield { fault: "attaches a policy to IAM users" };
        }
    },
};
