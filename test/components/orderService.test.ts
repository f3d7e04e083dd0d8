import * as assert from "node:assert/strict";
import { RUN_SECONDS, LOST_SECONDS } from "../../handlers/orderService/sweepRules";
import { ORDER_TABLE } from "../../handlers/orderService/table/schema";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { planOf, projectFolder, resource, resourcesOfType } from "../support/plans";

describe("OrderService", () => {
    let dev: Plan;
    let prod: Plan;
    before(async () => {
        [dev, prod] = [await planOf("dev"), await planOf("prod")];
    });

    const variables = (plan: Plan, purpose: string) =>
        (
            resource(plan, "aws:lambda/function:Function", `orders-${purpose}-function`).inputs.environment as {
                variables: Record<string, string>;
            }
        ).variables;
    const container = (plan: Plan) =>
        JSON.parse(
            String(
                resource(plan, "aws:ecs/taskDefinition:TaskDefinition", "orders-process-task").inputs
                    .containerDefinitions,
            ),
        )[0] as { environment: { name: string; value: string }[]; name: string };
    const environmentOf = (plan: Plan) =>
        Object.fromEntries(container(plan).environment.map(({ name, value }) => [name, value]));

    it("declares the keys and indexes that the handlers read by", () => {
        const { inputs } = resource(dev, "aws:dynamodb/table:Table", "orders-table");
        const { byStatus, byDue } = ORDER_TABLE.indexes;

        assert.deepEqual(
            [inputs.hashKey, inputs.rangeKey, inputs.billingMode, inputs.ttl],
            ["owner", "id", "PAY_PER_REQUEST", { attributeName: "expires_at", enabled: true }],
        );
        assert.deepEqual(inputs.globalSecondaryIndexes, [
            { ...byStatus, projectionType: "KEYS_ONLY" },
            {
                ...{ name: "by_due", hashKey: "due_shard", rangeKey: "due_at" },
                ...{ projectionType: "INCLUDE", nonKeyAttributes: byDue.attributes },
            },
        ]);
        assert.deepEqual((inputs.attributes as { name: string }[]).map(({ name }) => name).sort(), [
            "due_at",
            "due_shard",
            "id",
            "owner",
            "owner_status",
        ]);
    });

    it("tells those that start tasks where: a public network with addresses in dev", () => {
        for (const purpose of ["create", "replace", "sweep"]) {
            const task = JSON.parse(variables(dev, purpose).TASK) as Record<string, unknown>;

            assert.deepEqual(
                { ...task, subnets: undefined, securityGroup: undefined },
                {
                    ...{ cluster: "quartet-dev-orders-process", family: "quartet-dev-orders-process" },
                    ...{ container: container(dev).name, assignPublicIp: true },
                    ...{ subnets: undefined, securityGroup: undefined },
                },
            );
            assert.equal((task.subnets as string[]).length, 2);
            assert.match(String(task.securityGroup), /^sg-/);
        }
        assert.equal(variables(dev, "create").QUEUE_URL, undefined);
    });

    it("hands orders to workers by a queue in prod, in a network without public addresses", () => {
        const url = "https://sqs.eu-west-1.amazonaws.com/222222222222/quartet-prod-orders-queue";

        for (const purpose of ["create", "replace", "sweep"]) {
            assert.equal(variables(prod, purpose).QUEUE_URL, url);
            assert.equal(variables(prod, purpose).TASK, undefined);
        }
        assert.equal(environmentOf(prod).QUEUE_URL, url);
        const { networkConfiguration } = resource(prod, "aws:ecs/service:Service", "orders-worker-service").inputs;
        assert.equal((networkConfiguration as { assignPublicIp: boolean }).assignPublicIp, false);
        const vpc = resource(prod, "awsx:ec2:Vpc", "orders-network-vpc").inputs;
        assert.deepEqual(vpc.natGateways, { strategy: "None" });
    });

    it("tells the container its table and the largest total", () => {
        assert.deepEqual(environmentOf(dev), { TABLE: "quartet-dev-orders", MOST_CENTS: "100000000" });
    });

    it("hides a message for longer than a container gives itself, and takes an order for lost only then, too", () => {
        const queue = resource(prod, "aws:sqs/queue:Queue", "orders-queue").inputs;

        assert.ok(Number(queue.visibilityTimeoutSeconds) > RUN_SECONDS);
        assert.ok(LOST_SECONDS > RUN_SECONDS);
    });

    it("learns of the end of its own cluster's tasks alone", () => {
        const { eventPattern } = resource(dev, "aws:cloudwatch/eventRule:EventRule", "orders-task-stopped-rule").inputs;

        assert.deepEqual(JSON.parse(String(eventPattern)), {
            source: ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            detail: {
                clusterArn: ["arn:aws:ecs:eu-west-1:111111111111:cluster/quartet-dev-orders-process"],
                lastStatus: ["STOPPED"],
            },
        });
    });

    it("refuses workers in a public network, and says why", async () => {
        const project = readProject(projectFolder, "dev");
        const orderService = { ...(project.config["quartet:orderService"] as object), way: "worker" };

        await assert.rejects(
            loadPlan({ ...project, config: { ...project.config, "quartet:orderService": orderService } }),
            /orders: `way: worker` needs `network: private`, since a service's tasks get no public addresses here\./,
        );
    });

    it("has no NAT gateway and no way in for its tasks, in either stack", () => {
        for (const plan of [dev, prod]) {
            assert.deepEqual(
                plan.resources.filter(({ type }) => /natGateway/i.test(type)),
                [],
            );
            const ingress = resourcesOfType(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
            const tasks = resource(plan, "aws:ec2/securityGroup:SecurityGroup", "orders-network-tasks").id;
            assert.deepEqual(
                ingress.filter(({ inputs }) => inputs.securityGroupId === tasks),
                [],
            );
        }
    });
});
