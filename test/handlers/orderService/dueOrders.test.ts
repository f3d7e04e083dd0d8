import * as assert from "node:assert/strict";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { inSeconds } from "../../../handlers/orderService/sweepRules";
import { dueOrders, ordersOfRun, type DueOrder } from "../../../handlers/orderService/table/dueOrders";
import type { OrderTable, StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { endAll, idInShard, openOrder, runOf } from "./support/openOrder";
import { startOrderStage, type OrderStage } from "./support/orderStage";

const run = runOf("one");
const idsOf = (orders: readonly Pick<StoredOrder | DueOrder, "orderId">[]) => orders.map(({ orderId }) => orderId);

describe("orders that somebody has to look at", () => {
    let stage: OrderStage;
    before(async () => {
        stage = await startOrderStage();
    });
    afterEach(() => endAll(stage.table));
    after(() => stage.close());
    const openIn = (shard: number, more: object = {}) => openOrder(stage.table, { orderId: idInShard(shard), ...more });

    it("come in pages, those first that are due first, until the time asked for", async () => {
        const [late, early, middle] = [
            await openIn(4, { dueAt: inSeconds(-10) }),
            await openIn(4, { dueAt: inSeconds(-30) }),
            await openIn(4, { dueAt: inSeconds(-20) }),
        ];
        await openIn(4, { dueAt: inSeconds(10) });
        await openIn(5, { dueAt: inSeconds(-40) });
        const by = new Date();

        const first = await dueOrders(stage.table, { shard: 4, by, limit: 2 });
        const second = await dueOrders(stage.table, { shard: 4, by, limit: 2, after: first.next });

        assert.deepEqual(idsOf(first.orders), idsOf([early, middle]));
        assert.deepEqual([idsOf(second.orders), second.next], [idsOf([late]), undefined]);
    });

    it("tell all that is needed to look after them", async () => {
        const order = await openIn(0, { command: 2, attempt: 3, run });

        const { orders } = await dueOrders(stage.table, { shard: 0 });

        const { client, orderId, requestId, dueAt } = order;
        assert.deepEqual(orders, [
            { client, orderId, status: "processing", command: 2, attempt: 3, run, requestId, dueAt },
        ]);
    });

    it("of one task are found in all shards, due or not, and over all pages", async () => {
        const own = await Promise.all([0, 9, 9, 9, 15].map((shard) => openIn(shard, { run, dueAt: inSeconds(90) })));
        await Promise.all([0, 9, 9].map((shard) => openIn(shard, { run: runOf("other") })));
        await openIn(9);
        // DynamoDB ends a page at 1 MB before it filters; here one order is a page.
        const onePerPage: OrderTable["send"] = (command: object) => {
            if (command instanceof QueryCommand) command.input.Limit = 1;
            return stage.table.send(command as QueryCommand) as never;
        };

        const found = await ordersOfRun({ name: "orders", send: onePerPage }, run);

        assert.deepEqual(idsOf(found).sort(), idsOf(own).sort());
    });
});
