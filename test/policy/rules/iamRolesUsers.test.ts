import * as assert from "node:assert/strict";
import { rule as admin } from "../../../policy/rules/iam/iam-no-admin-managed-policy";
import { rule as awsManaged } from "../../../policy/rules/iam/iam-no-aws-managed-policies";
import { rule as users } from "../../../policy/rules/iam/iam-no-users-or-keys";
import { analyze, judge, UNKNOWN, type Declared } from "../support/judge";

const own = "arn:aws:iam::111111111111:policy/AdministratorAccess";
const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** Each type that attaches policies, with some of them. */
const attaching: ((...arns: unknown[]) => Declared)[] = [
    (...managedPolicyArns) => ({ type: "aws:iam/role:Role", props: { managedPolicyArns } }),
    (...policyArns) => ({
        type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        props: { roleName: "orders", policyArns },
    }),
    ...["RolePolicyAttachment", "PolicyAttachment", "GroupPolicyAttachment", "UserPolicyAttachment"].map(
        (name) =>
            (...arns: unknown[]): Declared => ({
                type: `aws:iam/${name[0].toLowerCase()}${name.slice(1)}:${name}`,
                props: arns.length === 0 ? {} : { policyArn: arns[0] },
            }),
    ),
];

describe("iam-no-aws-managed-policies", () => {
    const refusal = (name: string) =>
        `it attaches the policy ${name}, which AWS manages. ` +
        `Write a policy with the actions and resources that the workload needs, and attach that instead. [${name}]`;

    for (const attach of attaching) {
        const { type } = attach();
        it(`takes the program's own policies, and refuses AWS's, in ${type}`, async () => {
            for (const arn of [own, UNKNOWN, undefined]) {
                assert.deepEqual(await judge(awsManaged, attach(...(arn ? [arn] : []))), []);
            }
            const name = "service-role/AWSLambdaBasicExecutionRole";
            assert.deepEqual(await judge(awsManaged, attach(aws(name))), [refusal(name)]);
        });
    }

    it("sees each policy of a list beside an unknown one, in any partition", async () => {
        const arns = [UNKNOWN, aws("ReadOnlyAccess"), own, "arn:aws-cn:iam::aws:policy/SecurityAudit"];
        assert.deepEqual(await judge(awsManaged, attaching[0](...arns)), [
            refusal("ReadOnlyAccess"),
            refusal("SecurityAudit"),
        ]);
    });

    it("only advises on dev", async () => {
        const [finding] = await analyze([awsManaged], attaching[0](aws("ReadOnlyAccess")), "dev");
        assert.equal(finding.level, "advisory");
    });
});

describe("iam-no-admin-managed-policy", () => {
    for (const attach of attaching) {
        const { type } = attach();
        it(`refuses the rights of an administrator, and no others, in ${type}`, async () => {
            for (const arn of [own, UNKNOWN, aws("ReadOnlyAccess"), aws("job-function/SystemAdministrator")]) {
                assert.deepEqual(await judge(admin, attach(arn)), []);
            }
            for (const name of ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"]) {
                assert.deepEqual(await judge(admin, attach(aws(name))), [
                    `it attaches ${name}. Attach a policy with the actions and resources that the workload needs. [${name}]`,
                ]);
            }
        });
    }
});

describe("iam-no-users-or-keys", () => {
    const mend = "Remove it, and let people and pipelines take a role: by IAM Identity Center, or by OpenID Connect.";
    for (const [type, fault] of [
        ["user:User", "is an IAM user"],
        ["accessKey:AccessKey", "is an access key"],
        ["userLoginProfile:UserLoginProfile", "is the password of an IAM user"],
        ["serviceSpecificCredential:ServiceSpecificCredential", "is a credential of an IAM user"],
        ["signingCertificate:SigningCertificate", "is a certificate of an IAM user"],
        ["sshKey:SshKey", "is an SSH key of an IAM user"],
        ["userGroupMembership:UserGroupMembership", "puts an IAM user into groups"],
        ["groupMembership:GroupMembership", "puts IAM users into a group"],
        ["userPolicy:UserPolicy", "is a policy of an IAM user"],
        ["userPolicyAttachment:UserPolicyAttachment", "attaches a policy to an IAM user"],
        ["userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "attaches policies to an IAM user"],
    ]) {
        it(`refuses a ${type.split(":")[1]}`, async () => {
            assert.deepEqual(await judge(users, { type: `aws:iam/${type}` }), [`it ${fault}. ${mend}`]);
        });
    }

    it("refuses a policy that is attached to users, and takes one that is attached to roles", async () => {
        const attach = (props: Record<string, unknown>) => ({
            type: "aws:iam/policyAttachment:PolicyAttachment",
            props,
        });
        assert.deepEqual(await judge(users, attach({ users: ["jo"] })), [`it attaches a policy to IAM users. ${mend}`]);
        assert.deepEqual(await judge(users, attach({ users: [], roles: ["orders"] })), []);
        assert.deepEqual(await judge(users, attach({ roles: UNKNOWN })), []);
        assert.deepEqual(await judge(users, attach({ users: UNKNOWN })), [
            "it could not be judged, since users is known only after a deployment. " +
                "Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:users]",
        ]);
    });
});
