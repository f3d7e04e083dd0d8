import * as assert from "node:assert/strict";
import type * as ecs from "@aws-sdk/client-ecs";
import { eventually } from "./support/eventually";
import { NO_FAULTS, startFaultyStack, type Containers } from "./support/faultyContainers";
import type { Fault } from "./support/faultyProgram";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type OrderClient } from "./support/orders";
import type { Stack } from "./support/stack";

describe("OrderService, when a container fails", () => {
    let stack: Stack;
    let containers: Containers;
    let client: OrderClient;
    let operator: OrderOperator;
    before(async () => {
        ({ stack, containers } = await startFaultyStack());
        client = orderClient(stack);
        operator = orderOperator(stack);
    });
    afterEach(() => containers.fail());
    after(async () => {
        operator.close();
        await stack.end();
    });

    /** An order whose container has the fault. */
    const orderWith = async (kind: Fault["kind"], at: Fault["at"]) => {
        containers.fail({ faults: [{ kind, at }] });
        return client.accepted();
    };
    const runningTask = async (id: string): Promise<ecs.Task> => {
        const [task] = await eventually("its task runs", async () => {
            const tasks = await operator.tasks(id);
            return tasks[0]?.lastStatus === "RUNNING" && tasks;
        });
        return task;
    };

    // Versions: 1 stored, 2 taken, and one more for the failure.
    const CASES: [string, Fault, { reason: string; version: number; exitCode: number }][] = [
        [
            "exits before it takes the order",
            { kind: "exit", at: "start" },
            { reason: "The container ended with exit code 3", version: 2, exitCode: 3 },
        ],
        [
            "is killed before it takes the order",
            { kind: "kill", at: "take" },
            { reason: "The container ended with exit code 137", version: 2, exitCode: 137 },
        ],
        [
            "is killed after it took the order",
            { kind: "kill", at: "finish" },
            { reason: "The container ended with exit code 137", version: 3, exitCode: 137 },
        ],
        [
            "runs out of memory with the order",
            { kind: "fill", at: "finish" },
            { reason: "The container ran out of memory", version: 3, exitCode: 137 },
        ],
    ];
    for (const [what, fault, expected] of CASES) {
        it(`lets an order fail at once, with the reason, whose container ${what}`, async () => {
            const id = await orderWith(fault.kind, fault.at);

            const { status, reason, total_cents, version } = await client.ended(id);

            const [task] = await operator.stoppedTasks(id, 1);
            const { exitCode } = task.containers![0];
            assert.deepEqual(
                { status, reason, total_cents, version, exitCode },
                {
                    ...{ status: "failed", total_cents: null },
                    ...expected,
                },
            );
        });
    }

    it("lets an order fail whose image is not there, and says nothing of images or accounts to the client", async () => {
        const failed = await containers.withoutImage(async () => client.ended(await client.accepted()));

        const [{ stopCode, stoppedReason }] = await operator.stoppedTasks(failed.order_id, 1);
        assert.deepEqual(
            [failed.status, failed.reason, failed.version],
            ["failed", "The container's image could not be pulled", 2],
        );
        assert.equal(stopCode, "TaskFailedToStart");
        assert.match(stoppedReason!, /^CannotPullContainerError/);
    });

    for (const [what, at, status, version] of [
        ["before it was taken", "take", "pending", 2],
        ["after it was taken", "finish", "processing", 3],
    ] as const) {
        it(`lets an order fail whose task somebody stops ${what}`, async () => {
            const id = await orderWith("hang", at);
            const task = await runningTask(id);
            await client.until(id, status);

            await operator.stopTask(task);

            const failed = await client.ended(id);
            assert.deepEqual([failed.status, failed.reason], ["failed", "The container was stopped by somebody"]);
            assert.equal(failed.version, version);
        });
    }

    it("leaves an order confirmed whose container is killed when all was done", async () => {
        const events = await operator.countLogged("stopped", REPORT);
        const id = await orderWith("kill", "end");
        const [task] = await operator.stoppedTasks(id, 1);

        await operator.logged("stopped", REPORT, events + 1);

        assert.equal(task.containers![0].exitCode, 137);
        const { status, version } = await client.ended(id);
        assert.deepEqual([status, version], ["confirmed", 3]);
    });

    it("processes a failed order anew by PUT, and starts nothing anew for its Idempotency-Key", async () => {
        containers.fail({ faults: [{ kind: "exit", at: "start" }] });
        const headers = { "idempotency-key": "fails at first" };
        const { json } = await client.create(TEA, headers);
        await client.ended(json.order_id);
        containers.fail();

        const repeated = await client.create(TEA, headers);
        const failed = await client.ended(json.order_id);
        const replaced = await client.replace(json.order_id, TEA, '"2"');
        const confirmed = await client.ended(json.order_id);

        assert.deepEqual([repeated.status, repeated.json], [202, json]);
        assert.deepEqual([failed.status, failed.version], ["failed", 2]);
        assert.equal(replaced.status, 202);
        assert.deepEqual([confirmed.status, confirmed.reason, confirmed.version], ["confirmed", undefined, 5]);
        assert.equal((await operator.tasks(json.order_id)).length, 2);
    });

    it("ends by the sweep what hangs, the task and the order, and refuses to touch the order until then", async () => {
        const id = await orderWith("hang", "finish");
        await client.until(id, "processing");
        const refused = [await client.remove(id), await client.replace(id, TEA, "*")];
        await operator.sweep();
        const untouched = await client.until(id, "processing");

        await operator.makeDue(id);
        await operator.sweep();

        const { status, reason, version } = await client.ended(id);
        const [task] = await operator.stoppedTasks(id, 1);
        assert.deepEqual(
            refused.map((answer) => [answer.status, answer.json.code]),
            refused.map(() => [409, "BEING_PROCESSED"]),
        );
        assert.equal(untouched.version, 2, "it was not due");
        assert.deepEqual([status, reason, version], ["failed", "The container took too long, or was lost", 3]);
        assert.deepEqual([task.stopCode, task.stoppedReason], ["UserInitiated", "It has an order for too long"]);
    });

    it("starts again by the sweep what no container took, and the first one then finds nothing to do", async () => {
        containers.fail({ faults: [{ kind: "pause", at: "take" }], hold: true });
        const id = await client.accepted();
        const { taskArn } = await runningTask(id);
        containers.fail({ ...NO_FAULTS, hold: true });
        await operator.makeDue(id);

        await operator.sweep();
        const confirmed = await client.ended(id);
        containers.fail();

        const tasks = await operator.stoppedTasks(id, 2);
        // Stored, started again, taken, ended.
        assert.deepEqual([confirmed.status, confirmed.version], ["confirmed", 4]);
        assert.deepEqual(await client.ended(id), confirmed);
        assert.deepEqual(
            tasks.map(({ containers: [container] = [] }) => container.exitCode),
            [0, 0],
        );
        const lines = await operator.logged("process", id, 2);
        assert.deepEqual(
            lines.map(({ status, skipped }) => [status, skipped]),
            [
                ["confirmed", undefined],
                [undefined, "confirmed"],
            ],
        );
        const attemptOf = ({ overrides }: ecs.Task) =>
            overrides!.containerOverrides![0].environment!.find(({ name }) => name === "ATTEMPT")!.value;
        const first = tasks.find((task) => task.taskArn === taskArn)!;
        assert.deepEqual([attemptOf(first), tasks.map(attemptOf).sort()], ["1", ["1", "2"]]);
    });

    it("takes no notice of the death of a container whose start is not the newest", async () => {
        containers.fail({ faults: [{ kind: "pause", at: "take" }], hold: true });
        const id = await client.accepted();
        const first = await runningTask(id);
        await operator.makeDue(id);
        await operator.sweep();
        await eventually("the second runs, too", async () => {
            const tasks = await operator.tasks(id);
            return tasks.length === 2 && tasks.every(({ lastStatus }) => lastStatus === "RUNNING");
        });
        const events = await operator.countLogged("stopped", REPORT);

        await operator.stopTask(first);
        await operator.logged("stopped", REPORT, events + 1);
        const { status } = await client.until(id, "pending");
        containers.fail();

        assert.equal(status, "pending");
        const { version, ...order } = await client.ended(id);
        assert.deepEqual([order.status, version], ["confirmed", 4]);
    });
});

/** The log has one for each invocation. */
const REPORT = '"type":"platform.report"';
