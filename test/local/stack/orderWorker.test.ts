import * as assert from "node:assert/strict";
import * as util from "node:util";
import type * as ecs from "@aws-sdk/client-ecs";
import * as sqs from "@aws-sdk/client-sqs";
import { eventually } from "./support/eventually";
import { startFaultyStack, type Containers } from "./support/faultyContainers";
import type { Fault } from "./support/faultyProgram";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, type OrderClient } from "./support/orders";
import { startStack, type Stack } from "./support/stack";

describe("OrderService of prod, where workers process orders", function () {
    this.timeout(60_000);
    let stack: Stack;
    let containers: Containers;
    let client: OrderClient;
    let operator: OrderOperator;
    let queues: sqs.SQSClient;
    before(async () => {
        ({ stack, containers } = await startFaultyStack({ stack: "prod" }));
        client = orderClient(stack);
        operator = orderOperator(stack);
        const { endpoint, region, ...credentials } = stack.adminCredentials;
        queues = new sqs.SQSClient({ endpoint, region, credentials });
    });
    afterEach(() => containers.fail());
    after(async () => {
        queues.destroy();
        operator.close();
        await stack.end();
    });

    const queueUrl = (name = "orders-queue") =>
        stack.run.localise(
            stack.run.plan.resources.find((one) => one.type === "aws:sqs/queue:Queue" && one.name === name)!.id,
        );
    const messages = async (name?: string) => {
        const { Attributes } = await queues.send(
            new sqs.GetQueueAttributesCommand({ QueueUrl: queueUrl(name), AttributeNames: ["All"] }),
        );
        const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes!;
        return { waiting: Number(waiting), inFlight: Number(inFlight) };
    };
    const NONE = { waiting: 0, inFlight: 0 };
    const queueIsEmpty = () =>
        eventually("the queue is empty", async () => util.isDeepStrictEqual(await messages(), NONE));
    /** How soon a message comes again that a dead worker had; in the stack it is two minutes. */
    const comesAgainAfter = (seconds: number) =>
        queues.send(
            new sqs.SetQueueAttributesCommand({
                QueueUrl: queueUrl(),
                Attributes: { VisibilityTimeout: String(seconds) },
            }),
        );
    const working = async () => (await operator.tasks()).filter(({ desiredStatus }) => desiredStatus === "RUNNING");
    /** Ends the workers that there are, and answers the one that takes their place, once it runs. */
    const replaceWorkers = async (): Promise<ecs.Task> => {
        const before = await working();
        await Promise.all(before.map(operator.stopTask));
        return eventually("another worker runs", async () => {
            const [task] = await working();
            return task?.lastStatus === "RUNNING" && !before.some(({ taskArn }) => taskArn === task.taskArn) && task;
        });
    };
    const faultyWorker = (kind: Fault["kind"], at: Fault["at"]) => {
        containers.fail({ faults: [{ kind, at }], hold: true });
        return replaceWorkers();
    };
    const accept = (count: number) => Promise.all(Array.from({ length: count }, () => client.accepted()));
    const allEnded = (ids: readonly string[]) => Promise.all(ids.map((id) => client.ended(id, 30)));

    it("has no worker until an order comes, which starts one", async () => {
        const before = await operator.tasks();

        const { status, total_cents, version } = await client.ended(await client.accepted());

        const [worker, ...others] = await operator.tasks();
        assert.deepEqual(before, []);
        assert.deepEqual([status, total_cents, version], ["confirmed", 950, 3]);
        assert.deepEqual(others, []);
        assert.equal(worker.group, "service:quartet-prod-orders-worker");
    });

    it("confirms 100 orders at once, each once, and leaves no message", async () => {
        const orders = await allEnded(await accept(100));

        assert.deepEqual([...new Set(orders.map(({ status, version }) => `${status} ${version}`))], ["confirmed 3"]);
        await queueIsEmpty();
    });

    it("lets a worker that is told to end bring to its end what it has begun", async () => {
        const worker = await faultyWorker("pause", "take");
        const ids = await accept(20);
        await eventually("it is at work", async () => (await messages()).inFlight > 0);

        await operator.stopTask(worker);
        containers.fail();

        const orders = await allEnded(ids);
        assert.deepEqual([...new Set(orders.map(({ status, version }) => `${status} ${version}`))], ["confirmed 3"]);
        const { containers: ended } = (await operator.tasks()).find(({ taskArn }) => taskArn === worker.taskArn)!;
        assert.equal(ended![0].exitCode, 0);
    });

    it("lets the orders fail that a killed worker had, leaves none open, and goes on with another worker", async () => {
        await comesAgainAfter(3);
        const killed = await faultyWorker("kill", "finish");
        const ids = await accept(40);
        await eventually("the worker is dead", async () =>
            (await operator.tasks()).some(
                ({ taskArn, lastStatus }) => taskArn === killed.taskArn && lastStatus === "STOPPED",
            ),
        );
        containers.fail();

        const orders = await allEnded(ids);
        const next = await client.ended(await client.accepted());

        const failed = orders.filter(({ status }) => status === "failed");
        assert.ok(failed.length > 0 && failed.length < 40, `${failed.length} failed`);
        for (const { status, reason, version } of orders) {
            assert.equal(version, 3, "taken once, and ended once");
            assert.equal(status === "failed" ? reason : status, status === "failed" ? DEAD : "confirmed");
        }
        assert.equal(next.status, "confirmed");
        await queueIsEmpty();
        assert.deepEqual(await messages("orders-queue-dead-letters"), NONE);
        await comesAgainAfter(120);
    });

    it("ends by the sweep a worker that hangs, and goes on with another", async () => {
        const hanging = await faultyWorker("hang", "finish");
        const id = await client.accepted();
        await client.until(id, "processing");
        containers.fail();
        await operator.makeDue(id);

        await operator.sweep();

        const { status, reason } = await client.ended(id);
        assert.deepEqual([status, reason], ["failed", "The container took too long, or was lost"]);
        assert.equal((await client.ended(await client.accepted())).status, "confirmed");
        const { stoppedReason } = (await operator.tasks()).find(({ taskArn }) => taskArn === hanging.taskArn)!;
        assert.equal(stoppedReason, "It has an order for too long");
    });

    it("was never refused anything by IAM", () => {
        assert.deepEqual(
            stack.printed.filter((line) => /not authorized|denied/i.test(line)),
            [],
        );
    });

    it("goes on after a restart of the local run with what workers had and what waited in the queue", async () => {
        await comesAgainAfter(3);
        await faultyWorker("hang", "finish");
        const ids = await accept(15);
        await eventually("an order is taken", async () => {
            const { json } = await client.list({ status: "processing" });
            return json.items.length > 0;
        });
        await stack.end(true);
        containers.fail();

        stack = await startStack({ stack: "prod", folder: containers.folder, stateFolder: stack.stateFolder });
        client = orderClient(stack);

        const orders = await allEnded(ids);
        const ends = new Set(orders.map(({ status, reason }) => reason ?? status));
        assert.deepEqual([...ends].sort(), ["The container was ended by the platform it ran on", "confirmed"]);
        assert.deepEqual([...new Set(orders.map(({ version }) => version))], [3]);
    });
});

const DEAD = "The container ended with exit code 137";
