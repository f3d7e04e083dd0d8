import * as assert from "node:assert/strict";
import type * as ecs from "@aws-sdk/client-ecs";
import { NO_FAULTS, startFaultyStack, type Containers } from "./support/faultyContainers";
import type { Fault } from "./support/faultyProgram";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type OrderClient } from "./support/orders";
import type { Stack } from "./support/stack";

describe("OrderService's sweep", () => {
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
    it("ends what hangs, the task and the order, and refuses to touch the order until then", async () => {
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

    it("starts again what no container took, and the first one then finds nothing to do", async () => {
        containers.fail({ faults: [{ kind: "pause", at: "take" }], hold: true });
        const id = await client.accepted();
        const { taskArn } = await operator.faultyTask(id);
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
        const lines = await operator.logged("process", `"order":"${id}"`, 2);
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

    it("starts again what no container took, whose first one's death is then no news", async () => {
        const id = await orderWith("hang", "take");
        const first = await operator.faultyTask(id);
        containers.fail({ faults: [{ kind: "pause", at: "take" }], hold: true });
        await operator.makeDue(id);
        await operator.sweep();

        const stopped = await operator.countStopped();
        await operator.stopTask(first);
        await operator.endsHandled(stopped + 1);
        const { json: waiting } = await client.read(id);
        containers.fail();

        assert.deepEqual([waiting.status, waiting.version], ["pending", 2]);
        const { status, version } = await client.ended(id);
        assert.deepEqual([status, version], ["confirmed", 4]);
    });
});
