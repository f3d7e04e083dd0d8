import * as assert from "node:assert/strict";
import { changeOrder } from "../../../handlers/orderService/table/changeOrder";
import { deleteOrder } from "../../../handlers/orderService/table/deleteOrder";
import { finishOrder } from "../../../handlers/orderService/table/finishOrder";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { takeOrder } from "../../../handlers/orderService/table/takeOrder";
import { bothForms } from "../../support/bothForms";
import type { Fate } from "../uploadPipeline/support/proxies";
import { atOnce } from "./support/gates";
import { commandOf, during, idInShard, now, openOrder, runOf } from "./support/openOrder";
import { changeOrders, findDueOrders } from "./support/stoppedTask";
import { nothing, startedWith, stopsOf, sweepSource, sweepStage } from "./support/sweepStage";

const run = runOf("one");

bothForms("a sweep beside others", sweepSource("task"), (start) => {
    const { stage, table, sweep, sweepTwice } = sweepStage(start);
    /** Both sweeps have read the index before one of them writes. */
    const writeTogether = () => {
        const together = atOnce(2);
        stage().proxies.intercept = ({ label }): Fate | Promise<Fate> =>
            label === "UpdateItem" ? together() : "forward";
    };
    const confirm = (order: StoredOrder) =>
        finishOrder(table(), { ...commandOf(order), run }, { status: "confirmed", total_cents: 1 });

    it("starts an order once, though two sweeps find it at the same moment", async () => {
        const order = await openOrder(table());
        writeTogether();

        const both = await sweepTwice();

        assert.deepEqual(both.map(({ result }) => result.started).sort(), [0, 1]);
        assert.deepEqual(startedWith(stage().ecs), [{ ...commandOf(order), attempt: 2 }]);
        assert.equal((await now(table(), order)).attempt, 2);
    });

    it("makes an order fail once, though two sweeps find it at the same moment", async () => {
        const order = await openOrder(table(), { run });
        writeTogether();

        const both = await sweepTwice();

        assert.deepEqual(both.map(({ result }) => result.failed).sort(), [0, 1]);
        assert.equal((await now(table(), order)).version, order.version + 1);
        assert.equal(stopsOf(stage().ecs).length, 1);
    });

    it("does not start an order that a container takes at the same moment", async () => {
        const order = await openOrder(table());
        during(stage(), "UpdateItem", () => takeOrder(table(), { ...commandOf(order), run }));

        const { result, error } = await sweep();

        assert.deepEqual([result, error], [nothing, undefined]);
        const { status, attempt, run: taken } = await now(table(), order);
        assert.deepEqual([status, attempt, taken], ["processing", 1, run]);
        assert.deepEqual(stage().ecs.requests, []);
    });

    it("lets the container of an earlier start take an order that was started again", async () => {
        const order = await openOrder(table());

        await sweep();
        const { changed } = await takeOrder(table(), { ...commandOf(order), run });

        assert.ok(changed);
        assert.equal((await confirm(order)).changed, true);
    });

    it("neither fails an order nor stops its task, when it ends at the same moment", async () => {
        const order = await openOrder(table(), { run });
        during(stage(), "UpdateItem", () => confirm(order));

        const { result } = await sweep();

        assert.deepEqual(result, nothing);
        assert.equal((await now(table(), order)).status, "confirmed");
        assert.deepEqual(stage().ecs.requests, []);
    });

    it("keeps a container's late result from an order that failed", async () => {
        const order = await openOrder(table(), { run });

        await sweep();
        const { changed } = await confirm(order);

        assert.equal(changed, false);
        assert.equal((await now(table(), order)).status, "failed");
    });

    it("does not bring back an order that is deleted at the same moment", async () => {
        const order = await openOrder(table());
        during(stage(), "UpdateItem", () => deleteOrder(table(), order, "r-delete"));

        assert.deepEqual((await sweep()).result, nothing);

        assert.equal(await now(table(), order), undefined);
        assert.deepEqual(stage().ecs.requests, []);
    });

    it("does not start a command that came at the same moment, be it due at the same time", async () => {
        const order = await openOrder(table());
        const dueAt = new Date(order.dueAt!);
        during(stage(), "UpdateItem", () =>
            changeOrder(table(), order, {
                status: "pending",
                dueAt,
                count: ["command"],
                when: "attribute_exists(#id)",
            }),
        );

        assert.deepEqual((await sweep()).result, nothing);

        const { command, attempt } = await now(table(), order);
        assert.deepEqual([command, attempt], [2, 1]);
        assert.deepEqual(stage().ecs.requests, []);
    });

    it("starts an order, too, when the answer of the table got lost", async () => {
        const order = await openOrder(table());
        let lost = false;
        stage().proxies.intercept = ({ label }) => {
            const lose = label === "UpdateItem" && !lost;
            lost ||= lose;
            return lose ? "cut after" : "forward";
        };

        assert.deepEqual((await sweep()).result, { ...nothing, started: 1 });

        assert.deepEqual(startedWith(stage().ecs), [{ ...commandOf(order), attempt: 2 }]);
        assert.equal((await now(table(), order)).attempt, 2);
    });

    it("brings all others further when one order cannot be changed, and is an error then", async () => {
        const orders = [
            await openOrder(table(), { orderId: idInShard(1) }),
            await openOrder(table(), { orderId: idInShard(2) }),
        ];
        let failures = 0;
        // As often as the SDK tries; shards come one after another.
        stage().proxies.intercept = ({ label }) =>
            label === "UpdateItem" && failures++ < 3 ? { status: 500 } : "forward";

        const { error } = await sweep();
        stage().proxies.reset();
        const next = await sweep();

        assert.match(error!, /^1 order\(s\) could not be brought further/);
        assert.deepEqual(next.result, { ...nothing, started: 1 });
        const after = await Promise.all(orders.map((order) => now(table(), order)));
        assert.deepEqual(
            after.map(({ attempt }) => attempt),
            [2, 2],
        );
    });

    it("starts each order of many pages once, with at most 20 under way", async () => {
        const orders = await Promise.all(
            Array.from({ length: 45 }, (_, index) => openOrder(table(), { orderId: idInShard(index < 41 ? 5 : 6) })),
        );

        const { result } = await sweep();

        assert.deepEqual(result, { ...nothing, started: 45 });
        const started = startedWith(stage().ecs).map(({ orderId }) => orderId);
        assert.deepEqual(started.sort(), orders.map(({ orderId }) => orderId).sort());
        const writes = stage()
            .proxies.calls.join(" ")
            .split("Query")
            .map((part) => part.trim().split(" ").length);
        assert.equal(Math.max(...writes), 20);
    });

    it("asks each shard by a query of the index, and never scans", async () => {
        await openOrder(table());

        await sweep();

        assert.deepEqual(stage().proxies.calls.sort(), [...Array(16).fill("Query"), "UpdateItem"]);
    });

    it("begins nothing when its time is over", async () => {
        const order = await openOrder(table());

        const { result, error } = await sweep(29_000);

        assert.deepEqual([result, error], [nothing, undefined]);
        assert.deepEqual(stage().proxies.calls, []);
        assert.deepEqual(await now(table(), order), order);
    });

    for (const [what, statement] of Object.entries({ query: changeOrders, change: findDueOrders })) {
        it(`is an error when it may not ${what}`, async () => {
            const order = await openOrder(table());
            await stage().dynamoDb.allow(statement);

            const { error } = await sweep();

            assert.notEqual(error, undefined);
            assert.deepEqual(await now(table(), order), order);
            assert.deepEqual(stage().ecs.requests, []);
        });
    }
});
