import * as assert from "node:assert/strict";
import { rule as escalation } from "../../../policy/rules/iam/iam-no-privilege-escalation";
import { allow, document, role, rolePolicy, unknown, unknownRolePolicy } from "../support/iamRoles";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

describe("iam-no-privilege-escalation", () => {
    const roles = "arn:aws:iam::111111111111:role/*";
    const passed = (service: string) => ({ Condition: { StringEquals: { "iam:PassedToService": service } } });
    const refusal = (actions: string, finding: string, who = "own") =>
        `${who} can give itself more rights with ${actions} on resources that nothing limits. ` +
        `Remove one of the actions, or name ARNs in the Resource of the first one. [${finding}]`;

    for (const [title, ...statements] of [
        ["no set of actions", allow(["iam:PassRole", "s3:PutObject"], "*")],
        ["passing a role by name", allow("iam:PassRole", "arn:aws:iam::111111111111:role/task"), allow("ecs:R*", "*")],
        ["a policy by name", allow("iam:CreatePolicyVersion", "arn:aws:iam::111111111111:policy/orders")],
        [
            "a set of which one action is denied",
            allow("iam:*", "*"),
            { Effect: "Deny", Action: "iam:*", Resource: "*" },
        ],
        [
            "roles to services that the other action is not of",
            allow("iam:PassRole", "*", passed("ecs-tasks.amazonaws.com")),
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
        ],
        [
            "roles that must get a boundary",
            allow("iam:PutRolePolicy", roles, {
                Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/boundary" } },
            }),
        ],
        ["an open resource of another service", allow(["iam:PassRole", "ec2:RunInstances"], "arn:aws:s3:::*")],
    ] as const) {
        it(`takes a policy about ${title}`, async () => {
            assert.deepEqual(await judge(escalation, rolePolicy(...statements)), []);
        });
    }

    const lambda = [
        "iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction",
        "PassExistingRoleToNewLambdaThenInvoke",
    ];
    for (const [title, [actions, finding], ...statements] of [
        ["one action", ["iam:PutRolePolicy", "PutRolePolicy"], allow("IAM:putrolepolicy", "*")],
        ["all roles of the account", ["iam:PutRolePolicy", "PutRolePolicy"], allow("iam:PutRolePolicy", roles)],
        ["a wildcard", ["iam:SetDefaultPolicyVersion", "SetExistingDefaultPolicyVersion"], allow("iam:SetD*", "*")],
        [
            "actions of which only the first is open",
            lambda,
            allow("iam:PassRole", "*"),
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "arn:aws:lambda:eu-west-1:1:function:own"),
        ],
        [
            "roles to the service of the other action",
            lambda,
            allow("iam:PassRole", "*", passed("lambda.amazonaws.com")),
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
        ],
        [
            "an action that a denial with a condition spares",
            ["iam:AddUserToGroup", "AddUserToGroup"],
            allow("iam:AddUserToGroup", "*"),
            { Effect: "Deny", Action: "iam:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        ],
        [
            "all but a NotAction on all but a NotResource",
            ["iam:AddUserToGroup", "AddUserToGroup"],
            {
                Effect: "Allow",
                NotAction: [
                    ...["iam:At*", "iam:C*", "iam:P*", "iam:S*", "iam:U*", "bedrock-agentcore:*", "cloudformation:*"],
                    ...["ec2:*", "ec2-instance-connect:*", "ecs:*", "glue:*", "lambda:*", "sagemaker:*"],
                ],
                NotResource: "arn:aws:s3:::x",
            },
        ],
    ] as const) {
        it(`refuses a policy about ${title}`, async () => {
            assert.deepEqual(await judge(escalation, rolePolicy(...statements)), [refusal(actions, finding)]);
        });
    }

    it("judges inline policies of a role, and the other statements beside one that can't be read", async () => {
        const statements = [{ Effect: "allow", Action: "x:y" }, allow("iam:PutRolePolicy", "*")];
        assert.deepEqual(await judge(escalation, role({ inlinePolicies: { policy: document(...statements) } })), [
            "role could not be judged: statement 1 of inlinePolicies[0].policy has no effect Allow or Deny. " +
                "Remove one of the actions, or name ARNs in the Resource of the first one. [unreadable]",
            refusal("iam:PutRolePolicy", "PutRolePolicy", "role"),
        ]);
    });

    it("does not take a policy that is known only after a deployment", async () => {
        assert.deepEqual(await judge(escalation, unknownRolePolicy), [`own ${unknown("policy")}`]);
    });

    const parts = [allow("iam:PassRole", "*"), allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*")];
    const managed = (...statements: unknown[]): Declared => ({
        type: "aws:iam/policy:Policy",
        name: "managed",
        props: { policy: document(...statements) },
        outputs: { arn: "arn:aws:iam::111111111111:policy/managed" },
    });
    const attachment = (props: object, refers = {}): Declared => ({
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "attachment",
        props: { ...props },
        refers,
    });
    for (const [title, ...resources] of [
        ["a policy of its own", role({ inlinePolicies: [{ policy: document(parts[0]) }] }), rolePolicy(parts[1])],
        [
            "a managed policy that is attached by its ARN",
            role(),
            rolePolicy(parts[0]),
            managed(parts[1]),
            attachment({ role: "orders", policyArn: "arn:aws:iam::111111111111:policy/managed" }),
        ],
        [
            "a managed policy that is attached by outputs",
            role(),
            rolePolicy(parts[0]),
            { ...managed(parts[1]), outputs: { arn: UNKNOWN } },
            attachment({ role: UNKNOWN, policyArn: UNKNOWN }, { role: ["role"], policyArn: ["managed"] }),
        ],
    ] as [string, ...Declared[]][]) {
        it(`sees what the documents of a role allow together with ${title}`, async () => {
            assert.deepEqual(await judgeStack(escalation, resources), [refusal(lambda[0], lambda[1], "role")]);
        });
    }

    it("tells what one document allows where it stands, and leaves policies of other roles aside", async () => {
        const attached = attachment({ role: "orders", policyArn: "arn:aws:iam::111111111111:policy/managed" });
        const others = [managed(allow("s3:GetObject", "*")), attached];
        assert.deepEqual(await judgeStack(escalation, [role(), rolePolicy(...parts), ...others]), []);
        const split = [role({ name: "other" }), rolePolicy(parts[0]), managed(parts[1]), attached];
        assert.deepEqual(await judgeStack(escalation, split), []);
    });

    it("does not take a role with a policy that the provider knows only after a deployment", async () => {
        const resources = [role({ inlinePolicies: [{ policy: document(parts[0]) }] }), unknownRolePolicy];
        assert.deepEqual(await judgeStack(escalation, resources), [`role ${unknown("policy")}`]);
        assert.deepEqual(await judgeStack(escalation, [role({}, { outputs: { inlinePolicies: UNKNOWN } })]), []);
    });
});
