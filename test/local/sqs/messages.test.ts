import * as assert from "node:assert/strict";
import {
    ChangeMessageVisibilityBatchCommand,
    ChangeMessageVisibilityCommand,
    DeleteMessageBatchCommand,
    DeleteMessageCommand,
    GetQueueAttributesCommand,
    PurgeQueueCommand,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    SendMessageCommand,
    type Message,
    type ReceiveMessageCommandInput,
    type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { arnOf, caller, queue, startSqs, type SqsServer } from "./support/sqsServer";

describe("SQS: messages", () => {
    let server: SqsServer;
    let QueueUrl: string;
    beforeEach(async () => {
        server = await startSqs({ resources: [queue("queue", { visibilityTimeoutSeconds: 60 }), queue("other")] });
        QueueUrl = server.queueUrl();
    });
    afterEach(() => server.close());
    const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
        server.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
    const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
        (await server.client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more })))
            .Messages ?? [];
    const bodies = async (more?: Partial<ReceiveMessageCommandInput>) => (await receive(more)).map(({ Body }) => Body);
    const remove = (ReceiptHandle?: string) =>
        server.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
        server.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    const counts = async () => {
        const { Attributes } = await server.client.send(
            new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        const all: Record<string, string> = { ...Attributes };
        return ["", "NotVisible", "Delayed"].map((kind) => all[`ApproximateNumberOfMessages${kind}`]);
    };

    it("hands over what was sent, once, until the visibility timeout is over", async () => {
        const { MessageId, MD5OfMessageBody } = await send("Grüße 🎉");

        const [first] = await receive();
        const hidden = await receive();
        const whileHidden = await counts();
        server.pass(60);
        const [again] = await receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount"] });

        assert.equal(first.Body, "Grüße 🎉");
        assert.deepEqual([first.MessageId, first.MD5OfBody], [MessageId, MD5OfMessageBody]);
        assert.deepEqual(hidden, []);
        assert.deepEqual(whileHidden, ["0", "1", "0"]);
        assert.deepEqual([again.MessageId, again.Attributes], [MessageId, { ApproximateReceiveCount: "2" }]);
        assert.notEqual(again.ReceiptHandle, first.ReceiptHandle);
        assert.equal(first.Attributes, undefined);
    });

    it("has the system attributes that were asked for, by both names of the parameter", async () => {
        const before = Date.now();
        await send("x", {
            MessageGroupId: "tenant",
            MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1" } },
        });

        const [all] = await receive({ MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 });
        const [one] = await receive({ AttributeNames: ["SenderId" as never], VisibilityTimeout: 0 });

        const { SentTimestamp, ApproximateFirstReceiveTimestamp, ...others } = all.Attributes ?? {};
        assert.deepEqual(others, {
            AWSTraceHeader: "Root=1",
            ApproximateReceiveCount: "1",
            MessageGroupId: "tenant",
            SenderId: "worker:test",
        });
        assert.ok(Number(SentTimestamp) >= before && Number(ApproximateFirstReceiveTimestamp) >= Number(SentTimestamp));
        assert.deepEqual(one.Attributes, { SenderId: "worker:test" });
        await assert.rejects(receive({ AttributeNames: ["Nothing" as never] }), {
            name: "InvalidAttributeName",
            message: "Unknown Attribute Nothing.",
        });
    });

    it("hands over message attributes by name, prefix or all, with the MD5 of the SQS Developer Guide", async () => {
        const { MD5OfMessageAttributes } = await send("x", {
            MessageAttributes: {
                "order.id": { DataType: "Number", StringValue: "7" },
                "order.kind": { DataType: "String.kind", StringValue: "new" },
                bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) },
            },
        });

        const names = async (MessageAttributeNames: string[]) => {
            const [message] = await receive({ MessageAttributeNames, VisibilityTimeout: 0 });
            return [Object.keys(message.MessageAttributes ?? {}).sort(), message.MD5OfMessageAttributes] as const;
        };

        const everything = ["bytes", "order.id", "order.kind"];
        assert.deepEqual(await names(["All"]), [everything, MD5OfMessageAttributes]);
        assert.deepEqual(await names([".*"]), [everything, MD5OfMessageAttributes]);
        assert.deepEqual((await names(["order.*"]))[0], ["order.id", "order.kind"]);
        assert.deepEqual((await names(["bytes", "none"]))[0], ["bytes"]);
        assert.deepEqual(await names([]), [[], undefined]);
        const [message] = await receive({ MessageAttributeNames: ["bytes"] });
        assert.deepEqual(
            Buffer.from(message.MessageAttributes?.bytes.BinaryValue as Uint8Array),
            Buffer.from([1, 2, 255]),
        );
        // Computed apart, by the algorithm of the guide: length, name, length, type, 1 or 2, length, value.
        assert.equal(MD5OfMessageAttributes, "cfa8d151c7f5dd6b41c15221706c4103");
    });

    it("keeps a delayed message back until its delay is over", async () => {
        await send("later", { DelaySeconds: 5 });

        const early = await bodies();
        const before = await counts();
        server.pass(5);

        assert.deepEqual([early, before], [[], ["0", "0", "1"]]);
        assert.deepEqual(await bodies(), ["later"]);
    });

    it("forgets messages past their retention, also those in flight", async () => {
        await server.close();
        server = await startSqs({ resources: [queue("queue", { messageRetentionSeconds: 60 })] });
        QueueUrl = server.queueUrl();
        await send("in flight");
        await receive({ VisibilityTimeout: 1000 });
        await send("waiting");

        server.pass(59);
        const before = await counts();
        server.pass(2);

        assert.deepEqual(before, ["1", "1", "0"]);
        assert.deepEqual(await counts(), ["0", "0", "0"]);
        assert.deepEqual(await bodies(), []);
    });

    it("deletes for good, and says nothing when the message is gone already", async () => {
        await send("x");
        const [{ ReceiptHandle }] = await receive();

        await remove(ReceiptHandle);
        await remove(ReceiptHandle);
        server.pass(60);

        assert.deepEqual(await bodies(), []);
        assert.deepEqual(await counts(), ["0", "0", "0"]);
    });

    it("deletes nothing by the handle of an earlier receive, but by one whose visibility is over", async () => {
        await send("x");
        const [first] = await receive();
        server.pass(60);
        const [second] = await receive();

        await remove(first.ReceiptHandle);
        const afterOld = await counts();
        server.pass(60);
        await remove(second.ReceiptHandle);

        assert.deepEqual(afterOld, ["0", "1", "0"]);
        assert.deepEqual(await counts(), ["0", "0", "0"]);
    });

    it("refuses handles that it did not make, and those of another queue", async () => {
        await send("x", { QueueUrl: server.queueUrl("other") });
        const [foreign] = await receive({ QueueUrl: server.queueUrl("other") });

        for (const handle of ["garbage", foreign.ReceiptHandle as string]) {
            const expected = {
                name: "ReceiptHandleIsInvalid",
                message: `The input receipt handle "${handle}" is not a valid receipt handle.`,
            };
            await assert.rejects(remove(handle), expected);
            await assert.rejects(hide(handle, 0), expected);
        }
    });

    it("makes a message visible at once, or later, as its receiver wants", async () => {
        await send("x");
        const [first] = await receive();
        await hide(first.ReceiptHandle, 0);
        const [second] = await receive();
        await hide(second.ReceiptHandle, 100);
        server.pass(99);
        const early = await bodies();
        server.pass(1);

        assert.equal(second.Body, "x");
        assert.deepEqual(early, []);
        assert.deepEqual(await bodies(), ["x"]);
    });

    it("changes no visibility of a message that is gone, not in flight, or beyond 12 hours", async () => {
        await send("x");
        const [first] = await receive();
        server.pass(10);
        await assert.rejects(hide(first.ReceiptHandle, 43_200), {
            name: "InvalidParameterValue",
            message:
                "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
        });
        server.pass(50);
        await assert.rejects(hide(first.ReceiptHandle, 1), { name: "MessageNotInflight" });
        const [second] = await receive();
        await remove(second.ReceiptHandle);
        await assert.rejects(hide(second.ReceiptHandle, 1), {
            name: "InvalidParameterValue",
            message: /Reason: Message does not exist or is not available for visibility timeout change\.$/,
        });
        await assert.rejects(hide(second.ReceiptHandle, 43_201), { name: "InvalidParameterValue" });
    });

    it("takes batches, and refuses an entry without the others", async () => {
        const sent = await server.client.send(
            new SendMessageBatchCommand({
                QueueUrl,
                Entries: [
                    { Id: "a", MessageBody: "1" },
                    { Id: "b", MessageBody: "\u0001" },
                    { Id: "c", MessageBody: "2" },
                ],
            }),
        );
        const messages = await receive();
        const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        const bad = { Id: "bad", ReceiptHandle: "garbage" };
        const hidden = await server.client.send(
            new ChangeMessageVisibilityBatchCommand({
                QueueUrl,
                Entries: [...handles, bad].map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
            }),
        );
        const again = await receive();
        const deleted = await server.client.send(
            new DeleteMessageBatchCommand({
                QueueUrl,
                Entries: [...again.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })), bad],
            }),
        );

        assert.deepEqual(
            [sent, hidden, deleted].map(({ Successful }) => Successful?.map(({ Id }) => Id)),
            [
                ["a", "c"],
                ["0", "1"],
                ["0", "1"],
            ],
        );
        assert.deepEqual(
            [sent, hidden, deleted].map(({ Failed }) =>
                Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
            ),
            [
                [["b", "InvalidMessageContents", true]],
                [["bad", "ReceiptHandleIsInvalid", true]],
                [["bad", "ReceiptHandleIsInvalid", true]],
            ],
        );
        assert.deepEqual(await counts(), ["0", "0", "0"]);
    });

    it("makes messages visible again for another service, those whose handle is still good, and names the other", async () => {
        await send("a");
        await send("b");
        const base = { queueArn: arnOf("queue"), principal: caller };
        const { signal } = new AbortController();
        const messages = await server.sqs.receive({ ...base, max: 10, waitMs: 0, signal });
        const receiptHandles = ["garbage", ...messages.map(({ receiptHandle }) => receiptHandle)];

        const changed = server.sqs.changeVisibility({ ...base, receiptHandles, seconds: 0 });

        await assert.rejects(changed, { code: "ReceiptHandleIsInvalid" });
        assert.deepEqual((await bodies()).sort(), ["a", "b"]);
    });

    it("purges a queue, and not twice in a minute", async () => {
        await send("x");
        await send("delayed", { DelaySeconds: 1 });
        const purge = () => server.client.send(new PurgeQueueCommand({ QueueUrl }));

        await purge();

        assert.deepEqual(await counts(), ["0", "0", "0"]);
        await assert.rejects(purge(), { name: "PurgeQueueInProgress" });
        server.pass(60);
        await purge();
    });
});
