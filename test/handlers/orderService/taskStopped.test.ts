import * as assert from "node:assert/strict";
import type { StoppedDetail } from "../../../handlers/orderService/taskStopped";
import { deleteOrder } from "../../../handlers/orderService/table/deleteOrder";
import { finishOrder } from "../../../handlers/orderService/table/finishOrder";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { takeOrder } from "../../../handlers/orderService/table/takeOrder";
import { bothForms } from "../../support/bothForms";
import { commandOf, during, metricsIn, now, openOrder, runOf } from "./support/openOrder";
import { itemsOf } from "./support/orderStage";
import { changeOrders, exited, ofStart, onStage, own, sourceOf } from "./support/stoppedTask";

bothForms("the end of a task that has one order", sourceOf("task"), (start) => {
    const { stage, table, stop } = onStage(start, changeOrders);

    it("makes the order fail that it took, for good and with the reason", async () => {
        const order = await openOrder(table(), { run: own });

        const { error, writes } = await stop(ofStart(order));

        const { status, reason, version, dueAt } = await now(table(), order);
        assert.equal(error, undefined);
        assert.deepEqual([status, reason, dueAt], ["failed", "The container ended with exit code 3", undefined]);
        assert.equal(version, order.version + 1);
        assert.deepEqual(
            metricsIn(writes).map(({ OrdersFailed }) => OrdersFailed),
            [1],
        );
    });

    it("makes the order fail that it was started for and never took", async () => {
        const order = await openOrder(table(), { command: 2, attempt: 3 });
        const stoppedReason = "CannotPullContainerError: 123456789012.dkr.ecr.us-east-1.amazonaws.com/x";

        await stop(ofStart(order, { stopCode: "TaskFailedToStart", stoppedReason, containers: [{}] }));

        const { status, reason } = await now(table(), order);
        assert.deepEqual([status, reason], ["failed", "The container's image could not be pulled"]);
    });

    it("tells ECS's own words to the log alone", async () => {
        const order = await openOrder(table(), { run: own });

        const { writes } = await stop(ofStart(order));

        assert.ok(writes.some((line) => line.includes("Essential container in task exited")));
        const stored = JSON.stringify(await itemsOf(stage(), order.client));
        assert.ok(!stored.includes("Essential container"));
    });

    it("changes nothing when it comes again", async () => {
        const order = await openOrder(table(), { run: own });
        await stop(ofStart(order));
        const failed = await now(table(), order);

        const { error, writes } = await stop(ofStart(order, { containers: [{ exitCode: 4 }] }));

        assert.equal(error, undefined);
        assert.deepEqual(writes, []);
        assert.deepEqual(await now(table(), order), failed);
    });

    describe("leaves as it is an order", () => {
        const cases: Record<string, () => Promise<[order: StoredOrder, start?: StoredOrder]>> = {
            "that is confirmed": async () => {
                const order = await openOrder(table(), { run: own });
                await finishOrder(table(), { ...commandOf(order), run: own }, { status: "confirmed", total_cents: 1 });
                return [order];
            },
            "that is rejected": async () => {
                const order = await openOrder(table(), { run: own });
                await finishOrder(table(), { ...commandOf(order), run: own }, { status: "rejected", reason: "No" });
                return [order];
            },
            "that failed for another reason": async () => {
                const order = await openOrder(table(), { run: own });
                await finishOrder(table(), { ...commandOf(order), run: own }, { status: "failed", reason: "No" });
                return [order];
            },
            "that another task took": async () => [await openOrder(table(), { run: runOf("other") })],
            "that waits for a newer start": async () => {
                const order = await openOrder(table(), { attempt: 2 });
                return [order, { ...order, attempt: 1 }];
            },
            "that waits for a newer command": async () => {
                const order = await openOrder(table(), { command: 2 });
                return [order, { ...order, command: 1 }];
            },
            "whose newer command another task has": async () => {
                const order = await openOrder(table(), { command: 2, run: runOf("other") });
                return [order, { ...order, command: 1 }];
            },
        };
        for (const [what, arrange] of Object.entries(cases)) {
            it(what, async () => {
                const [order, started = order] = await arrange();
                const before = await now(table(), order);

                const { error, writes } = await stop(ofStart(started));

                assert.equal(error, undefined);
                assert.deepEqual(metricsIn(writes), []);
                assert.deepEqual(await now(table(), order), before);
            });
        }

        it("that is deleted, which does not come back", async () => {
            const order = await openOrder(table());
            await deleteOrder(table(), order, "r-delete");

            const { error } = await stop(ofStart(order));

            assert.equal(error, undefined);
            assert.equal(await now(table(), order), undefined);
        });

        it("that its container brings to an end at the same moment", async () => {
            const order = await openOrder(table(), { run: own });
            const taking = { ...commandOf(order), run: own };
            during(stage(), "UpdateItem", () => finishOrder(table(), taking, { status: "confirmed", total_cents: 1 }));

            await stop(ofStart(order));

            assert.equal((await now(table(), order)).status, "confirmed");
        });

        it("that another task takes at the same moment", async () => {
            const order = await openOrder(table());
            during(stage(), "UpdateItem", () => takeOrder(table(), { ...commandOf(order), run: runOf("other") }));

            await stop(ofStart(order));

            assert.equal((await now(table(), order)).status, "processing");
        });
    });

    for (const [what, overrides] of Object.entries<StoppedDetail["overrides"]>({
        "no overrides": undefined,
        "overrides without variables": { containerOverrides: [{}] },
        "other variables": { containerOverrides: [{ environment: [{ name: "ORDER_ID", value: "x" }] }] },
        "a command that is no number": {
            containerOverrides: [
                {
                    environment: Object.entries({
                        ...{ CLIENT_ID: "web", ORDER_ID: "x", REQUEST_ID: "r" },
                        ...{ COMMAND: "one", ATTEMPT: "1" },
                    }).map(([name, value]) => ({ name, value })),
                },
            ],
        },
    })) {
        it(`is noted, and no more, for a task that somebody started with ${what}`, async () => {
            const { error, writes } = await stop(exited({ overrides }));

            assert.equal(error, undefined);
            assert.ok(writes.join("").includes("started without a command"));
            assert.deepEqual(stage().proxies.calls, []);
        });
    }

    it("is an error while the table does not answer, and makes the order fail when it comes again", async () => {
        const order = await openOrder(table(), { run: own });
        stage().proxies.intercept = () => ({ status: 500 });

        const first = await stop(ofStart(order));

        assert.match(first.error!, /database did not answer/);
        assert.equal((await now(table(), order)).status, "processing");
        stage().proxies.reset();
        assert.equal((await stop(ofStart(order))).error, undefined);
        assert.equal((await now(table(), order)).status, "failed");
    });

    it("takes one write", async () => {
        await stop(ofStart(await openOrder(table(), { run: own })));

        assert.deepEqual(stage().proxies.calls, ["UpdateItem"]);
    });
});
