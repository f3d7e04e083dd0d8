import * as assert from "node:assert/strict";
import * as zlib from "node:zlib";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler, TestRequest } from "../../support/invoke";
import { input, itemsOf, newClient, startOrderStage, tableArn, withOrder, type OrderStage } from "./support/orderStage";

const source = { module: "handlers/orderService/createOrder.ts", factory: "createOrderFactory", args: ["task"] };

bothForms("POST /pedidos", source, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: tableArn });
        api = await start(stage.env);
    });
    beforeEach(() => {
        stage.proxies.reset();
        stage.ecs.reset();
    });
    after(() => stage.close());
    const post = (client: string, more?: TestRequest) => api.invoke(withOrder(client, "POST", "/pedidos", more));

    it("answers 202 and where the order's status is to be seen, with the stage in its path", async () => {
        const client = newClient();

        const { status, headers, body } = await post(client, { requestId: "r-1" });

        const self = `/dev/pedidos/${body.order_id}`;
        assert.equal(status, 202);
        assert.match(body.order_id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.deepEqual(body, { order_id: body.order_id, status: "pending", links: { self } });
        assert.deepEqual(
            [headers.location, headers["content-type"], headers["x-request-id"]],
            [self, "application/json", "r-1"],
        );
        assert.match(headers["retry-after"], /^[1-9]\d*$/);
    });

    it("names the order's path without a slash twice, however the request's path ended", async () => {
        const { headers, body } = await post(newClient(), { path: "/pedidos/" });

        assert.equal(headers.location, `/dev/pedidos/${body.order_id}`);
    });

    it("stores the order as it was sent, of the client, and due for another start", async () => {
        const client = newClient();
        const note = "<žluťoučký 🦊 \u0000\ud800>";
        const before = Date.now();

        const { body } = await post(client, { body: JSON.stringify({ ...input, note }), requestId: "r-2" });

        const order = (await readOrder(stage.table, { client, orderId: body.order_id }))!;
        const { createdAt, updatedAt, dueAt, ...rest } = order;
        assert.deepEqual(rest, {
            ...{ client, orderId: body.order_id, input: { ...input, note }, requestId: "r-2" },
            ...{ status: "pending", reason: undefined, totalCents: undefined, run: undefined, sweepId: undefined },
            ...{ version: 1, command: 1, attempt: 1 },
        });
        assert.ok(Date.parse(createdAt) >= before && createdAt === updatedAt && createdAt.endsWith("Z"));
        assert.ok(Math.abs(Date.parse(dueAt!) - before - 120_000) < 5_000, dueAt);
    });

    it("starts one task with the order's first command, after the order was stored", async () => {
        const client = newClient();
        let runs = -1;
        stage.proxies.intercept = ({ label }) => {
            assert.equal(label, "PutItem");
            runs = stage.ecs.requests.length;
            return "forward";
        };

        const { body } = await post(client, { requestId: "r-3" });

        assert.equal(runs, 0, "nothing is started before");
        const [{ overrides, clientToken }, ...others] = stage.ecs.requests;
        assert.deepEqual([clientToken, others], [`${body.order_id}-1-1`, []]);
        assert.deepEqual(
            overrides!.containerOverrides![0].environment!.map(({ name, value }) => `${name}=${value}`).sort(),
            ["ATTEMPT=1", `CLIENT_ID=${client}`, "COMMAND=1", `ORDER_ID=${body.order_id}`, "REQUEST_ID=r-3"],
        );
    });

    it("makes an order of each request without a key, equal ones too", async () => {
        const client = newClient();

        const ids = [(await post(client)).body.order_id, (await post(client)).body.order_id];

        assert.equal((await itemsOf(stage, client)).length, 2);
        assert.ok(ids[0] < ids[1], "ids sort by time");
        assert.equal(stage.ecs.started().length, 2);
    });

    it("takes a body in base64, packed, and with fields that it does not know", async () => {
        const client = newClient();
        const json = JSON.stringify({ ...input, total_cents: 1, status: "confirmed", order_id: "mine", extra: true });
        const packed = { body: zlib.gzipSync(json), headers: { "Content-Encoding": "gzip" } };

        const answers = [await post(client, { body: Buffer.from(json) }), await post(client, packed)];

        for (const { status, body } of answers) {
            assert.deepEqual([status, body.status], [202, "pending"]);
            assert.deepEqual((await readOrder(stage.table, { client, orderId: body.order_id }))?.input, input);
        }
    });

    describe("with what is not valid", () => {
        async function refused(request: TestRequest, status: number, code: string) {
            const client = newClient();
            const answer = await post(client, { ...request, requestId: "r-bad" });
            assert.deepEqual([answer.status, answer.body.code], [status, code]);
            assert.equal(answer.headers["x-request-id"], "r-bad");
            assert.deepEqual(stage.proxies.calls, [], "nothing may be stored");
            assert.deepEqual(stage.ecs.requests, [], "nothing may be paid for");
            return answer;
        }

        it("reports every issue, by its path, and repeats none of the values", async () => {
            const items = [
                { sku: "", quantity: 0, unit_price_cents: -1 },
                { sku: "s", quantity: 1.5, unit_price_cents: "secret" },
            ];
            const body = JSON.stringify({ customer_id: "secret".repeat(20), items, currency: "secret", note: 1 });

            const answer = await refused({ body }, 400, "VALIDATION_FAILED");

            assert.deepEqual(
                answer.body.issues.map(({ path }: { path: string }) => path),
                [
                    "customer_id",
                    ...["items.0.sku", "items.0.quantity", "items.0.unit_price_cents"],
                    ...["items.1.quantity", "items.1.unit_price_cents"],
                    ...["currency", "note"],
                ],
            );
            assert.doesNotMatch(answer.text + answer.output, /secret/);
        });

        for (const [body, code] of [
            ["", "INVALID_JSON"],
            ["{", "INVALID_JSON"],
            ["null", "VALIDATION_FAILED"],
            ["[]", "VALIDATION_FAILED"],
            ['"order"', "VALIDATION_FAILED"],
        ]) {
            it(`answers 400 to the body ${body || "of no bytes"}`, async () => {
                await refused({ body }, 400, code);
            });
        }

        it("answers 400 to bytes that are no UTF-8, and to damaged gzip data", async () => {
            await refused({ body: Buffer.from([0xff, 0xfe]) }, 400, "INVALID_UTF8");
            const headers = { "content-encoding": "gzip" };
            await refused({ body: zlib.gzipSync(JSON.stringify(input)).subarray(0, 30), headers }, 400, "INVALID_GZIP");
        });

        it("answers 413 to a body that is too large, as sent or unpacked", async () => {
            const large = `${JSON.stringify(input)}${" ".repeat(262_144)}`;
            await refused({ body: large }, 413, "PAYLOAD_TOO_LARGE");
            const headers = { "content-encoding": "gzip" };
            await refused({ body: zlib.gzipSync(large), headers }, 413, "PAYLOAD_TOO_LARGE");
        });

        it("answers 415 to another content type or encoding", async () => {
            await refused({ headers: { "content-type": "text/plain" } }, 415, "UNSUPPORTED_CONTENT_TYPE");
            await refused({ headers: { "content-encoding": "br" } }, 415, "UNSUPPORTED_CONTENT_ENCODING");
        });

        it("answers 401 to whom the authorizer did not let in", async () => {
            const { client: _, ...request } = withOrder("x", "POST", "/pedidos");

            const { status } = await api.invoke(request);

            assert.equal(status, 401);
            assert.deepEqual(stage.proxies.calls, []);
        });
    });

    it("takes the largest order there is, all its characters escaped", async () => {
        const escaped = (length: number) => "\\ud83e\\udd8a".repeat(length);
        const item = `{"sku":"${escaped(64)}","quantity":10000,"unit_price_cents":${Number.MAX_SAFE_INTEGER}}`;
        const items = Array.from({ length: 100 }, () => item).join();
        const body = `{"customer_id":"${escaped(64)}","items":[${items}],"currency":"EUR","note":"${escaped(1000)}"}`;

        assert.equal((await post(newClient(), { body })).status, 202);
    });
});
