import * as assert from "node:assert/strict";
import { orderOperator, type OrderOperator } from "./support/orderOperator";
import { orderClient, TEA, type OrderClient } from "./support/orders";
import { send, startStack, type Stack } from "./support/stack";

describe("OrderService, to those whom it refuses", () => {
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

    const raw = (init: RequestInit, token: string | undefined = stack.localToken) =>
        send(`${stack.orderServiceUrl}/pedidos`, {
            ...init,
            headers: { ...(token === "" ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
        });

    it("answers 401 without a token and with nobody's, in API Gateway's words", async () => {
        for (const token of ["", "wrong"]) {
            const { status, json, headers } = await raw({}, token);

            assert.deepEqual([status, json], [401, { message: "Unauthorized" }]);
            assert.match(headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
        }
    });

    it("shows no client another one's order, and lets none touch it", async () => {
        const id = await client.accepted();

        const tries = [await other.read(id), await other.replace(id, TEA, "*"), await other.remove(id)];

        assert.deepEqual(
            tries.map(({ status, json }) => [status, json.code]),
            tries.map(() => [404, "NOT_FOUND"]),
        );
        assert.equal((await client.ended(id)).version, 3);
    });

    it("refuses what is no order, and neither stores nor starts anything", async () => {
        const before = [(await client.all()).length, (await operator.tasks()).length];
        const json = { "content-type": "application/json" };
        const bad = { customer_id: "", items: [{ sku: "tea", quantity: 0, unit_price_cents: -1 }], currency: "XXX1" };

        const invalid = await client.create(bad);
        const large = await client.create({ ...TEA, note: "x".repeat(262_144) });
        const noJson = await raw({ method: "POST", headers: json, body: "{" });
        const text = await raw({ method: "POST", headers: { "content-type": "text/plain" }, body: "{}" });
        const key = await client.create(TEA, { "idempotency-key": "x".repeat(256) });

        assert.deepEqual(
            [invalid, large, noJson, text, key].map(({ status, json: { code } }) => [status, code]),
            [
                [400, invalid.json.code],
                [413, "PAYLOAD_TOO_LARGE"],
                [400, "INVALID_JSON"],
                [415, "UNSUPPORTED_CONTENT_TYPE"],
                [400, "INVALID_IDEMPOTENCY_KEY"],
            ],
        );
        assert.deepEqual(
            invalid.json.issues.map(({ path }: { path: string }) => path),
            ["customer_id", "items.0.quantity", "items.0.unit_price_cents", "currency"],
        );
        assert.deepEqual([(await client.all()).length, (await operator.tasks()).length], before);
    });

    it("lets pages use all methods of a path, with all their headers", async () => {
        const preflight = async (path: string) => {
            const { status, headers } = await send(`${stack.orderServiceUrl}${path}`, {
                method: "OPTIONS",
                headers: { origin: "https://app.example.com", "access-control-request-method": "GET" },
            });
            const list = (name: string) => headers.get(`access-control-allow-${name}`)!.split(", ").sort();
            return { status, methods: list("methods"), headers: list("headers"), origin: list("origin") };
        };

        const orders = await preflight("/pedidos");
        const order = await preflight("/pedidos/any");

        const common = { status: 204, origin: ["*"] };
        const withBody = ["Authorization", "Content-Encoding", "Content-Type"];
        assert.deepEqual(orders, {
            ...common,
            methods: ["GET", "HEAD", "OPTIONS", "POST"],
            headers: [...withBody, "Idempotency-Key"],
        });
        assert.deepEqual(order, {
            ...common,
            methods: ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"],
            headers: [...withBody, "If-Match"],
        });
    });
});
