import * as assert from "node:assert/strict";
import { finishOrder } from "../../../handlers/orderService/table/finishOrder";
import { bothForms } from "../../support/bothForms";
import { commandOf, during, idInShard, metricsIn, now, openOrder, runOf } from "./support/openOrder";
import { changeOrders, exited, findDueOrders, ofStart, onStage, own, sourceOf } from "./support/stoppedTask";

bothForms("the end of a worker", sourceOf("worker"), (start) => {
    const { stage, table, stop } = onStage(start, changeOrders, findDueOrders);

    it("makes all orders fail that it had, in whatever shard, and no others", async () => {
        const had = await Promise.all(
            [0, 0, 7, 15].map((shard) => openOrder(table(), { orderId: idInShard(shard), run: own })),
        );
        const others = [await openOrder(table()), await openOrder(table(), { run: runOf("other") })];

        const { error, writes } = await stop(exited());

        assert.equal(error, undefined);
        for (const order of had) {
            const { status, reason, dueAt } = await now(table(), order);
            assert.deepEqual([status, reason, dueAt], ["failed", "The container ended with exit code 3", undefined]);
        }
        assert.deepEqual(await Promise.all(others.map((order) => now(table(), order))), others);
        assert.equal(metricsIn(writes).length, 4);
    });

    it("leaves an order pending that waits in the queue, though a start is told with it", async () => {
        const order = await openOrder(table());

        await stop(ofStart(order));

        assert.equal((await now(table(), order)).status, "pending");
    });

    it("leaves an order as it ended at the same moment, and makes the other one fail", async () => {
        const orders = [await openOrder(table(), { run: own }), await openOrder(table(), { run: own })];
        const [ended, open] = orders;
        const taking = { ...commandOf(ended), run: own };
        during(stage(), "UpdateItem", () => finishOrder(table(), taking, { status: "confirmed", total_cents: 1 }));

        await stop(exited());

        assert.equal((await now(table(), ended)).status, "confirmed");
        assert.equal((await now(table(), open)).status, "failed");
    });

    it("changes nothing when it comes again, or when it had no order", async () => {
        const order = await openOrder(table(), { run: own });
        await stop(exited());
        const failed = await now(table(), order);
        stage().proxies.reset();

        const { error, writes } = await stop(exited());

        assert.deepEqual([error, writes], [undefined, []]);
        assert.deepEqual(await now(table(), order), failed);
        assert.deepEqual([...new Set(stage().proxies.calls)], ["Query"]);
    });

    it("is an error while the table does not answer", async () => {
        const order = await openOrder(table(), { run: own });
        stage().proxies.intercept = ({ label }) => (label === "UpdateItem" ? { status: 500 } : "forward");

        assert.match((await stop(exited())).error!, /database did not answer/);

        assert.equal((await now(table(), order)).status, "processing");
    });
});
