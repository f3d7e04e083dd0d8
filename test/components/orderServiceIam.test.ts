import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";
import { logAndTraces, policyOf, stacks, tlsOnly } from "./support/policies";

// Proves what is asked of AWS, not that AWS accepts it.

for (const { stack, account } of stacks) {
    describe(`IAM of OrderService in ${stack}`, () => {
        let plan: Plan;
        before(async () => {
            plan = await planOf(stack);
        });

        const arn = (service: string, of: string) => `arn:aws:${service}:eu-west-1:${account}:${of}`;
        const role = (of: string) => `arn:aws:iam::${account}:role/quartet-${stack}-orders-${of}`;
        const table = arn("dynamodb", `table/quartet-${stack}-orders`);
        const queue = arn("sqs", `quartet-${stack}-orders-queue`);
        const cluster = arn("ecs", `cluster/quartet-${stack}-orders-process`);
        const logGroup = arn("logs", `log-group:/aws/ecs/quartet-${stack}-orders-process:*`);
        const allow = (Sid: string, Action: string | string[], Resource: string | string[], Condition?: object) => ({
            ...{ Sid, Effect: "Allow", Action, Resource },
            ...(Condition && { Condition }),
        });
        const inCluster = { ArnEquals: { "ecs:cluster": cluster } };

        const changeOrders = allow("ChangeOrders", ["dynamodb:UpdateItem"], table);
        const findDue = allow("FindDueOrders", ["dynamodb:Query"], `${table}/index/by_due`);
        const start =
            stack === "dev"
                ? [
                      allow(
                          "RunTask",
                          "ecs:RunTask",
                          arn("ecs", `task-definition/quartet-${stack}-orders-process:*`),
                          inCluster,
                      ),
                      allow("PassRolesToTask", "iam:PassRole", [role("process-role"), role("process-execution")], {
                          StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
                      }),
                  ]
                : [allow("QueueCommands", "sqs:SendMessage", queue)];
        const takeCommands = allow("TakeCommands", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], queue);

        const may = (purpose: string, ...allowed: unknown[]) =>
            assert.deepEqual(policyOf(plan, `orders-${purpose}`), [
                ...logAndTraces(account, `quartet-${stack}-orders-${purpose}`),
                ...allowed,
            ]);

        it("lets the authorizer do nothing but write its log and traces", () => {
            may("authorize");
        });

        it("lets what takes orders store them and start their processing", () => {
            may("create", allow("StoreOrders", ["dynamodb:PutItem"], table), ...start);
        });

        it("lets what replaces orders change them and start their processing, and what deletes them change them", () => {
            may("replace", changeOrders, ...start);
            may("delete", changeOrders);
        });

        it("lets what lists orders query them, and keep the secret of cursors, but scan nothing", () => {
            may(
                "list",
                allow("ListOrders", ["dynamodb:Query", "dynamodb:BatchGetItem"], table),
                allow("ListByStatus", ["dynamodb:Query"], `${table}/index/by_status`),
                allow("KeepCursorSecret", ["dynamodb:GetItem", "dynamodb:PutItem"], table, {
                    "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["#secrets"] },
                }),
            );
            may("get", allow("ReadOrders", ["dynamodb:GetItem"], table));
        });

        it("lets what learns of stopped tasks change orders, and find those of a worker", () => {
            may("stopped", changeOrders, ...(stack === "dev" ? [] : [findDue]));
        });

        it("lets the sweep find what is due, change it, start it again and stop tasks of its cluster", () => {
            may(
                ...(["sweep", findDue, changeOrders] as const),
                allow("StopTask", "ecs:StopTask", arn("ecs", `task/quartet-${stack}-orders-process/*`), inCluster),
                ...start,
            );
        });

        it("lets the container change orders, and take its commands where they come by a queue", () => {
            assert.deepEqual(policyOf(plan, "orders-process-role"), [
                changeOrders,
                ...(stack === "dev" ? [] : [takeCommands]),
            ]);
        });

        it("lets ECS pull the one image and write the one log for it", () => {
            assert.deepEqual(policyOf(plan, "orders-process-execution"), [
                allow("LogInToRegistry", "ecr:GetAuthorizationToken", "*"),
                allow(
                    "PullImage",
                    ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    arn("ecr", `repository/quartet-${stack}-orders-image`),
                ),
                allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], logGroup),
            ]);
        });

        it("lets through the network's endpoints what the task and ECS do, and nothing else", () => {
            const policies = Object.fromEntries(
                resourcesOfType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name, inputs }) => [
                    name.replace("orders-network-", ""),
                    statements(inputs.policy),
                ]),
            );
            const by = (of: string, statement: object) => ({
                ...statement,
                Principal: "*",
                Condition: { ArnEquals: { "aws:PrincipalArn": [role(of)] } },
            });

            assert.deepEqual(policies.dynamodb, [by("process-role", changeOrders)]);
            assert.deepEqual(Object.keys(policies).sort(), [
                ...(stack === "dev" ? ["dynamodb", "s3"] : ["dynamodb", "ecr-api", "ecr-dkr", "logs", "s3", "sqs"]),
            ]);
            if (stack === "prod") {
                assert.deepEqual(policies.sqs, [by("process-role", takeCommands)]);
                assert.deepEqual(policies.logs, [
                    by("process-execution", allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], logGroup)),
                ]);
            }
        });

        if (stack === "prod") {
            it("opens the queues to nobody and to no connection without TLS", () => {
                for (const [name, of] of [
                    ["orders-queue", queue],
                    ["orders-queue-dead-letters", `${queue}-dead-letters`],
                ]) {
                    const { policy } = resource(plan, "aws:sqs/queuePolicy:QueuePolicy", `${name}-policy`).inputs;
                    assert.deepEqual(statements(policy), tlsOnly("sqs", of));
                }
            });
        }
    });
}
