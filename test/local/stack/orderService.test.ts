import * as assert from "node:assert/strict";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type Order, type OrderClient } from "./support/orders";
import { send, startStack, type Stack } from "./support/stack";

describe("OrderService over HTTP", () => {
    let stack: Stack;
    let client: OrderClient;
    let other: OrderClient;
    let operator: OrderOperator;
    before(async () => {
        stack = await startStack();
        client = orderClient(stack);
        other = orderClient(stack, stack.localTokenOther);
        operator = orderOperator(stack);
    });
    after(async () => {
        operator.close();
        await stack.end();
    });

    const TWICE = { ...TEA, items: [TEA.items[0], TEA.items[0]] };

    it("brings an order from 202 to confirmed with its total, then by PUT to rejected, and by DELETE to nothing", async () => {
        const created = await client.create({ ...TEA, note: "soon" });
        const id = created.json.order_id as string;
        const confirmed = await client.ended(id);
        const read = await client.read(id);
        const replaced = await client.replace(id, TWICE, read.headers.get("etag")!);
        const rejected = await client.ended(id);
        const removed = await client.remove(id);

        assert.equal(created.status, 202);
        assert.deepEqual(Object.keys(created.json), ["order_id", "status", "links"]);
        assert.equal(created.json.status, "pending");
        assert.match(created.headers.get("retry-after")!, /^\d+$/);
        const { created_at, updated_at, ...rest } = confirmed as Order & { created_at: string; updated_at: string };
        assert.deepEqual(rest, {
            ...{ order_id: id, ...TEA, note: "soon" },
            ...{ total_cents: 950, status: "confirmed", version: 3 },
        });
        assert.ok(Date.parse(created_at) < Date.parse(updated_at));
        assert.equal(read.headers.get("etag"), '"3"');
        assert.deepEqual([replaced.status, replaced.json.status, replaced.json.order_id], [202, "pending", id]);
        assert.deepEqual([rejected.status, rejected.total_cents, rejected.version], ["rejected", null, 6]);
        assert.match(rejected.reason!, /\btea\b.* more than once/);
        assert.deepEqual([removed.status, removed.text], [204, ""]);
        const gone = [await client.read(id), await client.remove(id), await client.replace(id, TEA, "*")];
        assert.deepEqual(
            gone.map(({ status, json }) => [status, json.code]),
            gone.map(() => [404, "NOT_FOUND"]),
        );
    });

    it("tells in Location where the order is, as a browser resolves it", async () => {
        const { json, headers } = await client.create();
        const location = headers.get("location")!;

        const { status, json: order } = await send(new URL(location, `${stack.orderServiceUrl}/pedidos`).href, {
            headers: { authorization: `Bearer ${stack.localToken}` },
        });

        assert.equal(location, json.links.self);
        assert.deepEqual([status, order.order_id], [200, json.order_id]);
    });

    it("needs an If-Match of the present version for PUT, and changes nothing without", async () => {
        const id = await client.accepted();
        await client.ended(id);

        const missing = await client.replace(id, TWICE);
        const stale = await client.replace(id, TWICE, '"2"');
        const wrong = await client.replace(id, TWICE, "3");

        assert.deepEqual(
            [missing, stale, wrong].map(({ status, json }) => [status, json.code]),
            [
                [428, "PRECONDITION_REQUIRED"],
                [412, "VERSION_MISMATCH"],
                [400, "INVALID_IF_MATCH"],
            ],
        );
        assert.deepEqual([(await client.ended(id)).version, (await operator.tasks(id)).length], [3, 1]);
    });

    it("lists a client's orders newest first, page by page and by status, and takes no cursor of another list", async () => {
        const ids: string[] = [];
        for (const order of [TEA, TWICE, TEA, TWICE, TEA]) {
            ids.unshift(await other.accepted(order));
        }
        await Promise.all(ids.map((id) => other.ended(id)));

        const first = await other.list({ limit: "2" });
        const second = await other.list({ limit: "2", cursor: first.json.next_cursor });
        const third = await other.list({ limit: "2", cursor: second.json.next_cursor });
        const rejected = await other.list({ status: "rejected" });
        const pending = await other.list({ status: "pending" });

        const idsOf = (json: { items: Order[] }) => json.items.map(({ order_id }) => order_id);
        assert.deepEqual(
            [first, second, third].flatMap(({ json }) => idsOf(json)),
            ids,
        );
        assert.deepEqual([third.json.items.length, third.json.next_cursor], [1, null]);
        assert.deepEqual(idsOf(rejected.json), [ids[1], ids[3]]);
        assert.deepEqual(pending.json, { items: [], next_cursor: null });
        const cursor = first.json.next_cursor as string;
        const refused = [
            await client.list({ cursor }),
            await other.list({ cursor, status: "rejected" }),
            await other.list({ cursor: `${cursor.slice(0, -1)}${cursor.endsWith("A") ? "E" : "A"}` }),
            await other.list({ limit: "101" }),
            await other.list({ status: "gone" }),
        ];
        assert.deepEqual(
            refused.map(({ status }) => status),
            refused.map(() => 400),
        );
    });

    it("carries a request's id through the function's log, the task and the container's log", async () => {
        const { json, headers } = await client.create();
        const requestId = headers.get("x-request-id")!;

        await client.ended(json.order_id);

        const [line] = await operator.logged("create", `"requestId":"${requestId}"`);
        const [processed] = await operator.logged("process", requestId);
        const [task] = await operator.tasks(json.order_id);
        assert.equal((line.message ?? line).status, 202);
        const { requestId: inContainer, order, status } = processed;
        assert.deepEqual([inContainer, order, status], [requestId, json.order_id, "confirmed"]);
        const variables = task.overrides!.containerOverrides![0].environment!;
        assert.equal(variables.find(({ name }) => name === "REQUEST_ID")!.value, requestId);
    });

    it("was never refused anything by IAM", () => {
        assert.deepEqual(
            stack.printed.filter((line) => /not authorized|denied/i.test(line)),
            [],
        );
    });
});
