import * as assert from "node:assert/strict";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler, TestRequest } from "../../support/invoke";
import { atOnce } from "./support/gates";
import {
    input,
    newClient,
    startOrderStage,
    storeOrder,
    tableArn,
    withOrder,
    type OrderStage,
} from "./support/orderStage";

const source = { module: "handlers/orderService/replaceOrder.ts", factory: "replaceOrderFactory", args: ["task"] };
const other = { ...input, items: [{ sku: "pot", quantity: 1, unit_price_cents: 3000 }], note: "instead" };

bothForms("PUT /pedidos/{id}", source, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    let second: RunningHandler;
    let client: string;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: tableArn });
        [api, second] = await Promise.all([start(stage.env), start(stage.env)]);
    });
    beforeEach(() => {
        stage.proxies.reset();
        stage.ecs.reset();
        client = newClient();
    });
    after(() => stage.close());
    const request = (id: string, ifMatch: string | undefined, more: TestRequest = {}) =>
        withOrder(client, "PUT", `/pedidos/${id}`, {
            body: JSON.stringify(other),
            ...more,
            headers: { ...(ifMatch === undefined ? {} : { "if-MATCH": ifMatch }), ...more.headers },
        });
    const put = (id: string, ifMatch: string | undefined, more?: TestRequest) => api.invoke(request(id, ifMatch, more));
    const stored = ({ orderId }: StoredOrder) => readOrder(stage.table, { client, orderId });
    /** Checks that the order is as it was, and nothing was started. */
    async function isUntouched(order: StoredOrder) {
        assert.deepEqual(await stored(order), order);
        assert.deepEqual(stage.ecs.requests, []);
    }

    for (const [status, version] of [
        ["pending", 1],
        ["confirmed", 3],
        ["rejected", 3],
        ["failed", 3],
    ] as const) {
        it(`puts another order in the place of one that is ${status}, as its next command`, async () => {
            const order = await storeOrder(stage, client, { status });

            const { status: code, headers, body } = await put(order.orderId, `"${version}"`, { requestId: "r-put" });

            const self = `/dev/pedidos/${order.orderId}`;
            assert.equal(code, 202);
            assert.deepEqual(body, { order_id: order.orderId, status: "pending", links: { self } });
            assert.equal(headers.location, self);
            assert.match(headers["retry-after"], /^[1-9]\d*$/);
            const { updatedAt, dueAt, ...now } = (await stored(order))!;
            const { updatedAt: earlier, dueAt: _, ...before } = order;
            assert.deepEqual(now, {
                ...before,
                ...{
                    input: other,
                    requestId: "r-put",
                    status: "pending",
                    version: version + 1,
                    command: 2,
                    attempt: 1,
                },
                ...{ reason: undefined, totalCents: undefined, run: undefined },
            });
            assert.ok(updatedAt >= earlier && dueAt! > updatedAt);
            assert.deepEqual(
                stage.ecs.requests.map(({ clientToken }) => clientToken),
                [`${order.orderId}-2-1`],
            );
        });
    }

    it("takes * for any version, and one of several tags", async () => {
        const order = await storeOrder(stage, client);

        assert.equal((await put(order.orderId, "*")).status, 202);
        assert.equal((await put(order.orderId, '"7", "2"')).status, 202);
        assert.equal((await stored(order))?.version, 3);
    });

    it("takes the order's id in upper case, and names it as it is", async () => {
        const order = await storeOrder(stage, client);

        const { status, headers } = await put(`${order.orderId.toUpperCase()}/`, '"1"');

        assert.deepEqual([status, headers.location], [202, `/dev/pedidos/${order.orderId}`]);
    });

    for (const [ifMatch, status, code] of [
        [undefined, 428, "PRECONDITION_REQUIRED"],
        ['"2"', 412, "VERSION_MISMATCH"],
        ['"01"', 412, "VERSION_MISMATCH"],
        ['W/"1"', 412, "VERSION_MISMATCH"],
        ['"x"', 412, "VERSION_MISMATCH"],
        ["1", 400, "INVALID_IF_MATCH"],
        ["", 400, "INVALID_IF_MATCH"],
    ] as const) {
        it(`answers ${status} to ${ifMatch ?? "no"} If-Match, and changes nothing`, async () => {
            const order = await storeOrder(stage, client);

            const { status: answered, body } = await put(order.orderId, ifMatch);

            assert.deepEqual([answered, body.code], [status, code]);
            await isUntouched(order);
        });
    }

    for (const ifMatch of ['"2"', '"1"', "*", 'W/"2"']) {
        it(`answers 409 to ${ifMatch} while the order is being processed, whether or not the version is right`, async () => {
            const order = await storeOrder(stage, client, { status: "processing" });

            const { status, body, headers } = await put(order.orderId, ifMatch);

            assert.deepEqual([status, body.code, headers["retry-after"]], [409, "BEING_PROCESSED", "5"]);
            await isUntouched(order);
        });
    }

    it("answers 404 for an order of another client, of nobody, and for what is no id, and makes none", async () => {
        const order = await storeOrder(stage, newClient());
        for (const id of [order.orderId, "0190a1b2-c3d4-7e5f-8a9b-0123456789ab", "x", `${order.orderId}x`]) {
            for (const ifMatch of ["*", '"1"', '"9"']) {
                const { status, body } = await put(id, ifMatch);

                assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
                assert.equal(await readOrder(stage.table, { client, orderId: id }), undefined);
            }
        }
        assert.deepEqual(await readOrder(stage.table, order), order);
        assert.deepEqual(stage.ecs.requests, []);
    });

    it("checks the order as POST does, and changes nothing for one that is not valid", async () => {
        const order = await storeOrder(stage, client);

        const invalid = await put(order.orderId, '"1"', { body: '{"customer_id":"","items":[],"currency":"EUR"}' });
        const text = await put(order.orderId, '"1"', { headers: { "content-type": "text/plain" } });
        const large = await put(order.orderId, '"1"', { body: " ".repeat(262_145) });

        assert.deepEqual(
            invalid.body.issues.map(({ path }: { path: string }) => path),
            ["customer_id", "items"],
        );
        assert.deepEqual([invalid.status, text.status, large.status], [400, 415, 413]);
        await isUntouched(order);
    });

    it("of two with one version lets one pass, and answers 412 to the other", async () => {
        const order = await storeOrder(stage, client);
        stage.proxies.intercept = atOnce(2);
        const sent = ["a", "b"].map((note) => ({ body: JSON.stringify({ ...other, note }) }));

        const answers = await Promise.all([
            api.invoke(request(order.orderId, '"1"', sent[0])),
            second.invoke(request(order.orderId, '"1"', sent[1])),
        ]);

        assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 412]);
        const now = (await stored(order))!;
        assert.deepEqual([now.version, now.command, now.input.note], [2, 2, answers[0].status === 202 ? "a" : "b"]);
        assert.equal(stage.ecs.requests.length, 1);
    });

    it("gives 202 when the answer of the database got lost, and counts the change once", async () => {
        const order = await storeOrder(stage, client);
        stage.proxies.intercept = ({ number }) => (number === 1 ? "cut after" : "forward");

        const { status } = await put(order.orderId, '"1"');

        const now = (await stored(order))!;
        assert.deepEqual([status, now.version, now.command], [202, 2, 2]);
        assert.deepEqual([stage.proxies.calls.length, stage.ecs.started().length], [2, 1]);
    });

    it("gives 202 when the task can't be started: the order is stored, and due for another start", async () => {
        const order = await storeOrder(stage, client, { status: "failed" });
        stage.ecs.fates.push("no capacity");

        const { status } = await put(order.orderId, '"3"');

        const now = (await stored(order))!;
        assert.deepEqual([status, now.status, now.input], [202, "pending", other]);
        assert.ok(now.dueAt);
    });

    it("answers 503 when the database can't be reached, starts nothing, and logs nothing of what was sent", async () => {
        const order = await storeOrder(stage, client);
        stage.proxies.intercept = () => "cut";

        const answer = await put(order.orderId, '"1"', { headers: { authorization: "Bearer secret-token" } });

        assert.deepEqual([answer.status, answer.body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.doesNotMatch(answer.text + answer.output, /secret|instead|pot/);
        await isUntouched(order);
    });
});
