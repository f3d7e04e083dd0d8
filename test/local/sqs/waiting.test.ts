import * as assert from "node:assert/strict";
import {
    ChangeMessageVisibilityCommand,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    SendMessageCommand,
    type ReceiveMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { applyAll, arnOf, caller, queue, startSqs, until, type SqsServer } from "./support/sqsServer";

describe("SQS: receivers that wait", () => {
    let server: SqsServer;
    let QueueUrl: string;
    beforeEach(async () => {
        server = await startSqs();
        QueueUrl = server.queueUrl();
    });
    afterEach(() => server.close());
    const send = (MessageBody: string, DelaySeconds = 0) =>
        server.client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));
    const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
        (await server.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, ...more }))).Messages ??
        [];
    const timed = async <T>(wait: Promise<T>) => {
        const start = performance.now();
        return { result: await wait, ms: performance.now() - start };
    };
    /** Resolves when the service has been asked for so many receives. */
    const asked = (count: number) =>
        until(
            `${count} receives`,
            () => server.questions.filter(({ action }) => action === "sqs:ReceiveMessage").length >= count,
        );

    it("get a message as soon as it is sent", async () => {
        const waiting = timed(receive());
        await asked(1);
        await send("x");

        const { result, ms } = await waiting;

        assert.deepEqual(
            result.map(({ Body }) => Body),
            ["x"],
        );
        assert.ok(ms < 2000, `${ms} ms`);
    });

    it("get a message when its visibility timeout ends, and not before", async () => {
        await send("x");
        await receive({ VisibilityTimeout: 1 });

        const { result, ms } = await timed(receive());

        assert.equal(result.length, 1);
        assert.ok(ms > 900 && ms < 3000, `${ms} ms`);
    });

    it("get a message when its delay ends, and not before", async () => {
        await send("x", 1);

        const { result, ms } = await timed(receive());

        assert.equal(result.length, 1);
        assert.ok(ms > 900 && ms < 3000, `${ms} ms`);
    });

    it("get a message when its receiver makes it visible again", async () => {
        await send("x");
        const [{ ReceiptHandle }] = await receive();
        const waiting = timed(receive());
        await asked(2);
        const change = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
        await server.client.send(change);

        const { result, ms } = await waiting;

        assert.equal(result.length, 1);
        assert.ok(ms < 2000, `${ms} ms`);
    });

    it("get nothing after the time they wait, given or by the queue, and nothing at once by default", async () => {
        const given = await timed(receive({ WaitTimeSeconds: 1 }));
        const byDefault = await timed(receive({ WaitTimeSeconds: undefined }));
        await applyAll(server.sqs, [queue("queue", { receiveWaitTimeSeconds: 1 })]);
        const byQueue = await timed(receive({ WaitTimeSeconds: undefined }));

        assert.deepEqual([given.result, byDefault.result, byQueue.result], [[], [], []]);
        assert.ok(given.ms > 950 && byQueue.ms > 950, `${given.ms} ms, ${byQueue.ms} ms`);
        assert.ok(byDefault.ms < 500, `${byDefault.ms} ms`);
    });

    it("share the messages of a batch, each message going to one of them", async () => {
        const waiting = [1, 2, 3].map(() => receive());
        await asked(3);
        const Entries = ["a", "b", "c"].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
        await server.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

        const bodies = (await Promise.all(waiting)).map((messages) => messages.map(({ Body }) => Body));

        assert.deepEqual(
            bodies.map(({ length }) => length),
            [1, 1, 1],
        );
        assert.deepEqual(bodies.flat().sort(), ["a", "b", "c"]);
    });

    it("take no message when they have gone before it came", async () => {
        const gone = new AbortController();
        const request = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
        const left = server.client.send(request, { abortSignal: gone.signal });
        const service = new AbortController();
        const waiting = server.sqs.receive({
            queueArn: arnOf("queue"),
            principal: caller,
            max: 10,
            waitMs: 20_000,
            signal: service.signal,
        });
        await asked(2);

        gone.abort();
        service.abort();
        await assert.rejects(left, { name: "AbortError" });
        assert.deepEqual(await waiting, []);
        await until("the caller is gone", async () => (await server.connections()) === 0);
        await send("x");

        assert.equal((await receive({ WaitTimeSeconds: 1 })).length, 1);
    });

    it("are answered when the service ends, or their queue is no longer declared", async () => {
        const first = timed(receive());
        await asked(1);
        await applyAll(server.sqs, [queue("another")]);
        const second = timed(receive({ QueueUrl: server.queueUrl("another") }));
        await asked(2);
        await server.sqs.close();

        const answers = await Promise.all([first, second]);

        assert.deepEqual(
            answers.map(({ result }) => result),
            [[], []],
        );
        assert.ok(answers.every(({ ms }) => ms < 5000));
    });
});
