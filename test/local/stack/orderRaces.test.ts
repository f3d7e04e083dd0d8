import * as assert from "node:assert/strict";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type OrderClient } from "./support/orders";
import { startStack, type Stack } from "./support/stack";

const ROUNDS = Array.from({ length: 8 }, (_, round) => round);
const CHEAPER = { ...TEA, items: [{ sku: "tea", quantity: 1, unit_price_cents: 7 }] };

describe("OrderService, when two things happen to an order at once", () => {
    let stack: Stack;
    let client: OrderClient;
    let operator: OrderOperator;
    before(async () => {
        stack = await startStack();
        client = orderClient(stack);
        operator = orderOperator(stack);
        // A function's first invocation takes longer than a whole task, and then nothing would happen at once.
        const warm = [await client.accepted(), await client.accepted()];
        await Promise.all(warm.map((id) => client.replace(id, CHEAPER, "*")));
        await Promise.all(warm.map((id) => operator.stoppedTasks(id, 2)));
        await Promise.all(warm.map(client.remove));
    });
    after(async () => {
        operator.close();
        await stack.end();
    });

    it("makes one order and one task of requests with one Idempotency-Key at the same instant, and of later ones", async () => {
        const headers = { "idempotency-key": "one and the same" };
        const tasksBefore = (await operator.tasks()).length;

        const atOnce = await Promise.all(ROUNDS.map(() => client.create(TEA, headers)));
        const [{ json }] = atOnce;
        await client.ended(json.order_id);
        const late = await client.create(TEA, headers);
        const conflict = await client.create(CHEAPER, headers);

        for (const { status, json: other, headers: answered } of [...atOnce, late]) {
            assert.deepEqual([status, other, answered.get("location")], [202, json, json.links.self]);
        }
        assert.deepEqual([conflict.status, conflict.json.code], [422, "IDEMPOTENCY_CONFLICT"]);
        assert.deepEqual(
            (await client.all()).map(({ order_id, version }) => [order_id, version]),
            [[json.order_id, 3]],
        );
        assert.equal((await operator.tasks()).length - tasksBefore, 1);
    });

    it("never brings an order back that was deleted right after it was made", async () => {
        const deleted: string[] = [];
        for (const _round of ROUNDS) {
            const id = await client.accepted();
            const { status, json } = await client.remove(id);
            if (status === 204) {
                deleted.push(id);
            } else {
                assert.deepEqual([status, json.code], [409, "BEING_PROCESSED"]);
                assert.equal((await client.ended(id)).status, "confirmed");
            }
        }

        assert.ok(deleted.length > 0);
        for (const id of deleted) {
            const [{ containers }] = await operator.stoppedTasks(id, 1);
            assert.equal(containers![0].exitCode, 0, "a command that is no more is no fault");
            assert.equal((await client.read(id)).status, 404);
        }
        const left = new Set((await client.all()).map(({ order_id }) => order_id));
        assert.deepEqual(
            deleted.filter((id) => left.has(id)),
            [],
        );
    });

    it("does not delete it twice, and does not delete a key's order to make it anew", async () => {
        const headers = { "idempotency-key": "to be deleted" };
        const { json } = await client.create(TEA, headers);
        await client.ended(json.order_id);

        const both = await Promise.all([client.remove(json.order_id), client.remove(json.order_id)]);
        const again = await client.create(TEA, headers);

        assert.deepEqual(both.map(({ status }) => status).sort(), [204, 404]);
        assert.deepEqual([again.status, again.json], [202, json]);
        assert.equal((await client.read(json.order_id)).status, 404);
        assert.equal((await operator.tasks(json.order_id)).length, 1);
    });

    it("brings an order that was replaced right after it was made to the end of its last command", async () => {
        const rounds: { readonly id: string; readonly status: number; readonly code?: string }[] = [];
        for (const round of ROUNDS) {
            const id = await client.accepted();
            const { status, json } = await client.replace(id, CHEAPER, round % 2 ? '"1"' : "*");
            rounds.push({ id, status, code: json.code });
        }

        const versions: number[] = [];
        for (const { id, status, code } of rounds) {
            const replaced = status === 202;
            assert.ok(replaced || code === "BEING_PROCESSED" || code === "VERSION_MISMATCH", `${status} ${code}`);
            const tasks = await operator.stoppedTasks(id, replaced ? 2 : 1);
            const order = await client.ended(id);
            assert.deepEqual([order.status, order.total_cents], ["confirmed", replaced ? 7 : 950]);
            // Each command taken and ended once, or the first one replaced before it was taken.
            assert.ok((replaced ? [4, 6] : [3]).includes(order.version), `${order.version}`);
            assert.deepEqual(
                tasks.map(({ containers }) => containers![0].exitCode),
                tasks.map(() => 0),
            );
            versions.push(order.version);
        }
        assert.ok(versions.includes(4), `none was replaced before it was taken: ${versions}`);
    });

    it("lets one of two replacements of the same version be", async () => {
        const id = await client.accepted();
        await client.ended(id);

        const both = await Promise.all([client.replace(id, CHEAPER, '"3"'), client.replace(id, TEA, '"3"')]);

        const statuses = both.map(({ status }) => status);
        assert.equal(statuses.filter((status) => status === 202).length, 1, `${statuses}`);
        assert.ok(
            statuses.some((status) => status === 412 || status === 409),
            `${statuses}`,
        );
        await operator.stoppedTasks(id, 2);
        const { total_cents, version } = await client.ended(id);
        assert.deepEqual([total_cents, version], [statuses[0] === 202 ? 7 : 950, 6]);
    });
});
