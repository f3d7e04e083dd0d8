import * as assert from "node:assert/strict";
import { rule as connect } from "../../../policy/rules/dsql/dsql-no-admin-connect";
import { rule as runTask } from "../../../policy/rules/ecs/ecs-run-task-scoped";
import { allow, failsClosed, policyOf, refuses, takes, unknown } from "../support/iamStatements";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;

describe("dsql-no-admin-connect", () => {
    const CLUSTERS = arn("dsql", "cluster/*");
    const named = { StringEquals: { "aws:ResourceTag/Name": "orders" } };

    takes(connect, {
        "a cluster": allow("dsql:DbConnect", arn("dsql", "cluster/abc")),
        "a cluster by its tag, as its id is not known yet": allow("DSQL:dbconnect", CLUSTERS, named),
        "other actions": allow(["dsql:GetCluster", "sqs:*"], "*"),
        "all but Aurora DSQL": { Effect: "Allow", NotAction: "dsql:*", Resource: "*" },
        "wildcards in resources that are no clusters": allow("dsql:DbConnect", [
            arn("dsql", "cluster/abc"),
            "arn:aws:s3:::*",
        ]),
    });

    const asAdmin = "allows dsql:DbConnectAdmin in statement 1 of policy [dsql:DbConnectAdmin]";
    const on = (element: string) => `allows dsql:DbConnect on ${element} in statement 1 of policy [dsql:DbConnect]`;
    refuses(connect, {
        "the administrator of a cluster": [allow("DSQL:dbconnectadmin", arn("dsql", "cluster/abc")), asAdmin],
        "a pattern that covers both": [allow("dsql:DbConnect*", CLUSTERS, named), asAdmin],
        "all of Aurora DSQL": [allow("dsql:*", CLUSTERS), asAdmin, on(CLUSTERS)],
        "all but other actions": [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }, asAdmin, on("*")],
        "all but a cluster": [
            { Effect: "Allow", Action: "dsql:DbConnect", NotResource: arn("dsql", "cluster/abc") },
            on("all but its NotResource"),
        ],
        "all resources with a tag": [allow("dsql:DbConnect", "*", named), on("*")],
        "part of an id": [allow("dsql:DbConnect", arn("dsql", "cluster/a*"), named), on(arn("dsql", "cluster/a*"))],
        "clusters of any region": [
            allow("dsql:DbConnect", "arn:aws:dsql:*:111111111111:cluster/*", named),
            on("arn:aws:dsql:*:111111111111:cluster/*"),
        ],
    });
    for (const condition of [
        ...[undefined, { StringLike: { "aws:ResourceTag/Name": "ord*" } }],
        { StringEquals: { "aws:ResourceTag/Name": ["orders", "uploads"] } },
        { StringEqualsIfExists: { "aws:ResourceTag/Name": "orders" } },
        { "ForAllValues:StringEquals": { "aws:ResourceTag/Name": "orders" } },
        { StringEquals: { "aws:PrincipalTag/Name": "orders" } },
    ]) {
        refuses(connect, {
            [`any cluster with ${JSON.stringify(condition) ?? "no condition"}`]: [
                allow("dsql:DbConnect", CLUSTERS, condition),
                on(CLUSTERS),
            ],
        });
    }

    it("says what to do", async () => {
        assert.deepEqual(await judge(connect, policyOf(allow("dsql:DbConnectAdmin", "*"))), [
            "orders allows dsql:DbConnectAdmin in statement 1 of policy. Allow dsql:DbConnect with a database role of the " +
                "workload's own, on the cluster's ARN or on cluster/* with a literal aws:ResourceTag by StringEquals. " +
                "[dsql:DbConnectAdmin]",
        ]);
    });

    failsClosed(connect, allow("dsql:DbConnect", CLUSTERS), "Condition");
});

describe("ecs-run-task-scoped", () => {
    const FAMILY = arn("ecs", "task-definition/orders:*");
    const inCluster = { ArnEquals: { "ecs:cluster": arn("ecs", "cluster/orders") } };

    takes(runTask, {
        "a family in a cluster": allow("ecs:RunTask", FAMILY, inCluster),
        "a family without revisions, by text": allow("ECS:starttask", arn("ecs", "task-definition/orders"), {
            StringEquals: { "ECS:Cluster": arn("ecs", "cluster/orders") },
        }),
        "other actions": allow(["ecs:StopTask", "ecs:RegisterTaskDefinition", "sqs:*"], "*"),
        "a resource that is no task definition": allow("ecs:*Task", arn("ecs", "task"), inCluster),
        "wildcards in resources that are no task definitions": allow(
            "ecs:*Task",
            [FAMILY, "arn:aws:s3:::*"],
            inCluster,
        ),
    });

    const on = (element: string) => `allows ecs:RunTask on ${element} in statement 1 of policy [ecs:RunTask]`;
    const anywhere = "allows ecs:RunTask in any cluster in statement 1 of policy [ecs:cluster]";
    for (const element of [
        "*",
        ...["*", "task-definition/*", "task-definition/*:1", "task-definition/ord*"].map((each) => arn("ecs", each)),
    ]) {
        refuses(runTask, { [element]: [allow("ecs:RunTask", element, inCluster), on(element)] });
    }
    for (const condition of [
        ...[undefined, { ArnLike: { "ecs:cluster": arn("ecs", "cluster/*") } }],
        ...["ArnEqualsIfExists", "ForAllValues:ArnEquals", "ArnNotEquals"].map((operator) => ({
            [operator]: { "ecs:cluster": arn("ecs", "cluster/orders") },
        })),
    ]) {
        refuses(runTask, {
            [`a family with ${JSON.stringify(condition) ?? "no condition"}`]: [
                allow("ecs:RunTask", FAMILY, condition),
                anywhere,
            ],
        });
    }
    refuses(runTask, {
        "all but a family": [
            { Effect: "Allow", Action: "ecs:RunTask", NotResource: FAMILY, Condition: inCluster },
            on("all but its NotResource"),
        ],
        "who may register what he runs": [
            allow(["ecs:StartTask", "ecs:Register*"], FAMILY, inCluster),
            "allows tasks to be started and ecs:RegisterTaskDefinition [ecs:RegisterTaskDefinition]",
        ],
    });

    it("says what to do", async () => {
        assert.deepEqual(await judge(runTask, policyOf(allow("ecs:RunTask", FAMILY))), [
            "orders allows ecs:RunTask in any cluster in statement 1 of policy. Name the task definition's family in " +
                "Resource, demand ecs:cluster with ArnEquals, and leave ecs:RegisterTaskDefinition to the deployment. " +
                "[ecs:cluster]",
        ]);
    });

    failsClosed(runTask, allow("ecs:RunTask", "*", inCluster), "Resource");

    const RUN = allow("ecs:RunTask", FAMILY, inCluster);
    const REGISTER = allow("ecs:RegisterTaskDefinition", "*");
    const role: Declared = {
        type: "aws:iam/role:Role",
        name: "role",
        props: {},
        outputs: { id: "orders", arn: UNKNOWN },
    };
    const rolePolicy = (name: string, statement: object, props: object = { role: "orders" }): Declared => ({
        type: "aws:iam/rolePolicy:RolePolicy",
        name,
        props: { ...props, policy: { Statement: statement } },
    });
    const managed: Declared = {
        type: "aws:iam/policy:Policy",
        name: "managed",
        props: { policy: { Statement: REGISTER } },
        outputs: { arn: "arn:aws:iam::111111111111:policy/managed" },
    };
    const attached = "arn:aws:iam::111111111111:policy/managed";
    const attachment = (kind: string, props: object, refers: Declared["refers"] = {}): Declared => ({
        type: `aws:iam/${kind[0].toLowerCase()}${kind.slice(1)}:${kind}`,
        name: "attachment",
        props: props as Record<string, unknown>,
        refers,
    });
    const ownTasks = `role allows tasks to be started and ecs:RegisterTaskDefinition. ${runTask.mend} [ecs:RegisterTaskDefinition]`;
    const run = rolePolicy("run", RUN);
    const joins: Readonly<Record<string, readonly Declared[]>> = {
        "two policies": [role, run, rolePolicy("register", REGISTER)],
        "an inline policy": [
            { ...role, props: { inlinePolicies: [{ name: "a", policy: JSON.stringify({ Statement: [REGISTER] }) }] } },
            run,
        ],
        "policies joined by an output that is unknown": [
            role,
            run,
            { ...rolePolicy("register", REGISTER, { role: UNKNOWN }), refers: { role: ["role"] } },
        ],
        "an attachment": [
            role,
            run,
            managed,
            attachment("RolePolicyAttachment", { role: "orders", policyArn: attached }),
        ],
        "an attachment by outputs that are unknown": [
            role,
            run,
            { ...managed, outputs: { arn: UNKNOWN } },
            attachment(
                "RolePolicyAttachment",
                { role: UNKNOWN, policyArn: UNKNOWN },
                { role: ["role"], policyArn: ["managed"] },
            ),
        ],
        "an attachment to some roles": [
            role,
            run,
            managed,
            attachment("PolicyAttachment", { roles: [UNKNOWN, "orders"], policyArn: attached }),
        ],
        "all attachments of the role": [
            role,
            run,
            managed,
            attachment("RolePolicyAttachmentsExclusive", { roleName: "orders", policyArns: [attached] }),
        ],
        managedPolicyArns: [{ ...role, props: { managedPolicyArns: [UNKNOWN, attached] } }, run, managed],
    };
    for (const [title, resources] of Object.entries(joins)) {
        it(`finds the right to register what a role may start in ${title}`, async () => {
            assert.deepEqual(await judgeStack(runTask, resources), [ownTasks]);
        });
    }

    const apart: Readonly<Record<string, readonly Declared[]>> = {
        "of two roles": [role, run, rolePolicy("register", REGISTER, { role: "other" })],
        "in a managed policy that nothing attaches": [role, run, managed],
        "in one policy, which is found when that is judged": [role, rolePolicy("run", [RUN, REGISTER])],
        "in a policy that denies": [role, run, rolePolicy("register", { ...REGISTER, Effect: "Deny" })],
        "in a policy beside one that is unknown, which is found when that is judged": [
            role,
            run,
            { ...rolePolicy("register", {}), props: { role: "orders", policy: UNKNOWN } },
        ],
    };
    for (const [title, resources] of Object.entries(apart)) {
        it(`does not join rights ${title}`, async () => {
            assert.deepEqual(await judgeStack(runTask, resources), []);
        });
    }

    it("finds both in one policy when that is judged, also of a group", async () => {
        const props = { policy: { Statement: [REGISTER, RUN] } };

        assert.deepEqual(await judge(runTask, { type: "aws:iam/groupPolicy:GroupPolicy", name: "role", props }), [
            ownTasks,
        ]);
    });

    it("does not pass a policy that is unknown", async () => {
        const props = { role: "orders", policy: UNKNOWN };

        assert.deepEqual(await judge(runTask, { type: "aws:iam/rolePolicy:RolePolicy", props }), [
            `it ${unknown("policy")}`,
        ]);
    });
});
