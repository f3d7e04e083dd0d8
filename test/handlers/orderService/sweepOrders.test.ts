import * as assert from "node:assert/strict";
import { inSeconds, START_RULES } from "../../../handlers/orderService/sweepRules";
import { finishOrder } from "../../../handlers/orderService/table/finishOrder";
import { bothForms } from "../../support/bothForms";
import { commandOf, makeDue, metricsIn, now, openOrder, runOf } from "./support/openOrder";
import { nothing, startedWith, stopsOf, sweepSource, sweepStage } from "./support/sweepStage";

const { mostAttempts, againAfterSeconds } = START_RULES.task;
const run = runOf("one");

bothForms("the sweep of orders with tasks of their own", sweepSource("task"), (start) => {
    const { stage, table, sweep } = sweepStage(start);

    it("starts an order again that no container took in time, and gives it time anew", async () => {
        const order = await openOrder(table(), { command: 2, attempt: 3 });
        const earliest = inSeconds(againAfterSeconds).toISOString();

        const { result, error, writes } = await sweep();

        assert.deepEqual([result, error], [{ ...nothing, started: 1 }, undefined]);
        assert.deepEqual(startedWith(stage().ecs), [{ ...commandOf(order), attempt: 4 }]);
        const { status, attempt, version, dueAt } = await now(table(), order);
        assert.deepEqual([status, attempt, version], ["pending", 4, order.version + 1]);
        assert.ok(dueAt! >= earliest && dueAt! <= inSeconds(againAfterSeconds).toISOString());
        assert.deepEqual(
            metricsIn(writes).map(({ OrdersStartedAgain }) => OrdersStartedAgain),
            [1],
        );
    });

    it("makes an order fail that its container does not end, and stops the task", async () => {
        const order = await openOrder(table(), { run });

        const { result, error, writes } = await sweep();

        assert.deepEqual([result, error], [{ ...nothing, failed: 1, stopped: 1 }, undefined]);
        const { status, reason, version, dueAt } = await now(table(), order);
        assert.deepEqual([status, reason, dueAt], ["failed", "The container took too long, or was lost", undefined]);
        assert.equal(version, order.version + 1);
        assert.deepEqual(
            stopsOf(stage().ecs).map(({ cluster, task }) => [cluster, task]),
            [["quartet-orders", run]],
        );
        assert.deepEqual(
            metricsIn(writes).map(({ OrdersFailed }) => OrdersFailed),
            [1],
        );
    });

    it("leaves alone what is not due, or at its end", async () => {
        const dueAt = inSeconds(10);
        const orders = [await openOrder(table(), { dueAt }), await openOrder(table(), { dueAt, run })];
        const ended = await openOrder(table(), { run });
        await finishOrder(table(), { ...commandOf(ended), run }, { status: "confirmed", total_cents: 1 });

        const { result, writes } = await sweep();

        assert.deepEqual(result, nothing);
        assert.deepEqual(await Promise.all(orders.map((order) => now(table(), order))), orders);
        assert.equal((await now(table(), ended)).status, "confirmed");
        assert.deepEqual([stage().ecs.requests, metricsIn(writes)], [[], []]);
    });

    it("starts an order for the last time that is allowed, and makes it fail after that", async () => {
        const order = await openOrder(table(), { attempt: mostAttempts - 1 });

        const last = await sweep();
        await makeDue(table(), order);
        const over = await sweep();

        assert.deepEqual(last.result, { ...nothing, started: 1 });
        assert.deepEqual(over.result, { ...nothing, failed: 1 });
        const { status, reason } = await now(table(), order);
        assert.deepEqual([status, reason], ["failed", "No container took the order, however often it was started"]);
        assert.equal(stage().ecs.requests.length, 1);
    });

    it("goes on with an order that ECS starts nothing for, until all starts are used up", async () => {
        const order = await openOrder(table());
        const reports = [];
        const attempts = [];

        while ((await now(table(), order)).status === "pending") {
            stage().ecs.fates.push("no capacity");
            reports.push((await sweep()).result);
            attempts.push((await now(table(), order)).attempt);
            await makeDue(table(), order);
        }

        assert.deepEqual(attempts, [2, 3, 4, 5, 5]);
        assert.deepEqual(reports, [...Array(4).fill({ ...nothing, notStarted: 1 }), { ...nothing, failed: 1 }]);
        const tokens = stage().ecs.requests.map(({ clientToken }) => clientToken);
        assert.equal(new Set(tokens).size, 4);
    });

    it("starts an order at a later sweep that ECS throttled at this one", async () => {
        const order = await openOrder(table());
        const throttled = { status: 400, code: "ThrottlingException" };
        stage().ecs.fates.push(throttled, throttled, throttled);

        const first = await sweep();
        const meanwhile = await now(table(), order);
        await makeDue(table(), order);
        const second = await sweep();

        assert.deepEqual(
            [first.result, second.result],
            [
                { ...nothing, notStarted: 1 },
                { ...nothing, started: 1 },
            ],
        );
        assert.deepEqual([meanwhile.status, meanwhile.attempt], ["pending", 2]);
        assert.deepEqual(startedWith(stage().ecs), [{ ...commandOf(order), attempt: 3 }]);
    });

    it("takes a task that ECS knows no more for stopped", async () => {
        const order = await openOrder(table(), { run });
        stage().ecs.fates.push({ status: 400, code: "InvalidParameterException" });

        const { result, error } = await sweep();

        assert.deepEqual([result, error], [{ ...nothing, failed: 1 }, undefined]);
        assert.equal((await now(table(), order)).status, "failed");
    });

    it("is an error when it may not stop a task, after the order failed", async () => {
        const order = await openOrder(table(), { run });
        stage().ecs.fates.push({ status: 400, code: "AccessDeniedException" });

        const { error, writes } = await sweep();

        assert.match(error!, /^1 order/);
        assert.equal((await now(table(), order)).status, "failed");
        assert.deepEqual(
            metricsIn(writes).map(({ OrdersFailed }) => OrdersFailed),
            [1],
        );
        assert.ok(!writes.join("").includes("secret text"));
    });
});
