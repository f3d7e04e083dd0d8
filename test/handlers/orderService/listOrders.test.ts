import * as assert from "node:assert/strict";
import { deleteOrder } from "../../../handlers/orderService/table/deleteOrder";
import { insertOrder } from "../../../handlers/orderService/table/insertOrder";
import type { OrderStatus } from "../../../handlers/orderService/statuses";
import { bothForms } from "../../support/bothForms";
import { proxyEvent, type RunningHandler } from "../../support/invoke";
import { newGate } from "./support/gates";
import { listSource, listStatements, page, walk, type Query } from "./support/listing";
import { idAt, input, newClient, startOrderStage, storeOrder, takeOrder, type OrderStage } from "./support/orderStage";

const statuses = ["pending", "processing", "confirmed", "rejected", "failed"] as const;

bothForms("GET /pedidos", listSource, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    let client: string;
    before(async () => {
        stage = await startOrderStage(...listStatements);
        api = await start(stage.env);
    });
    beforeEach(() => {
        stage.proxies.reset();
        client = newClient();
    });
    after(() => stage.close());
    /** Ids of new orders, newest first, each a ms younger than the one behind it. */
    async function store(count: number, from = 1, status: OrderStatus = "pending"): Promise<string[]> {
        const ids = Array.from({ length: count }, (_, index) => idAt(from + index));
        await Promise.all(ids.map((orderId) => storeOrder(stage, client, { orderId, status })));
        return ids.reverse();
    }
    const remove = (orderId: string) => deleteOrder(stage.table, { client, orderId }, "r-delete");

    it("lists a client's orders newest first, as each of them is told by itself, and no others'", async () => {
        const ids = await store(3);
        await storeOrder(stage, newClient());

        const { ids: listed, items, next } = await page(api, client);

        assert.deepEqual([listed, next], [ids, null]);
        const { created_at, updated_at, ...first } = items[0];
        assert.deepEqual(first, { order_id: ids[0], ...input, total_cents: null, status: "pending", version: 1 });
        assert.ok(Date.parse(created_at) <= Date.parse(updated_at));
    });

    it("is empty for a client without orders, of every status", async () => {
        assert.deepEqual(await page(api, client), { ids: [], items: [], next: null });
        for (const status of statuses) {
            assert.deepEqual((await page(api, client, { status })).ids, []);
        }
    });

    it("gives 20 orders at once, or as many as asked for, and a cursor as long as more follow", async () => {
        const ids = await store(21);

        const usual = await page(api, client);
        const one = await page(api, client, { limit: "1" });
        const all = await page(api, client, { limit: "21" });
        const more = await page(api, client, { limit: "100" });

        assert.deepEqual([usual.ids, one.ids, all.ids, more.ids], [ids.slice(0, 20), ids.slice(0, 1), ids, ids]);
        assert.ok(usual.next && one.next);
        assert.deepEqual([all.next, more.next], [null, null]);
    });

    for (const limit of ["1", "2", "3", "7", "100"]) {
        it(`leads through all orders by pages of ${limit}, each once, of all statuses and of one`, async () => {
            const pending = await store(4, 1);
            const failed = await store(5, 100, "failed");
            const newer = await store(4, 200);

            assert.deepEqual(await walk(api, client, { limit }), [...newer, ...failed, ...pending]);
            assert.deepEqual(await walk(api, client, { limit, status: "pending" }), [...newer, ...pending]);
            assert.deepEqual(await walk(api, client, { limit, status: "failed" }), failed);
        });
    }

    for (const query of [{ limit: "3" }, { limit: "3", status: "pending" }] as Query[]) {
        it(`leads through ${query.status ?? "all"} orders without gap or repeat while some are added and deleted`, async () => {
            const ids = await store(14);
            const removed: string[] = [];

            const listed = await walk(api, client, query, async (seen, pages) => {
                await storeOrder(stage, client, { orderId: idAt(1000 + pages) });
                // The one by which the cursor was made, one that was listed, and one that is still to come.
                const gone = [seen.at(-1)!, seen[0], ids[seen.length + 1]].filter((id) => id !== undefined);
                await Promise.all(gone.map(remove));
                removed.push(...gone);
            });

            assert.deepEqual(listed, [...new Set(listed)].sort().reverse());
            for (const id of ids) {
                assert.ok(listed.includes(id) || removed.includes(id), `${id} is missing`);
            }
            assert.ok(listed.every((id) => ids.includes(id)));
        });

        it(`shows no deleted order among ${query.status ?? "all"}, however many there are`, async () => {
            const ids = await store(60);
            const left = ids.filter((_, index) => index === 0 || index === 59);
            await Promise.all(ids.filter((id) => !left.includes(id)).map(remove));

            assert.deepEqual(await walk(api, client, query), left);
            assert.deepEqual(await walk(api, client, { ...query, limit: "1" }), left);
        });
    }

    it("ends with the last order that is left, although deleted ones lie behind it", async () => {
        const ids = await store(5);
        await Promise.all(ids.slice(2).map(remove));

        assert.deepEqual(await page(api, client, { limit: "2" }).then(({ ids: listed, next }) => [listed, next]), [
            ids.slice(0, 2),
            null,
        ]);
    });

    for (const status of statuses) {
        it(`gives those that are ${status}, and only them`, async () => {
            const stored = new Map<string, string>();
            for (const one of statuses) {
                stored.set(one, (await storeOrder(stage, client, { status: one })).orderId);
            }

            const { ids, items } = await page(api, client, { status });

            assert.deepEqual([ids, items[0].status], [[stored.get(status)], status]);
        });
    }

    it("leaves out of a status who has it no more, although the index may not know yet", async () => {
        const kept = await storeOrder(stage, client, { orderId: idAt(1) });
        const moved = await storeOrder(stage, client, { orderId: idAt(2) });
        const deleted = await storeOrder(stage, client, { orderId: idAt(3) });
        const gate = newGate();
        stage.proxies.intercept = ({ label }) => (label === "BatchGetItem" ? gate.pass() : "forward");
        const listing = page(api, client, { status: "pending" });
        await gate.reached;

        await takeOrder(stage, moved);
        await remove(deleted.orderId);
        gate.open();

        assert.deepEqual((await listing).ids, [kept.orderId]);
    });

    it("reads orders as they are now, all of them and those of a status", async () => {
        await store(1);

        await page(api, client);
        const [query] = stage.requests.slice(-1);
        await page(api, client, { status: "pending" });
        const [batch] = stage.requests.slice(-1) as { RequestItems: Record<string, { ConsistentRead?: boolean }> }[];

        assert.equal(query.ConsistentRead, true);
        assert.equal(batch.RequestItems.orders.ConsistentRead, true);
    });

    it("asks by queries whose number does not grow with the orders there are, and never scans", async () => {
        await store(60);
        stage.proxies.reset();

        await page(api, client, { limit: "5" });
        await page(api, client, { limit: "5", status: "pending" });

        assert.deepEqual(
            stage.proxies.calls.filter((label) => label !== "GetItem" && label !== "PutItem"),
            ["Query", "Query", "BatchGetItem"],
        );
    });

    it("gives pages that Lambda can answer, of the largest orders that there are", async () => {
        const text = (length: number) => "\u0001".repeat(length);
        const items = Array.from({ length: 100 }, () => ({
            sku: text(64),
            quantity: 1,
            unit_price_cents: 2 ** 53 - 1,
        }));
        const largest = { customer_id: text(64), items, currency: "EUR", note: text(1000) };
        const ids = Array.from({ length: 100 }, (_, index) => idAt(index));
        const rest = { client, input: largest, requestId: "r", dueAt: new Date() };
        await Promise.all(ids.map((orderId) => insertOrder(stage.table, { orderId, ...rest })));

        for (const query of [{ limit: "100" }, { limit: "100", status: "pending" }] as Query[]) {
            const { result } = await api.invokeEvent(proxyEvent({ path: "/pedidos", client, query }));
            assert.equal(result.statusCode, 200);
            assert.ok(Buffer.byteLength(JSON.stringify(result)) < 0.9 * 6 * 1024 * 1024);
            assert.deepEqual(await walk(api, client, query), ids.toReversed());
        }
    });
});
