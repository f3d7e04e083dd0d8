import * as assert from "node:assert/strict";
import { SendMessageBatchCommand, SendMessageCommand, type SendMessageCommandInput } from "@aws-sdk/client-sqs";
import { awsError } from "../../../local/errors";
import { createEventSourceMappings } from "../../../local/services/lambda/eventSources/eventSourceMappings";
import type { InvocationResult } from "../../../local/services/lambda/types";
import { arnOf, queue, startSqs, until, type SqsServer } from "../sqs/support/sqsServer";
import { createHarness, planned, REGION, type Harness } from "./support/harness";

const TYPE = "aws:lambda/eventSourceMapping:EventSourceMapping";

interface Event {
    Records: { body: string; attributes: Record<string, string>; [property: string]: unknown }[];
}

/** Tells its events in its log; fails for bodies that say so, as they say. */
const SOURCE = `exports.handler = async (event) => {
    console.log("GOT " + JSON.stringify(event));
    const bodies = event.Records.map(({ body }) => body);
    if (bodies.includes("throw")) throw new Error("no");
    return { batchItemFailures: event.Records.filter(({ body }) => body.startsWith("fail"))
        .map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

describe("Lambda: event source mappings of queues", () => {
    let harness: Harness;
    let server: SqsServer;
    let mappings: ReturnType<typeof createEventSourceMappings>;
    let printed: string[];

    beforeEach(async () => {
        printed = [];
        harness = createHarness();
        server = await startSqs({ resources: [queue("queue", { visibilityTimeoutSeconds: 2 }), queue("other")] });
        await harness.declare("worker", SOURCE, { timeout: 2 });
        mappings = createEventSourceMappings({
            queues: server.sqs,
            lambda: harness.lambda,
            region: REGION,
            print: (line) => printed.push(line),
        });
    });
    afterEach(async () => {
        await mappings.close?.();
        await harness.close();
        await server.close();
    });

    const declare = (inputs: Record<string, unknown> = {}, name = "mapping") =>
        mappings.apply[TYPE](
            planned(TYPE, name, { eventSourceArn: arnOf("queue"), functionName: "worker", ...inputs }),
        );
    const start = async (inputs: Record<string, unknown> = {}) => {
        await declare(inputs);
        await mappings.ready?.();
    };
    const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
        server.client.send(new SendMessageCommand({ QueueUrl: server.queueUrl(), MessageBody, ...more }));
    const sendAll = (...bodies: string[]) => {
        const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        return server.client.send(new SendMessageBatchCommand({ QueueUrl: server.queueUrl(), Entries }));
    };
    const events = () =>
        (harness.logged.get("/aws/lambda/worker") ?? [])
            .filter((line) => line.includes("GOT "))
            .map((line) => JSON.parse(line.slice(line.indexOf("GOT ") + 4)) as Event);
    const bodies = () => events().map(({ Records }) => Records.map(({ body }) => body));
    const delivered = (...wanted: string[]) =>
        until(`${wanted.join(", ")} delivered`, () => wanted.every((body) => bodies().flat().includes(body)));
    const left = (name = "queue") => {
        const attributes = server.sqs.attributes(arnOf(name))!;
        return (
            Number(attributes.ApproximateNumberOfMessages) + Number(attributes.ApproximateNumberOfMessagesNotVisible)
        );
    };
    const receives = () => server.questions.filter(({ action }) => action === "sqs:ReceiveMessage").length;

    it("hands over a message as Lambda does, and deletes it", async () => {
        await start();
        const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = await send("text", {
            MessageAttributes: {
                kind: { DataType: "String", StringValue: "x" },
                raw: { DataType: "Binary", BinaryValue: Buffer.from("y") },
            },
        });

        await delivered("text");
        await until("the message deleted", () => left() === 0);

        const [{ receiptHandle, attributes, ...record }] = events()[0].Records;
        assert.deepEqual(record, {
            messageId: MessageId,
            body: "text",
            messageAttributes: {
                kind: { stringValue: "x", stringListValues: [], binaryListValues: [], dataType: "String" },
                raw: { binaryValue: "eQ==", stringListValues: [], binaryListValues: [], dataType: "Binary" },
            },
            md5OfMessageAttributes: MD5OfMessageAttributes,
            md5OfBody: MD5OfMessageBody,
            eventSource: "aws:sqs",
            eventSourceARN: arnOf("queue"),
            awsRegion: "us-east-1",
        });
        assert.equal(typeof receiptHandle, "string");
        assert.equal(attributes.ApproximateReceiveCount, "1");
        assert.deepEqual(
            ["SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"].filter((name) => !attributes[name]),
            [],
        );
    });

    it("acts as the function's role in a session named like the function", async () => {
        await start();
        await send("x");
        await until("the message deleted", () => left() === 0 && bodies().length > 0);

        const principal = { type: "role", roleArn: "arn:aws:iam::123456789012:role/worker", sessionName: "worker" };
        const asked = server.questions.filter(({ action }) => /Receive|Delete/.test(action));
        assert.deepEqual(
            new Set(asked.map(({ action }) => action)),
            new Set(["sqs:ReceiveMessage", "sqs:DeleteMessage"]),
        );
        assert.deepEqual(
            asked.map((one) => one.principal),
            asked.map(() => principal),
        );
    });

    it("leaves a batch whose function throws, and brings it again when its visibility runs out", async () => {
        await start();
        await sendAll("throw", "with it");

        await until("a second delivery", () => events().length >= 2);

        const [first, second] = events();
        assert.equal(first.Records.length, 2);
        assert.deepEqual(
            second.Records.map(({ attributes }) => attributes.ApproximateReceiveCount),
            ["2", "2"],
        );
        assert.equal(left(), 2);
    });

    it("brings only those messages again that the function reports", async () => {
        await start({ functionResponseTypes: ["ReportBatchItemFailures"] });
        await sendAll("fine", "fail");

        await until("a second delivery", () => events().length >= 2);

        assert.deepEqual(bodies()[1], ["fail"]);
        assert.equal(left(), 1);
    });

    it("ignores what the function reports without functionResponseTypes", async () => {
        await start();
        await send("fail");

        await until("the message deleted", () => left() === 0);

        assert.deepEqual(bodies(), [["fail"]]);
    });

    it("makes no batch larger than batchSize", async () => {
        await sendAll("1", "2", "3", "4", "5");
        await start({ batchSize: 2 });

        await until("all deleted", () => left() === 0);

        assert.deepEqual(
            bodies()
                .map(({ length }) => length)
                .sort(),
            [1, 2, 2],
        );
    });

    it("collects more than ten messages in a batching window, and waits no longer once the batch is full", async () => {
        await sendAll(...Array.from({ length: 10 }, (_, index) => `${index}`));
        await start({ batchSize: 12, maximumBatchingWindowInSeconds: 300 });
        await sendAll("10", "11");

        await delivered("10", "11");

        assert.deepEqual(
            bodies().map(({ length }) => length),
            [12],
        );
    });

    it("delivers a batch that is not full when the window ends", async () => {
        await start({ batchSize: 100, maximumBatchingWindowInSeconds: 1 });
        await send("alone");

        await delivered("alone");

        assert.deepEqual(bodies(), [["alone"]]);
    });

    it("deletes what no filter matches without invoking the function", async () => {
        await start({
            filterCriteria: {
                filters: [
                    { pattern: '{"body":{"kind":["a"],"size":[{"numeric":[">",1]}]}}' },
                    { pattern: '{"body":["text"]}' },
                ],
            },
        });
        const passing = ['{"kind":"a","size":2}', "text"];
        await sendAll(...passing, '{"kind":"a","size":1}', '{"kind":"b","size":2}', "other text", "[]");

        await delivered(...passing);
        await until("all deleted", () => left() === 0);

        assert.deepEqual(new Set(bodies().flat()), new Set(passing));
    });

    it("delivers nothing without a permission it needs, receives nothing, and says once which is missing", async () => {
        harness.allow = ({ action }) => !/DeleteMessage|GetQueueAttributes/.test(action);
        await start();
        await send("x");
        const checks = () => harness.asked.filter(({ action }) => action === "sqs:DeleteMessage").length;
        await until("a second attempt", () => checks() >= 2);

        assert.deepEqual(printed, [
            `No messages of ${arnOf("queue")} reach worker: the function's execution role may not sqs:DeleteMessage, sqs:GetQueueAttributes on the queue`,
        ]);
        assert.equal(receives(), 0);
        assert.deepEqual(bodies(), []);

        harness.allow = () => true;
        await delivered("x");
    });

    it("goes on after polls that failed, and tells of them once", async () => {
        server.deny = ({ action }) => action === "sqs:ReceiveMessage";
        await start();
        await until("a second poll", () => receives() >= 2);
        server.deny = () => false;
        await send("x");

        await delivered("x");

        assert.equal(printed.length, 1);
        assert.match(printed[0], /sqs:ReceiveMessage/);
    });

    it("polls for no mapping that is disabled", async () => {
        await declare({ enabled: false });
        await start({ eventSourceArn: arnOf("other") });
        await send("hidden");
        await send("seen", { QueueUrl: server.queueUrl("other") });

        await delivered("seen");

        assert.deepEqual(bodies(), [["seen"]]);
        assert.equal(left(), 1);
    });

    it("begins nothing after its end, which waits for a batch under way", async () => {
        await start();
        await send("x");
        await delivered("x");

        await mappings.close?.();
        const polls = receives();
        await send("late");
        await harness.invoke("worker", { Records: [{ body: "asked" }] });

        assert.equal(left(), 1);
        assert.equal(receives(), polls);
        assert.deepEqual(bodies(), [["x"], ["asked"]]);
    });

    it("refuses at ready what Lambda refuses when a mapping is made", async () => {
        await harness.declare("slow", SOURCE, { timeout: 60 });
        const refused: [Record<string, unknown>, RegExp][] = [
            [{ eventSourceArn: arnOf("none") }, /mapping \(.*\): the queue .*:none is not declared/],
            [{ functionName: "none" }, /the function none is not declared/],
            [
                { eventSourceArn: arnOf("other"), functionName: "slow", enabled: false },
                /Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds/,
            ],
        ];
        for (const [inputs, message] of refused) {
            await declare(inputs);
            await assert.rejects(async () => mappings.ready?.(), message);
        }
        await declare();
        await declare();
        await assert.rejects(async () => mappings.ready?.(), /already exists/);
        assert.equal(receives(), 0);
    });

    it("refuses at apply what Lambda or the local run does not take", () => {
        const refused: [Record<string, unknown>, RegExp][] = [
            [{ eventSourceArn: `${arnOf("queue")}.fifo` }, /standard queues/],
            [{ eventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/x" }, /standard queues/],
            [{ batchSize: 0 }, /BatchSize is 0; Lambda allows 1 to 10000/],
            [{ batchSize: 11 }, /window in seconds must be greater than 0/],
            [{ maximumBatchingWindowInSeconds: 301 }, /allows 0 to 300/],
            [{ scalingConfig: { maximumConcurrency: 1 } }, /allows 2 to 1000/],
            [{ functionResponseTypes: ["Other"] }, /ReportBatchItemFailures alone/],
            [{ filterCriteria: { filters: [{ pattern: '{"body":"x"}' }] } }, /"body" must be an object or an array/],
            [{ destinationConfig: {} }, /destinationConfig is not supported/],
        ];
        for (const [inputs, message] of refused) {
            assert.throws(() => declare(inputs), message, JSON.stringify(inputs));
        }
    });
});

describe("Lambda: event source mappings, with a function that the test holds", () => {
    let server: SqsServer;
    let mappings: ReturnType<typeof createEventSourceMappings>;
    let calls: { payload: string; settle: (result: InvocationResult) => void; reject: (error: Error) => void }[];

    beforeEach(async () => {
        calls = [];
        server = await startSqs();
        mappings = createEventSourceMappings({
            queues: server.sqs,
            lambda: {
                configurationOf: () =>
                    ({ name: "held", role: "arn:aws:iam::123456789012:role/held", timeoutSeconds: 3 }) as never,
                roleMay: () => true,
                invokeUnasked: (_name, payload) =>
                    new Promise((settle, reject) => void calls.push({ payload, settle, reject })),
            },
            region: REGION,
            print: (line) => assert.fail(line),
        });
    });
    afterEach(async () => {
        await mappings.close?.();
        await server.close();
    });
    const start = async (inputs: Record<string, unknown>) => {
        await mappings.apply[TYPE](
            planned(TYPE, "mapping", { eventSourceArn: arnOf("queue"), functionName: "held", ...inputs }),
        );
        await mappings.ready?.();
    };
    const send = (...bodies: string[]) => {
        const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
        return server.client.send(new SendMessageBatchCommand({ QueueUrl: server.queueUrl(), Entries }));
    };
    const count = (name: string) => Number(server.sqs.attributes(arnOf("queue"))![name]);

    it("has as many batches under way as maximumConcurrency allows, and takes no more messages meanwhile", async () => {
        await send("1", "2", "3", "4");
        await start({ batchSize: 1, scalingConfig: { maximumConcurrency: 2 } });
        await until("two batches", () => calls.length === 2);

        assert.equal(count("ApproximateNumberOfMessages"), 2);

        calls[0].settle({ payload: "null" });
        await until("a third batch", () => calls.length === 3);
        assert.equal(count("ApproximateNumberOfMessages"), 1);
        calls.slice(1).forEach(({ settle }) => settle({ payload: "null" }));
        await until("the last batch", () => calls.length === 4);
        calls[3].settle({ payload: "null" });
    });

    it("tries a throttled batch again without another receipt, and deletes it when it succeeds", async () => {
        await start({});
        await send("x");
        for (const attempt of [1, 2]) {
            await until(`attempt ${attempt}`, () => calls.length === attempt);
            calls.at(-1)!.reject(awsError("TooManyRequestsException", 429, "Rate Exceeded."));
        }
        await until("a third attempt", () => calls.length === 3);
        calls[2].settle({ payload: "null" });
        await until("the message deleted", () => count("ApproximateNumberOfMessagesNotVisible") === 0);

        assert.equal(new Set(calls.map(({ payload }) => payload)).size, 1);
        assert.match(calls[2].payload, /"ApproximateReceiveCount":"1"/);
        assert.equal(count("ApproximateNumberOfMessages"), 0);
    });

    it("ends at once while it waits for messages, and within its grace while a function does not answer", async () => {
        await start({});
        const before = performance.now();
        await mappings.close?.();
        assert.ok(performance.now() - before < 500);

        await start({});
        await send("x");
        await until("a batch", () => calls.length === 1);
        await mappings.close?.();
        calls[0].settle({ payload: "null" });
    });
});
