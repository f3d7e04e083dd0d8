import * as assert from "node:assert/strict";
import * as sqs from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { commandSchema } from "../../../handlers/orderService/starting/queueStarter";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { startSqs, type SqsServer } from "../../local/sqs/support/sqsServer";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";
import type { RunFate } from "./support/fakeEcs";
import { itemsOf, newClient, startOrderStage, tableArn, withOrder, type OrderStage } from "./support/orderStage";

const handler = { module: "handlers/orderService/createOrder.ts", factory: "createOrderFactory" };
const putItem = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: tableArn };

bothForms("POST /pedidos, when something breaks", { ...handler, args: ["task"] }, (start) => {
    let stage: OrderStage;
    let api: RunningHandler;
    before(async () => {
        stage = await startOrderStage(putItem);
        api = await start(stage.env);
    });
    beforeEach(() => {
        stage.proxies.reset();
        stage.ecs.reset();
    });
    after(() => stage.close());
    const post = (client: string, headers: Record<string, string> = {}) =>
        api.invoke(withOrder(client, "POST", "/pedidos", { headers }));

    for (const [what, fates] of Object.entries<RunFate[]>({
        "has no capacity": ["no capacity"],
        "refuses the task": [{ status: 400, code: "InvalidParameterException" }],
        "throttles every try": Array.from({ length: 9 }, () => ({ status: 400, code: "ThrottlingException" })),
        "is broken": Array.from({ length: 9 }, () => ({ status: 500, code: "ServerException" })),
        "does not answer": ["hang"],
    })) {
        it(`answers 202 when ECS ${what}: the order is stored, and due for another start`, async () => {
            const client = newClient();
            stage.ecs.fates.push(...fates);

            const { status, body, output } = await post(client);

            assert.deepEqual([status, body.status, stage.ecs.started()], [202, "pending", []]);
            const order = await readOrder(stage.table, { client, orderId: body.order_id });
            assert.equal(order?.status, "pending");
            assert.ok(order.dueAt);
            assert.match(output, /notStarted/);
        });
    }

    it("starts one task when the answer of ECS got lost", async () => {
        stage.ecs.fates.push("cut after");

        assert.equal((await post(newClient())).status, 202);
        assert.equal(stage.ecs.started().length, 1);
    });

    for (const headers of [{}, { "Idempotency-Key": "k" }] as Record<string, string>[]) {
        const puts = Object.keys(headers).length + 1;
        for (let lost = 1; lost <= puts; lost++) {
            it(`starts the one order when the answer to write ${lost} of ${puts} got lost`, async () => {
                const client = newClient();
                stage.proxies.intercept = ({ number }) => (number === lost ? "cut after" : "forward");

                const { status, body } = await post(client, headers);

                assert.equal(status, 202);
                assert.deepEqual(
                    (await itemsOf(stage, client)).map(({ id }) => id),
                    [body.order_id],
                );
                assert.deepEqual(
                    stage.ecs.requests.map(({ startedBy }) => startedBy),
                    [body.order_id],
                );
            });
        }
    }

    it("answers 503 when the database ends every connection, starts nothing, and says in no answer and no log what was sent", async () => {
        stage.proxies.intercept = () => "cut";
        const headers = { "Idempotency-Key": "secret-key", authorization: "Bearer secret-token" };

        const { status, headers: answered, text, body, output } = await post(newClient(), headers);

        assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.deepEqual(Object.keys(body), ["message", "code"]);
        assert.match(answered["retry-after"], /^\d+$/);
        assert.deepEqual(stage.ecs.requests, []);
        assert.doesNotMatch(text + output, /secret|c-1|ECONN|socket|127\.0\.0\.1|wJalr/);
        assert.match(output, /SERVICE_UNAVAILABLE/);
    });

    it("answers 503 within its time when the database does not answer", async () => {
        stage.proxies.intercept = () => new Promise(() => {});
        const started = performance.now();

        const { status, body } = await post(newClient());

        assert.deepEqual([status, body.code], [503, "SERVICE_UNAVAILABLE"]);
        assert.ok(performance.now() - started < 10_000);
    });

    it("writes neither token nor order nor key into its log when all goes well", async () => {
        const headers = { "Idempotency-Key": "secret-key", authorization: "Bearer secret-token" };

        const { output, status } = await post(newClient(), headers);

        assert.equal(status, 202);
        assert.doesNotMatch(output, /secret|c-1"|tea/);
        assert.match(output, /requestId/);
    });

    it("needs no permission but to put items", async () => {
        await stage.dynamoDb.allow();
        const refused = await post(newClient());
        await stage.dynamoDb.allow(putItem);

        assert.equal(refused.status, 503);
        assert.doesNotMatch(refused.text, /arn:|not authorized/);
        assert.equal((await post(newClient())).status, 202);
    });
});

bothForms("POST /pedidos, with workers", { ...handler, args: ["worker"] }, (start) => {
    let stage: OrderStage;
    let queue: SqsServer;
    let api: RunningHandler;
    before(async () => {
        stage = await startOrderStage(putItem);
        queue = await startSqs();
        const { TASK: _, ...env } = stage.env;
        api = await start({ ...env, AWS_ENDPOINT_URL_SQS: queue.url, QUEUE_URL: queue.queueUrl() });
    });
    after(async () => {
        await queue.close();
        await stage.close();
    });
    const receive = async () => {
        const { Messages = [] } = await queue.client.send(
            new sqs.ReceiveMessageCommand({ QueueUrl: queue.queueUrl(), MessageAttributeNames: ["All"] }),
        );
        return Messages;
    };

    it("puts the command into the queue, under the id of the request, and starts no task", async () => {
        const client = newClient();

        const { status, body } = await api.invoke(withOrder(client, "POST", "/pedidos", { requestId: "r-9" }));

        const [message, ...others] = await receive();
        assert.deepEqual([status, others, stage.ecs.requests], [202, [], []]);
        assert.deepEqual(v.parse(commandSchema(), message.Body), {
            ...{ client, orderId: body.order_id, command: 1, attempt: 1, requestId: "r-9" },
        });
        assert.equal(message.MessageAttributes?.RequestId.StringValue, "r-9");
        const { dueAt } = (await readOrder(stage.table, { client, orderId: body.order_id }))!;
        assert.ok(Math.abs(Date.parse(dueAt!) - Date.now() - 900_000) < 5_000, dueAt);
    });

    it("answers 202 when the queue takes nothing: the order is stored, and due for another start", async () => {
        const client = newClient();
        queue.deny = () => true;

        const { status, body, output } = await api.invoke(withOrder(client, "POST", "/pedidos"));

        queue.deny = () => false;
        const order = await readOrder(stage.table, { client, orderId: body.order_id });
        assert.deepEqual([status, order?.status, await receive()], [202, "pending", []]);
        assert.match(output, /notStarted/);
    });
});
