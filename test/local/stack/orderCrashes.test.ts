import * as assert from "node:assert/strict";
import { eventually } from "./support/eventually";
import { startFaultyStack, type Containers } from "./support/faultyContainers";
import { faultOf, type Faults } from "./support/faultyProgram";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type OrderClient } from "./support/orders";
import type { Stack } from "./support/stack";

describe("OrderService, when many containers work at once and some die", () => {
    let stack: Stack;
    let containers: Containers;
    let client: OrderClient;
    let operator: OrderOperator;
    before(async () => {
        ({ stack, containers } = await startFaultyStack());
        client = orderClient(stack);
        operator = orderOperator(stack);
    });
    after(async () => {
        operator.close();
        await stack.end();
    });

    const ORDERS = 300;
    const OPEN = new Set(["pending", "processing"]);
    const FAULTS: Faults = {
        percent: 10,
        seed: "of these 300",
        faults: [
            { kind: "exit", at: "start" },
            { kind: "kill", at: "take" },
            { kind: "kill", at: "finish" },
        ],
    };

    it(`brings each of ${ORDERS} orders to its end, once: those of dead containers to failed, all others to confirmed`, async function () {
        this.timeout(150_000);
        containers.fail(FAULTS);
        const responses = await Promise.all(
            Array.from({ length: ORDERS }, (_, index) =>
                client.create({ ...TEA, items: [{ sku: "tea", quantity: 1, unit_price_cents: index }] }),
            ),
        );
        await eventually(
            "no order is open",
            async () => {
                const open = ["pending", "processing"].map((status) => client.list({ status, limit: "1" }));
                const none = (await Promise.all(open)).every(({ json }) => json.items.length === 0);
                // An order that goes on between the two lists is in neither.
                return none && (await client.all()).every(({ status }) => !OPEN.has(status));
            },
            120,
        );

        assert.deepEqual([...new Set(responses.map(({ status }) => status))], [202]);
        const ids = responses.map(({ json }) => json.order_id as string);
        const orders = new Map((await client.all()).map((order) => [order.order_id, order]));
        const faults = ids.map((id) => faultOf(FAULTS, id));
        const dead = faults.filter(Boolean).length;
        assert.ok(dead > 10 && dead < 60, `${dead} containers died`);
        for (const [index, id] of ids.entries()) {
            const fault = faults[index];
            const { status, reason, version, total_cents } = orders.get(id)!;
            // Stored, perhaps taken, ended: each once.
            const expected = fault
                ? {
                      status: "failed",
                      reason: `The container ended with exit code ${fault.kind === "exit" ? 3 : 137}`,
                      version: fault.at === "finish" ? 3 : 2,
                      total_cents: null,
                  }
                : { status: "confirmed", reason: undefined, version: 3, total_cents: index };
            assert.deepEqual({ status, reason, version, total_cents }, expected, `order ${index}`);
        }
        const started = (await operator.tasks()).map(({ startedBy }) => startedBy!);
        assert.deepEqual(started.sort(), [...ids].sort(), "each has one task");
        assert.equal(orders.size, ORDERS);
    });
});
