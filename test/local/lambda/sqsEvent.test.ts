import * as assert from "node:assert/strict";
import { failedMessages, sqsEvents } from "../../../local/services/lambda/eventSources/sqsEvent";
import { LARGEST_PAYLOAD } from "../../../local/services/lambda/invocation";
import type { ReceivedMessage } from "../../../local/services/sqs/types";

function message(messageId: string, body = "x"): ReceivedMessage {
    return { messageId, receiptHandle: messageId, body, md5OfBody: "", attributes: {}, messageAttributes: {} };
}

describe("Lambda: answers to batches", () => {
    const batch = [message("a"), message("b"), message("c")];
    const failures = (answer: unknown) => failedMessages(JSON.stringify(answer), batch);

    it("are a failure of the messages that they name", () => {
        const answer = { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "c" }] };

        assert.deepEqual(failures(answer), new Set(["a", "c"]));
    });

    it("are a success of all when they name none", () => {
        for (const answer of [null, {}, { batchItemFailures: null }, { batchItemFailures: [] }, { other: 1 }, []]) {
            assert.deepEqual(failures(answer), new Set(), JSON.stringify(answer));
        }
        assert.deepEqual(failedMessages("", batch), new Set());
    });

    it("are a failure of all when they can't be read or name what is not in the batch", () => {
        const answers = [
            "text",
            1,
            { batchItemFailures: "a" },
            { batchItemFailures: {} },
            { batchItemFailures: [null] },
            { batchItemFailures: ["a"] },
            { batchItemFailures: [{ itemIdentifier: "" }] },
            { batchItemFailures: [{ itemIdentifier: null }] },
            { batchItemFailures: [{ foo: "a" }] },
            { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "unknown" }] },
        ];
        for (const answer of answers) {
            assert.equal(failures(answer), "all", JSON.stringify(answer));
        }
        assert.equal(failedMessages("{", batch), "all");
    });
});

describe("Lambda: events of messages", () => {
    const source = { queueArn: "arn:aws:sqs:us-east-1:123456789012:queue", region: "us-east-1", filters: [] };

    it("are as few as fit into one invocation each, and lose no message", () => {
        const messages = Array.from({ length: 10 }, (_, index) => message(`${index}`, "é".repeat(500_000)));

        const { events } = sqsEvents(messages, source);

        assert.deepEqual(
            events.map((event) => event.messages.length),
            [6, 4],
        );
        assert.deepEqual(
            events.flatMap((event) => event.messages),
            messages,
        );
        for (const { payload, messages: inEvent } of events) {
            assert.ok(Buffer.byteLength(payload) <= LARGEST_PAYLOAD);
            const { Records } = JSON.parse(payload) as { Records: { messageId: string }[] };
            assert.deepEqual(
                Records.map(({ messageId }) => messageId),
                inEvent.map(({ messageId }) => messageId),
            );
        }
    });
});
