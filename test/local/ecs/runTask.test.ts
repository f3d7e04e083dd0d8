import * as assert from "node:assert/strict";
import {
    ListTasksCommand,
    RunTaskCommand,
    StartTaskCommand,
    StopTaskCommand,
    type RunTaskCommandInput,
} from "@aws-sdk/client-ecs";
import { arnOf, task, worker } from "./support/definitions";
import { clusterArn, everything, onFargate, prefix, roleArn, startEcs, type EcsServer } from "./support/ecsServer";

const mayRun = (resource: string, cluster = clusterArn) => ({
    Effect: "Allow",
    Action: "ecs:RunTask",
    Resource: resource,
    Condition: { ArnEquals: { "ecs:cluster": cluster } },
});
const mayPass = (service = "ecs-tasks.amazonaws.com") => ({
    Effect: "Allow",
    Action: "iam:PassRole",
    Resource: [roleArn("task"), roleArn("execution")],
    Condition: { StringEquals: { "iam:PassedToService": service } },
});
const mayTag = { Effect: "Allow", Action: "ecs:TagResource", Resource: `${prefix}task/shop/*` };
const orders = `${prefix}task-definition/orders:*`;

describe("RunTask", () => {
    let server: EcsServer;

    before(async () => {
        server = await startEcs(
            [task("orders", "", {}, { tags: { team: "a" } }), task("other", ""), task("worker", worker)],
            {
                maxTasks: 3,
            },
        );
    });
    beforeEach(() => server.allow("starter", [everything]));
    after(() => server.close());

    const started = async (input: Partial<RunTaskCommandInput> = {}) => {
        const answer = await server.run("orders", input);
        await server.stopped(answer);
        return answer;
    };
    const refused = (input: Partial<RunTaskCommandInput>, name: string, message: RegExp) =>
        assert.rejects(server.run("orders", input), { name, message });

    it("runs a family, a revision and an ARN alike for a role that may run its revisions in the cluster", async () => {
        await server.allow("starter", [mayRun(orders), mayPass()]);

        for (const taskDefinition of ["orders", "orders:1", arnOf("orders")]) {
            const answer = await started({ taskDefinition });
            assert.equal(answer.taskDefinitionArn, arnOf("orders"));
            assert.equal(answer.lastStatus, "PROVISIONING");
        }
    });

    for (const [title, statements, message] of [
        [
            "without any statement",
            [],
            /^User: arn:aws:sts::.*\/starter\/s is not authorized to perform: ecs:RunTask on resource: .*orders:1/,
        ],
        [
            "for another family",
            [mayRun(`${prefix}task-definition/other:*`), mayPass()],
            /ecs:RunTask on resource: .*orders:1/,
        ],
        ["for another cluster", [mayRun(orders, `${prefix}cluster/else`), mayPass()], /ecs:RunTask/],
        ["without PassRole", [mayRun(orders)], /iam:PassRole on resource: .*role\/task/],
        ["with PassRole for another service", [mayRun(orders), mayPass("lambda.amazonaws.com")], /iam:PassRole/],
    ] as const) {
        it(`is refused ${title}`, async () => {
            await server.allow("starter", statements);

            await refused({}, "AccessDeniedException", message);
        });
    }

    it("asks PassRole for the roles of the overrides in place of the definition's", async () => {
        await server.allow("starter", [mayRun(orders), mayPass()]);

        await refused(
            { overrides: { taskRoleArn: roleArn("starter") } },
            "AccessDeniedException",
            /iam:PassRole on resource: .*role\/starter/,
        );
    });

    it("is refused when the task role does not trust ECS", async () => {
        await server.allow("task", [], "lambda.amazonaws.com");

        await refused({}, "ClientException", /^ECS was unable to assume the role '.*role\/task'/);

        await server.allow("task", [everything]);
    });

    it("asks TagResource where tags are given or propagated, and tags the task", async () => {
        await server.allow("starter", [mayRun(orders), mayPass()]);
        const tags = [{ key: "order", value: "1" }];
        await refused({ tags }, "AccessDeniedException", /ecs:TagResource/);
        await refused({ propagateTags: "TASK_DEFINITION" }, "AccessDeniedException", /ecs:TagResource/);
        await server.allow("starter", [mayRun(orders), mayPass(), mayTag]);

        const answer = await started({ tags, propagateTags: "TASK_DEFINITION" });

        assert.deepEqual(answer.tags, [{ key: "team", value: "a" }, ...tags]);
    });

    for (const [title, input, name, message] of [
        ["an unknown cluster", { cluster: "none" }, "ClusterNotFoundException", /^Cluster not found\.$/],
        ["an unknown family", { taskDefinition: "none" }, "InvalidParameterException", /^TaskDefinition not found\.$/],
        [
            "no network",
            { networkConfiguration: undefined },
            "InvalidParameterException",
            /^Network Configuration must be provided/,
        ],
        ["no launch type", { launchType: undefined }, "InvalidParameterException", /^No Container Instances/],
        ["more than 10 tasks", { count: 11 }, "InvalidParameterException", /count/],
        ["a client token with a blank", { clientToken: "a b" }, "InvalidParameterException", /clientToken/],
        ["a sign in startedBy", { startedBy: "a#b" }, "InvalidParameterException", /startedBy/],
        [
            "an override of no container",
            { overrides: { containerOverrides: [{ name: "x" }] } },
            "InvalidParameterException",
            /^Override for container named x is not a container/,
        ],
        [
            "overrides of more than 8192 characters",
            { overrides: { containerOverrides: [{ name: "main", command: ["x".repeat(8192)] }] } },
            "InvalidParameterException",
            /^Container Overrides length must be at most 8192$/,
        ],
        ["what is not served", { enableExecuteCommand: true }, "UnsupportedFeatureException", /enableExecuteCommand/],
    ] as const) {
        it(`refuses ${title}`, () => refused(input as Partial<RunTaskCommandInput>, name, message));
    }

    it("answers a repeated client token with the same task, and starts no second one", async () => {
        const clientToken = "order-1";
        const first = await started({ clientToken });

        const second = await server.run("orders", { clientToken });

        assert.equal(second.taskArn, first.taskArn);
        assert.equal(second.lastStatus, "STOPPED");
    });

    it("refuses a client token with another request, naming the task that it started", async () => {
        const clientToken = "order-2";
        const first = await started({ clientToken });

        await assert.rejects(server.run("orders", { clientToken, startedBy: "else" }), {
            name: "ConflictException",
            resourceIds: [first.taskArn],
        });
    });

    it("reports what there is no capacity for as failures, with HTTP 200, and takes the token again later", async () => {
        const input = { ...onFargate, taskDefinition: "worker", count: 3, startedBy: "load" };
        const full = await server.client.send(new RunTaskCommand(input));

        const none = await server.client.send(
            new RunTaskCommand({ ...onFargate, taskDefinition: "orders", clientToken: "order-3" }),
        );

        assert.deepEqual([full.tasks?.length, full.failures], [3, []]);
        assert.deepEqual(none.tasks, []);
        assert.match(none.failures?.[0].reason ?? "", /^Capacity is unavailable at this time\. Please try again later/);
        const stops = full.tasks!.map((one) => server.stopped(one));
        const { taskArns = [] } = await server.client.send(
            new ListTasksCommand({ cluster: "shop", startedBy: "load" }),
        );
        assert.deepEqual(
            taskArns,
            full.tasks?.map(({ taskArn }) => taskArn),
        );
        for (const arn of taskArns) await server.client.send(new StopTaskCommand({ cluster: "shop", task: arn }));
        await Promise.all(stops);
        await started({ clientToken: "order-3" });
    });

    it("lists running tasks by default, and stopped ones by family", async () => {
        const { taskArn } = await started({ taskDefinition: "other" });

        const running = await server.client.send(new ListTasksCommand({ cluster: "shop", family: "other" }));
        const stopped = await server.client.send(
            new ListTasksCommand({ cluster: "shop", family: "other", desiredStatus: "STOPPED" }),
        );

        assert.deepEqual(running.taskArns, []);
        assert.deepEqual(stopped.taskArns, [taskArn]);
    });

    it("is the only way to start tasks: other operations are refused by name", async () => {
        const command = new StartTaskCommand({ taskDefinition: "orders", containerInstances: ["i"] });

        await assert.rejects(server.client.send(command), { message: /does not serve the operation StartTask of ECS/ });
    });
});
