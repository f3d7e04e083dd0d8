import * as assert from "node:assert/strict";
import { deleteOrder } from "../../../handlers/orderService/table/deleteOrder";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { bothForms } from "../../support/bothForms";
import type { Invocation, RunningHandler } from "../../support/invoke";
import { atOnce, newGate } from "./support/gates";
import {
    expireKey,
    input,
    itemsOf,
    newClient,
    startOrderStage,
    tableArn,
    withOrder,
    type OrderStage,
} from "./support/orderStage";

const source = { module: "handlers/orderService/createOrder.ts", factory: "createOrderFactory", args: ["task"] };

bothForms("Idempotency-Key", source, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    let other: RunningHandler;
    let client: string;
    before(async () => {
        stage = await startOrderStage({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: tableArn });
        [api, other] = await Promise.all([start(stage.env), start(stage.env)]);
    });
    beforeEach(() => {
        stage.proxies.reset();
        stage.ecs.reset();
        client = newClient();
    });
    after(() => stage.close());
    const withKey = (key: string, body = JSON.stringify(input)) =>
        withOrder(client, "POST", "/pedidos", { body, headers: { "idempotency-KEY": key } });
    /** Checks that answers are all the same 202, of the one order there is, for which one task was started. */
    async function isOne(...answers: Invocation[]) {
        const [{ body, headers }] = answers;
        for (const answer of answers) {
            assert.deepEqual([answer.status, answer.body], [202, body]);
            assert.equal(answer.headers.location, headers.location);
        }
        const orders = await itemsOf(stage, client);
        assert.deepEqual(
            orders.map(({ id, command, version }) => [id, command, version]),
            [[body.order_id, 1, 1]],
        );
        assert.deepEqual(
            stage.ecs.requests.map(({ startedBy }) => startedBy),
            [body.order_id],
        );
    }

    it("said twice with one order gives the same 202 and no second task", async () => {
        await isOne(await api.invoke(withKey("k")), await other.invoke(withKey("k")));
    });

    it("knows an order again whatever the order of its fields, its spaces, and fields that mean nothing", async () => {
        const { items, ...rest } = input;
        const same = JSON.stringify({ extra: 1, items, ...rest }, undefined, 4);

        await isOne(await api.invoke(withKey("k")), await api.invoke(withKey("k", same)));
    });

    it("with another order is refused with 422, which changes nothing", async () => {
        const first = await api.invoke(withKey("k"));

        const { status, body } = await api.invoke(withKey("k", JSON.stringify({ ...input, note: "x" })));

        assert.deepEqual([status, body.code], [422, "IDEMPOTENCY_CONFLICT"]);
        await isOne(first, await api.invoke(withKey("k")));
    });

    it("is not used up by an order that is not valid", async () => {
        assert.equal((await api.invoke(withKey("k", "{}"))).status, 400);

        await isOne(await api.invoke(withKey("k")));
    });

    it("of another client is another key", async () => {
        const first = await api.invoke(withKey("k"));
        client = newClient();
        stage.ecs.reset();

        const second = await api.invoke(withKey("k"));

        assert.notEqual(first.body.order_id, second.body.order_id);
        await isOne(second);
    });

    it("in another case is another key", async () => {
        const first = await api.invoke(withKey("key"));
        const second = await api.invoke(withKey("KEY"));

        assert.notEqual(first.body.order_id, second.body.order_id);
    });

    for (const key of ["x", "~".repeat(255), "#/ ,\"'\\", "order"]) {
        it(`may be ${key.slice(0, 20)}, of ${key.length} characters`, async () => {
            await isOne(await api.invoke(withKey(key)), await api.invoke(withKey(key)));
        });
    }

    for (const [what, key] of Object.entries({
        "of no characters": "",
        "of 256 characters": "x".repeat(256),
        "with a character that does not print": "a\u0007b",
        "with a tab": "a\tb",
        "with a character outside of ASCII": "é",
    })) {
        it(`${what} is refused with 400, and nothing is stored`, async () => {
            const { status, body, output } = await api.invoke(withKey(key));

            assert.deepEqual([status, body.code], [400, "INVALID_IDEMPOTENCY_KEY"]);
            assert.deepEqual(
                body.issues.map(({ path }: { path: string }) => path),
                ["Idempotency-Key"],
            );
            assert.deepEqual([stage.proxies.calls, stage.ecs.requests], [[], []]);
            assert.ok(key === "" || !output.includes(key));
        });
    }

    it("said twice at the same instant, to two environments, makes one order and starts one task", async () => {
        for (let round = 0; round < 5; round++) {
            stage.proxies.reset();
            stage.ecs.reset();
            stage.proxies.intercept = atOnce(2);

            await isOne(...(await Promise.all([api.invoke(withKey(`k${round}`)), other.invoke(withKey(`k${round}`))])));

            client = newClient();
        }
    });

    it("at the same instant with two orders lets one pass, and refuses the other", async () => {
        stage.proxies.intercept = ({ number }) => (number <= 2 ? both() : "forward");
        const both = atOnce(2);
        const notes = [api, other].map((one, index) =>
            one.invoke(withKey("k", JSON.stringify({ ...input, note: `${index}` }))),
        );

        const answers = (await Promise.all(notes)).sort((a, b) => a.status - b.status);

        assert.equal(answers[1].status, 422);
        await isOne(answers[0]);
    });

    it("of a request that was cut off before its order was stored is made whole by the repeat", async () => {
        stage.proxies.intercept = ({ number }) => (number === 1 ? "forward" : "cut");
        const cutOff = await api.invoke(withKey("k"));
        assert.deepEqual([cutOff.status, await itemsOf(stage, client)], [503, []]);
        const [{ order_id }] = await itemsOf(stage, `key#${client}`);
        stage.proxies.reset();

        const answer = await api.invoke(withKey("k"));

        assert.equal(answer.body.order_id, order_id);
        await isOne(answer);
    });

    it("said again after the order was deleted gives the same 202, and the order does not come back", async () => {
        const { body } = await api.invoke(withKey("k"));
        const key = { client, orderId: body.order_id };
        assert.equal(await deleteOrder(stage.table, key, "r-delete"), "deleted");

        const repeat = await api.invoke(withKey("k"));

        assert.deepEqual([repeat.status, repeat.body], [202, body]);
        assert.equal(await readOrder(stage.table, key), undefined);
        assert.equal(stage.ecs.requests.length, 1);
    });

    it("said again while the order is being deleted does not bring it back", async () => {
        const { body } = await api.invoke(withKey("k"));
        const key = { client, orderId: body.order_id };
        const gate = newGate();
        stage.proxies.reset();
        stage.proxies.intercept = ({ number }) => (number === 2 ? gate.pass() : "forward");
        const repeating = api.invoke(withKey("k"));
        await gate.reached;

        assert.equal(await deleteOrder(stage.table, key, "r-delete"), "deleted");
        gate.open();

        assert.deepEqual((await repeating).body, body);
        assert.equal(await readOrder(stage.table, key), undefined);
        assert.equal(stage.ecs.requests.length, 1);
    });

    it("is remembered for a day, under the id of the request, without the order itself", async () => {
        const { body } = await api.invoke({ ...withKey("k"), requestId: "r-key" });

        const [{ expires_at, body_sha256, ...item }] = await itemsOf(stage, `key#${client}`);

        assert.deepEqual(item, { owner: `key#${client}`, id: "k", order_id: body.order_id, request_id: "r-key" });
        assert.match(body_sha256 as string, /^[0-9a-f]{64}$/);
        assert.ok(Math.abs((expires_at as number) - Date.now() / 1000 - 86_400) < 10);
    });

    it("is free again when its day is over, also before DynamoDB deleted it", async () => {
        const first = await api.invoke(withKey("k"));
        await expireKey(stage, client, "k");

        const second = await api.invoke(withKey("k", JSON.stringify({ ...input, note: "x" })));

        assert.equal(second.status, 202);
        assert.notEqual(second.body.order_id, first.body.order_id);
    });
});
