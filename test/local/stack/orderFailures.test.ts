import * as assert from "node:assert/strict";
import { startFaultyStack, type Containers } from "./support/faultyContainers";
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
            const task = await operator.runningTask(id);
            await client.until(id, status);

            await operator.stopTask(task);

            const failed = await client.ended(id);
            assert.deepEqual([failed.status, failed.reason], ["failed", "The container was stopped by somebody"]);
            assert.equal(failed.version, version);
        });
    }

    it("leaves an order confirmed whose container is killed when all was done", async () => {
        const id = await orderWith("kill", "end");
        const [task] = await operator.stoppedTasks(id, 1);

        await operator.endsHandled(await operator.countStopped());

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
});
