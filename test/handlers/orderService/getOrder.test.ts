import * as assert from "node:assert/strict";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";
import {
    badIds,
    input,
    newClient,
    startOrderStage,
    storeOrder,
    tableArn,
    unknownId,
    type OrderStage,
} from "./support/orderStage";

const source = { module: "handlers/orderService/getOrder.ts", factory: "getOrderFactory", args: ['{"openapi":"3"}'] };

bothForms("GET /pedidos/{id}", source, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:GetItem", Resource: tableArn });
        api = await start(stage.env);
    });
    beforeEach(() => stage.proxies.reset());
    after(() => stage.close());
    const get = (client: string, id: string) => api.invoke({ path: `/pedidos/${id}`, client });

    it("gives an order, whose total is null as long as none was computed, and its version as ETag", async () => {
        const order = await storeOrder(stage, newClient());

        const { status, headers, body } = await get(order.client, order.orderId);

        assert.deepEqual([status, headers.etag, headers["content-type"]], [200, '"1"', "application/json"]);
        assert.deepEqual(body, {
            ...{ order_id: order.orderId, ...input, total_cents: null, status: "pending", version: 1 },
            ...{ created_at: order.createdAt, updated_at: order.updatedAt },
        });
        assert.match(body.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    for (const [status, told] of Object.entries({
        processing: { version: 2, total_cents: null, reason: undefined },
        confirmed: { version: 3, total_cents: 2100, reason: undefined },
        rejected: { version: 3, total_cents: null, reason: "Because" },
        failed: { version: 3, total_cents: null, reason: "Because" },
    })) {
        it(`tells of an order that is ${status} its version, total and reason`, async () => {
            const { client, orderId } = await storeOrder(stage, newClient(), { status: status as "confirmed" });

            const { headers, body } = await get(client, orderId);

            assert.equal(headers.etag, `"${told.version}"`);
            const { version, total_cents, reason } = body;
            assert.deepEqual({ version, total_cents, reason }, told);
            assert.equal(body.status, status);
        });
    }

    it("finds an order by its id in upper case", async () => {
        const { client, orderId } = await storeOrder(stage, newClient());

        assert.equal((await get(client, orderId.toUpperCase())).body.order_id, orderId);
    });

    it("reads what is so now: DynamoDB may else answer what was so a moment ago", async () => {
        await get(newClient(), unknownId);

        assert.equal(stage.requests.at(-1)?.ConsistentRead, true);
    });

    it("answers 404 for an order of another client, just as for one that does not exist", async () => {
        const { orderId } = await storeOrder(stage, newClient());

        const foreign = await get(newClient(), orderId);
        const unknown = await get(newClient(), unknownId);

        assert.deepEqual([foreign.status, foreign.body.code], [404, "NOT_FOUND"]);
        assert.equal(foreign.text, unknown.text);
    });

    for (const id of badIds) {
        it(`answers 404 for ${id}, without asking the database`, async () => {
            const { status } = await get(newClient(), id);

            assert.deepEqual([status, stage.proxies.calls], [404, []]);
        });
    }

    it("answers 503 when the database can't be reached", async () => {
        stage.proxies.intercept = () => "cut";

        const { status, body, text, output } = await get(newClient(), unknownId);

        assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.doesNotMatch(text + output, /127\.0\.0\.1|wJalr|socket/);
    });

    it("answers 401 to whom the authorizer did not let in", async () => {
        assert.equal((await api.invoke({ path: `/pedidos/${unknownId}` })).status, 401);
    });

    it("gives the description of the API to everybody", async () => {
        const { status, text } = await api.invoke({ path: "/openapi.json" });

        assert.deepEqual([status, text], [200, '{"openapi":"3"}']);
    });

    it("answers the preflight of a path with the methods and headers of all functions that answer it", async () => {
        const headers = { origin: "https://app.example", "access-control-request-method": "PUT" };

        const answer = await api.invoke({ method: "OPTIONS", path: `/pedidos/${unknownId}`, headers });

        assert.equal(answer.status, 204);
        assert.equal(answer.headers["access-control-allow-origin"], "https://app.example");
        assert.match(answer.headers["access-control-allow-methods"], /GET.*PUT.*DELETE/);
        assert.match(answer.headers["access-control-allow-headers"], /If-Match/);
    });
});
