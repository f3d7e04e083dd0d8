import * as assert from "node:assert/strict";
import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { predict } from "../../../plan/outputs/predict";
import { resource } from "../iam/support/resources";
import { toTaskDefinition } from "../../../local/services/ecs/taskDefinition";
import { arnOf, containerOf, service, task, taskOf } from "./support/definitions";
import { account, clusterArn, prefix, region, startEcs } from "./support/ecsServer";

describe("ECS task definitions", () => {
    const main = containerOf({});

    for (const [title, containers, inputs, message] of [
        ["another launch type", [main], { requiresCompatibilities: ["EC2"] }, /has Fargate only/],
        ["another network mode", [main], { networkMode: "bridge" }, /Fargate only supports network mode/],
        [
            "a size that Fargate has not",
            [main],
            { memory: "4096" },
            /No Fargate configuration exists for given values: 256 CPU, 4096/,
        ],
        [
            "a log without an execution role",
            [main],
            { executionRoleArn: undefined },
            /to have execution role ARN to support log driver awslogs/,
        ],
        [
            "Windows",
            [main],
            { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } },
            /no containers of WINDOWS/,
        ],
        ["EFS", [main], { volumes: [{ name: "v", efsVolumeConfiguration: {} }] }, /volume v: /],
        ["no containers", [], {}, /at least one container/],
        ["none that is essential", [containerOf({ essential: false })], {}, /essential/],
        ["two of a name", [main, main], {}, /unique/],
        [
            "secrets",
            [containerOf({ secrets: [{ name: "A", valueFrom: "arn" }] })],
            {},
            /container main: secrets is not supported/,
        ],
        ["a long stopTimeout", [containerOf({ stopTimeout: 121 })], {}, /at most 120 seconds/],
        ["more memory than the task's", [containerOf({ memory: 1024 })], {}, /memory is more than the task's/],
        ["another log driver", [containerOf({ logConfiguration: { logDriver: "splunk" } })], {}, /awslogs, not splunk/],
        [
            "a log without a prefix",
            [containerOf({ logConfiguration: { logDriver: "awslogs", options: {} } })],
            {},
            /awslogs-stream-prefix/,
        ],
    ] as const) {
        it(`are refused with ${title}`, () => {
            assert.throws(() => toTaskDefinition(taskOf("shop", containers, inputs)), { message });
        });
    }

    it("take sizes in vCPU and GB", () => {
        const { cpu, memory } = toTaskDefinition(taskOf("shop", [main], { cpu: "0.5 vCPU", memory: "1 GB" }));

        assert.deepEqual([cpu, memory], ["512", "1024"]);
    });

    it("are described as they were declared, and unknown ones are refused in ECS's words", async () => {
        const server = await startEcs([task("shop", "", { cpu: 10 })]);
        const describe = (taskDefinition: string) =>
            server.client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));

        const { taskDefinition } = await describe("shop");

        assert.equal(taskDefinition?.taskDefinitionArn, arnOf("shop"));
        assert.deepEqual([taskDefinition.revision, taskDefinition.containerDefinitions?.[0].cpu], [1, 10]);
        await assert.rejects(describe("shop:2"), {
            name: "ClientException",
            message: "Unable to describe task definition.",
        });
        await server.close();
    });

    it("that are not declared stop a service from being applied", async () => {
        await assert.rejects(startEcs([service("web", "none", 1)]), /the task definition .*none:1 is not declared/);
    });
});

describe("predictions of ECS", () => {
    const predicted = (type: string, inputs: Record<string, unknown>) =>
        predict({ ...resource(type, inputs), name: "shop", account, region });

    it("give clusters, task definitions and services the ARNs that AWS would", () => {
        const cluster = predicted("aws:ecs/cluster:Cluster", { name: "shop" });
        const definition = predicted("aws:ecs/taskDefinition:TaskDefinition", { family: "orders" });
        const web = predicted("aws:ecs/service:Service", { name: "web", cluster: clusterArn });

        assert.deepEqual([cluster.id, cluster.outputs.arn], [clusterArn, clusterArn]);
        assert.deepEqual([definition.id, definition.outputs.arn], ["orders", arnOf("orders")]);
        assert.equal(definition.outputs.arnWithoutRevision, `${prefix}task-definition/orders`);
        assert.deepEqual([web.id, web.outputs.arn], [`${prefix}service/shop/web`, `${prefix}service/shop/web`]);
    });
});
