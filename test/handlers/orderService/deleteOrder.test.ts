import * as assert from "node:assert/strict";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";
import { newGate } from "./support/gates";
import {
    badIds,
    itemsOf,
    newClient,
    startOrderStage,
    storeOrder,
    takeOrder,
    tableArn,
    unknownId,
    type OrderStage,
} from "./support/orderStage";

const source = { module: "handlers/orderService/deleteOrder.ts", factory: "deleteOrderFactory", args: [] };

bothForms("DELETE /pedidos/{id}", source, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: tableArn });
        api = await start(stage.env);
    });
    beforeEach(() => stage.proxies.reset());
    after(() => stage.close());
    const remove = (client: string, id: string) => api.invoke({ method: "DELETE", path: `/pedidos/${id}`, client });

    for (const status of ["pending", "confirmed", "rejected", "failed"] as const) {
        it(`answers 204 for an order that is ${status}, and leaves nothing of what it held`, async () => {
            const order = await storeOrder(stage, newClient(), { status });

            const answer = await api.invoke({
                ...{ method: "DELETE", path: `/pedidos/${order.orderId.toUpperCase()}`, client: order.client },
                requestId: "r-delete",
            });

            assert.deepEqual([answer.status, answer.text, answer.headers["content-type"]], [204, "", undefined]);
            const [{ expires_at, ...left }] = await itemsOf(stage, order.client);
            assert.deepEqual(left, { owner: order.client, id: order.orderId, request_id: "r-delete" });
            const days = ((expires_at as number) - Date.now() / 1000) / 86_400;
            assert.ok(days > 1.9 && days < 2.1, "longer than any key is remembered");
        });
    }

    it("answers 404 the second time", async () => {
        const { client, orderId } = await storeOrder(stage, newClient());

        assert.equal((await remove(client, orderId)).status, 204);
        const { status, body } = await remove(client, orderId);

        assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
    });

    it("answers 409 while the order is being processed, and leaves it", async () => {
        const order = await storeOrder(stage, newClient(), { status: "processing" });

        const { status, body, headers } = await remove(order.client, order.orderId);

        assert.deepEqual([status, body.code, headers["retry-after"]], [409, "BEING_PROCESSED", "5"]);
        assert.deepEqual(await readOrder(stage.table, order), order);
    });

    it("answers 404 for an order of another client, which stays, and for one that does not exist, which leaves nothing", async () => {
        const order = await storeOrder(stage, newClient());
        const client = newClient();

        for (const id of [order.orderId, unknownId, ...badIds]) {
            const { status, body } = await remove(client, id);
            assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
        }

        assert.deepEqual(await readOrder(stage.table, order), order);
        assert.deepEqual(await itemsOf(stage, client), []);
    });

    it("answers 204 when the answer of the database got lost", async () => {
        const order = await storeOrder(stage, newClient());
        stage.proxies.intercept = ({ number }) => (number === 1 ? "cut after" : "forward");

        const { status } = await remove(order.client, order.orderId);

        assert.deepEqual([status, stage.proxies.calls.length], [204, 2]);
    });

    it("looks at the order only when it deletes it: one that was taken meanwhile is left", async () => {
        const order = await storeOrder(stage, newClient());
        const gate = newGate();
        stage.proxies.intercept = () => gate.pass();
        const removing = remove(order.client, order.orderId);
        await gate.reached;

        await takeOrder(stage, order);
        gate.open();

        assert.equal((await removing).status, 409);
        assert.equal((await readOrder(stage.table, order))?.status, "processing");
    });

    it("answers 503 when the database can't be reached, and the order stays", async () => {
        const order = await storeOrder(stage, newClient());
        stage.proxies.intercept = () => "cut";

        const { status, body } = await remove(order.client, order.orderId);

        assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.deepEqual(await readOrder(stage.table, order), order);
    });
});
