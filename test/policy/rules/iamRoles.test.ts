import * as assert from "node:assert/strict";
import { rule as boundary } from "../../../policy/rules/iam/iam-permissions-boundary";
import { rule as conflicts } from "../../../policy/rules/iam/iam-role-policy-conflicts";
import { rule as singleService } from "../../../policy/rules/iam/iam-role-single-service";
import { allow, document, role, rolePolicy, unknown, unknownRolePolicy } from "../support/iamRoles";
import { judgeStack, UNKNOWN, type Declared } from "../support/judge";

describe("iam-role-policy-conflicts", () => {
    const mend = "Remove inlinePolicies and managedPolicyArns of the role, and keep the resources.";
    const rivals: [string, Record<string, unknown>, Declared][] = [
        ["inlinePolicies", { inlinePolicies: [{}] }, rolePolicy()],
        [
            "inlinePolicies",
            { inlinePolicies: [{}] },
            { type: "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", name: "own", props: { roleName: "orders" } },
        ],
        [
            "managedPolicyArns",
            { managedPolicyArns: [] },
            {
                type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                name: "own",
                props: { role: UNKNOWN },
                refers: { role: ["role"] },
            },
        ],
        [
            "managedPolicyArns",
            { managedPolicyArns: UNKNOWN },
            { type: "aws:iam/policyAttachment:PolicyAttachment", name: "own", props: { roles: ["x", "orders"] } },
        ],
        [
            "managedPolicyArns",
            { managedPolicyArns: [] },
            {
                type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
                name: "own",
                props: { roleName: "orders" },
            },
        ],
    ];
    for (const [property, props, rival] of rivals) {
        it(`refuses a role with ${property} that a ${rival.type.split(":")[2]} names`, async () => {
            assert.deepEqual(await judgeStack(conflicts, [role(props), rival]), [
                `role has ${property}, and gets policies by own besides. ${mend} [own]`,
            ]);
        });

        it(`takes a role that a ${rival.type.split(":")[2]} names, and one with ${property} that none does`, async () => {
            const outputs = { inlinePolicies: UNKNOWN, managedPolicyArns: ["arn:aws:iam::1:policy/x"] };
            assert.deepEqual(await judgeStack(conflicts, [role({}, { outputs }), rival]), []);
            const other = { ...rival, refers: {}, props: { role: "x", roleName: "x", roles: ["x"] } };
            assert.deepEqual(await judgeStack(conflicts, [role(props), other]), []);
        });
    }
});

describe("iam-permissions-boundary", () => {
    const fault =
        "role may create roles by statement 1 of policy, and has no permissions boundary. " +
        "Set permissionsBoundary of the role, or demand iam:PermissionsBoundary where iam:CreateRole is allowed.";

    it("wants a boundary for a role that may create roles", async () => {
        const creates = rolePolicy(allow("iam:Create*", "arn:aws:iam::111111111111:role/app-*"));
        assert.deepEqual(await judgeStack(boundary, [role(), creates]), [fault]);
        assert.deepEqual(await judgeStack(boundary, [role({ permissionsBoundary: UNKNOWN }), creates]), []);
        assert.deepEqual(await judgeStack(boundary, [role(), rolePolicy(allow("iam:GetRole", "*"))]), []);
        const denied = { ...allow("iam:CreateRole", "*"), Effect: "Deny" };
        assert.deepEqual(await judgeStack(boundary, [role(), rolePolicy(denied)]), []);
        const condition = { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/boundary" } };
        const limited = rolePolicy(allow("iam:CreateRole", "*", { Condition: condition }));
        assert.deepEqual(await judgeStack(boundary, [role(), limited]), []);
    });

    it("does not take a role with a policy that is known only after a deployment", async () => {
        assert.deepEqual(await judgeStack(boundary, [role(), unknownRolePolicy]), [`role ${unknown("policy")}`]);
    });
});

describe("iam-role-single-service", () => {
    const trust = (...services: string[]) => ({
        assumeRolePolicy: document({ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" }),
    });
    const worker = (type: string, name: string, props: object, refers = {}): Declared => ({
        type: `aws:${type}`,
        name,
        props: { ...props },
        refers,
    });
    const mend = "Give each of them a role of its own.";

    it("takes a role of one service and one function, be that at the edge or with a region", async () => {
        for (const services of [
            ["lambda", "edgelambda"],
            ["logs.eu-west-1", "logs.us-east-1", "logs"],
        ]) {
            const own = role(trust(...services.map((service) => `${service}.amazonaws.com`)));
            const user = worker("lambda/function:Function", "a", { role: "arn:aws:iam::111111111111:role/orders" });
            const other = worker("lambda/function:Function", "b", { role: "arn:aws:iam::111111111111:role/x-orders" });
            assert.deepEqual(await judgeStack(singleService, [own, user, other]), []);
        }
    });

    it("leaves services aside that a denial names", async () => {
        const statements = ["Allow", "Deny"].map((Effect) => ({
            Effect,
            Action: "sts:AssumeRole",
            Principal: { Service: Effect === "Allow" ? "lambda.amazonaws.com" : "ec2.amazonaws.com" },
        }));
        assert.deepEqual(await judgeStack(singleService, [role({ assumeRolePolicy: document(...statements) })]), []);
    });

    it("refuses a role of several services, in one statement or in several", async () => {
        const { assumeRolePolicy } = trust("lambda.amazonaws.com", "ecs-tasks.amazonaws.com");
        const [both] = assumeRolePolicy.Statement as { Principal: { Service: string[] } }[];
        const split = both.Principal.Service.map((Service) => ({ ...both, Principal: { Service } }));
        for (const statements of [[both], split]) {
            assert.deepEqual(await judgeStack(singleService, [role({ assumeRolePolicy: document(...statements) })]), [
                `role may be taken by ecs-tasks and lambda. ${mend} [services]`,
            ]);
        }
    });

    for (const [title, users] of [
        [
            "by ARN",
            [{ role: "arn:aws:iam::111111111111:role/orders" }, { taskRoleArn: "arn:aws:iam::1:role/x/orders" }],
        ],
        ["by output", [{ role: UNKNOWN }, { executionRoleArn: UNKNOWN }]],
    ] as const) {
        it(`refuses a role that a function and a task definition name ${title}`, async () => {
            const resources = [
                role(trust("lambda.amazonaws.com")),
                worker("lambda/function:Function", "a", users[0], title === "by output" ? { role: ["role"] } : {}),
                worker(
                    "ecs/taskDefinition:TaskDefinition",
                    "b",
                    users[1],
                    title === "by output" ? { executionRoleArn: ["role"] } : {},
                ),
            ];
            assert.deepEqual(await judgeStack(singleService, resources), [
                `role is the role of a and b. ${mend} [shared]`,
            ]);
        });
    }

    it("does not take a trust policy that is known only after a deployment", async () => {
        assert.deepEqual(await judgeStack(singleService, [role({ assumeRolePolicy: UNKNOWN })]), [
            `role ${unknown("assumeRolePolicy")}`,
        ]);
    });
});
