import * as assert from "node:assert/strict";
import {
    DeleteMessageBatchCommand,
    GetQueueAttributesCommand,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    SendMessageCommand,
    SetQueueAttributesCommand,
    type MessageAttributeValue,
    type ReceiveMessageCommandInput,
    type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { account, queue, startSqs, type SqsServer } from "./support/sqsServer";

describe("SQS: what it refuses", () => {
    let server: SqsServer;
    let QueueUrl: string;
    before(async () => {
        server = await startSqs({
            resources: [
                queue("queue", { maxMessageSize: 1_048_576 }),
                queue("small"),
                queue("tiny", { maxMessageSize: 1024 }),
            ],
        });
        QueueUrl = server.queueUrl();
    });
    after(() => server.close());
    const send = (more: Partial<SendMessageCommandInput>) =>
        server.client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", ...more }));
    const sendBatch = (entries: { Id?: string; MessageBody?: string }[], url = QueueUrl) =>
        server.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries as [] }));
    const receive = (more: Partial<ReceiveMessageCommandInput>) =>
        server.client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
    const attribute = (name: string, value: MessageAttributeValue) => send({ MessageAttributes: { [name]: value } });
    const values = (count: number) => Array.from({ length: count }, (_, index) => index);

    const cases: [string, () => Promise<unknown>, string, string | RegExp][] = [
        [
            "a message without a body",
            () => send({ MessageBody: "" }),
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ],
        [
            "characters that XML does not have",
            () => send({ MessageBody: "a\u0000" }),
            "InvalidMessageContents",
            /^Invalid characters found\. Valid unicode characters are #x9/,
        ],
        [
            "a delay beyond 900 s",
            () => send({ DelaySeconds: 901 }),
            "InvalidParameterValue",
            "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        ],
        [
            "a deduplication id",
            () => send({ MessageDeduplicationId: "1" }),
            "InvalidParameterValue",
            /MessageDeduplicationId$/,
        ],
        [
            "eleven message attributes",
            () =>
                send({
                    MessageAttributes: Object.fromEntries(
                        values(11).map((index) => [`a${index}`, { DataType: "String", StringValue: "x" }]),
                    ),
                }),
            "InvalidParameterValue",
            "Number of message attributes [11] exceeds the allowed maximum [10].",
        ],
        [
            "a message attribute of an unknown type",
            () => attribute("a", { DataType: "Date", StringValue: "x" }),
            "InvalidParameterValue",
            "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
        ],
        [
            "a message attribute without a value",
            () => attribute("a", { DataType: "String", StringValue: "" }),
            "InvalidParameterValue",
            "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
        ],
        [
            "a value in the wrong field",
            () => attribute("a", { DataType: "Binary", StringValue: "x" }),
            "InvalidParameterValue",
            "The message attribute 'a' with type 'Binary' must use field 'BinaryValue'.",
        ],
        [
            "a number that is none",
            () => attribute("a", { DataType: "Number", StringValue: "one" }),
            "InvalidParameterValue",
            /to a number\.$/,
        ],
        [
            "a reserved attribute name",
            () => attribute("AWS.x", { DataType: "String", StringValue: "x" }),
            "InvalidParameterValue",
            /reserved/,
        ],
        [
            "a system attribute other than AWSTraceHeader",
            () => send({ MessageSystemAttributes: { Other: { DataType: "String", StringValue: "x" } } as never }),
            "InvalidParameterValue",
            "Message system attribute name 'Other' is invalid.",
        ],
        [
            "eleven messages at once",
            () => receive({ MaxNumberOfMessages: 11 }),
            "InvalidParameterValue",
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ],
        [
            "to wait more than 20 s",
            () => receive({ WaitTimeSeconds: 21 }),
            "InvalidParameterValue",
            "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ],
        [
            "a visibility beyond 12 hours",
            () => receive({ VisibilityTimeout: 43_201 }),
            "InvalidParameterValue",
            "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.",
        ],
        [
            "an empty batch",
            () => sendBatch([]),
            "EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.",
        ],
        [
            "a batch of eleven",
            () => sendBatch(values(11).map((index) => ({ Id: String(index), MessageBody: "x" }))),
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ],
        [
            "ids of a batch that are the same",
            () =>
                sendBatch([
                    { Id: "a", MessageBody: "1" },
                    { Id: "a", MessageBody: "2" },
                ]),
            "BatchEntryIdsNotDistinct",
            "Id a repeated.",
        ],
        [
            "an id of a batch with a space",
            () => sendBatch([{ Id: "a b", MessageBody: "1" }]),
            "InvalidBatchEntryId",
            /^A batch entry id can only contain alphanumeric characters, hyphens and underscores/,
        ],
        [
            "a batch of deletions without entries",
            () => server.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [] })),
            "EmptyBatchRequest",
            "There should be at least one DeleteMessageBatchRequestEntry in the request.",
        ],
        [
            "a queue that is not declared",
            () => send({ QueueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/none` }),
            "QueueDoesNotExist",
            "The specified queue does not exist.",
        ],
        [
            "a queue of another account",
            () => send({ QueueUrl: "https://sqs.us-east-1.amazonaws.com/999999999999/queue" }),
            "QueueDoesNotExist",
            "The specified queue does not exist.",
        ],
        [
            "a URL that is no queue's",
            () => send({ QueueUrl: `${server.url}/queue` }),
            "InvalidAddress",
            /is not valid for this endpoint\.$/,
        ],
        [
            "an attribute of a queue that does not exist",
            () => server.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Color" as "All"] })),
            "InvalidAttributeName",
            "Unknown Attribute Color.",
        ],
        [
            "a value of an attribute that is out of range",
            () =>
                server.client.send(
                    new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "43201" } }),
                ),
            "InvalidAttributeValue",
            /^Invalid value for the parameter VisibilityTimeout\./,
        ],
    ];
    for (const [what, call, name, message] of cases) {
        it(`refuses ${what}`, async () => {
            await assert.rejects(call(), { name, message });
        });
    }

    it("takes a message of 1 MiB, attributes included, and none that is a byte longer", async () => {
        const MessageAttributes = { name: { DataType: "String", StringValue: "value" } };
        const rest = 1_048_576 - "nameStringvalue".length;

        await send({ MessageBody: "x".repeat(rest), MessageAttributes });

        await assert.rejects(send({ MessageBody: "x".repeat(rest + 1), MessageAttributes }), {
            name: "InvalidParameterValue",
            message: "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
        });
    });

    it("counts bytes, not characters, and has the provider's limit of 256 KiB by default", async () => {
        await assert.rejects(send({ QueueUrl: server.queueUrl("tiny"), MessageBody: "ü".repeat(513) }), {
            message: "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        });
        await assert.rejects(send({ QueueUrl: server.queueUrl("small"), MessageBody: "x".repeat(262_145) }), {
            message: "One or more parameters are invalid. Reason: Message must be shorter than 262144 bytes.",
        });
    });

    it("refuses a batch of more than 1 MiB as a whole, and an entry above the queue's limit alone", async () => {
        const half = "x".repeat(524_289);
        const tooLong = sendBatch([
            { Id: "a", MessageBody: half },
            { Id: "b", MessageBody: half },
        ]);
        await assert.rejects(tooLong, {
            name: "BatchRequestTooLong",
            message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.",
        });

        const { Successful, Failed } = await sendBatch(
            [
                { Id: "a", MessageBody: "x".repeat(1025) },
                { Id: "b", MessageBody: "x" },
            ],
            server.queueUrl("tiny"),
        );

        assert.deepEqual(
            Successful?.map(({ Id }) => Id),
            ["b"],
        );
        assert.deepEqual(
            Failed?.map(({ Id, Code }) => [Id, Code]),
            [["a", "InvalidParameterValue"]],
        );
    });

    it("names an error in the body, and in a header as the query protocol does", async () => {
        const { status, headers, body } = await server.send(
            "AmazonSQS.GetQueueUrl",
            JSON.stringify({ QueueName: "none" }),
        );

        assert.equal(status, 400);
        assert.equal(headers.get("x-amzn-query-error"), "AWS.SimpleQueueService.NonExistentQueue;Sender");
        assert.equal(headers.get("content-type"), "application/x-amz-json-1.0");
        assert.match(headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
        assert.deepEqual(JSON.parse(body), {
            __type: "com.amazonaws.sqs#QueueDoesNotExist",
            message: "The specified queue does not exist.",
        });
    });

    it("names the operation that it does not have, and the one that nobody has", async () => {
        const type = async (target: string | undefined, body = "{}") => {
            const answer = JSON.parse((await server.send(target, body)).body) as { __type: string; message: string };
            return [answer.__type.split("#")[1], answer.message];
        };

        assert.deepEqual(await type("AmazonSQS.CreateQueue"), [
            "UnsupportedOperation",
            "The local run does not have the operation CreateQueue of SQS.",
        ]);
        assert.deepEqual(await type("AmazonSQS.Dance"), [
            "InvalidAction",
            "The action Dance is not valid for this endpoint.",
        ]);
        assert.deepEqual((await type(undefined, "Action=SendMessage"))[0], "UnsupportedOperation");
        assert.deepEqual((await type("AmazonSQS.ListQueues", "{"))[0], "SerializationException");
        assert.deepEqual((await type("AmazonSQS.SendMessage", '{"QueueUrl":1}'))[0], "SerializationException");
    });
});
