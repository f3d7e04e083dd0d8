import * as assert from "node:assert/strict";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { createOrderFactory } from "../../../handlers/orderService/createOrder";
import { replaceOrderFactory } from "../../../handlers/orderService/replaceOrder";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { proxyEvent, type TestRequest } from "../../support/invoke";
import { atOnce } from "./support/gates";
import {
    input,
    itemsOf,
    newClient,
    startOrderStage,
    storeOrder,
    tableArn,
    withOrder,
    type OrderStage,
} from "./support/orderStage";
import { withVariables } from "./support/variables";

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const TWENTY = Array.from({ length: 20 }, (_, index) => index);

/** In this very process: twenty of their own would take long to start, and meet no closer than at the proxy. */
describe("twenty requests at the same instant", () => {
    let stage: OrderStage;
    let client: string;
    before(async () => {
        const actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"];
        stage = await startOrderStage({ Effect: "Allow", Action: actions, Resource: tableArn });
    });
    withVariables(() => stage.env);
    beforeEach(() => {
        stage.proxies.reset();
        stage.ecs.reset();
        client = newClient();
    });
    after(() => stage.close());

    it("with one Idempotency-Key and one order make one order, and start one task", async () => {
        stage.proxies.intercept = atOnce(20);
        const request = withOrder(client, "POST", "/pedidos", { headers: { "Idempotency-Key": "k" } });

        const answers = await together(
            createOrderFactory("task"),
            TWENTY.map(() => request),
        );

        const bodies = new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`));
        const [{ id, version }, ...others] = await itemsOf(stage, client);
        assert.equal(stage.proxies.calls.length, 40, "each claimed the key, and then stored the order");
        assert.equal(bodies.size, 1);
        assert.match([...bodies][0], new RegExp(`^202 .*"order_id":"${id}"`));
        assert.deepEqual([version, others, stage.ecs.requests.length], [1, [], 1]);
    });

    it("with one Idempotency-Key and an order each make the one order that came first, and are else refused", async () => {
        const all = atOnce(20);
        stage.proxies.intercept = ({ number }) => (number <= 20 ? all() : "forward");
        const requests = TWENTY.map((index) =>
            withOrder(client, "POST", "/pedidos", {
                body: JSON.stringify({ ...input, note: `${index}` }),
                headers: { "Idempotency-Key": "k" },
            }),
        );

        const answers = await together(createOrderFactory("task"), requests);

        const first = answers.findIndex(({ statusCode }) => statusCode === 202);
        assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [202, ...TWENTY.slice(1).map(() => 422)]);
        const [{ id }, ...others] = await itemsOf(stage, client);
        const order = await readOrder(stage.table, { client, orderId: id as string });
        assert.deepEqual([order?.input.note, others, stage.ecs.requests.length], [`${first}`, [], 1]);
    });

    it("without a key make twenty orders", async () => {
        stage.proxies.intercept = atOnce(20);

        await together(
            createOrderFactory("task"),
            TWENTY.map(() => withOrder(client, "POST", "/pedidos")),
        );

        assert.equal((await itemsOf(stage, client)).length, 20);
        assert.equal(stage.ecs.started().length, 20);
    });

    it("that replace one version let one pass, and answer 412 to the others", async () => {
        const { orderId } = await storeOrder(stage, client);
        stage.proxies.intercept = atOnce(20);
        const requests = TWENTY.map((index) =>
            withOrder(client, "PUT", `/pedidos/${orderId}`, {
                body: JSON.stringify({ ...input, note: `${index}` }),
                headers: { "If-Match": '"1"' },
            }),
        );

        const answers = await together(replaceOrderFactory("task"), requests);

        const passed = answers.findIndex(({ statusCode }) => statusCode === 202);
        assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [202, ...TWENTY.slice(1).map(() => 412)]);
        const order = await readOrder(stage.table, { client, orderId });
        assert.deepEqual([order?.input.note, order?.version, order?.command], [`${passed}`, 2, 2]);
        assert.deepEqual(
            stage.ecs.requests.map(({ clientToken }) => clientToken),
            [`${orderId}-2-1`],
        );
    });
});

/** What a handler answers to requests that come together; what it logs meanwhile is kept back. */
async function together(handler: Handler, requests: readonly TestRequest[]): Promise<APIGatewayProxyResult[]> {
    const { info, warn } = console;
    const context = { getRemainingTimeInMillis: () => 10_000 } as Context;
    console.info = console.warn = () => {};
    try {
        return await Promise.all(requests.map((request) => handler(proxyEvent(request), context)));
    } finally {
        Object.assign(console, { info, warn });
    }
}
