import type { Pattern } from "../../events/pattern/compile";
import type { ReceivedMessage } from "../../sqs/types";
import { LARGEST_PAYLOAD } from "../invocation";

/** An event for a function, and the messages in it. */
export interface SqsEvent {
    /** JSON text. */
    readonly payload: string;
    readonly messages: readonly ReceivedMessage[];
}

/**
 * Makes events of messages, more than one where they don't fit into one invocation. Messages that match no filter are set apart.
 * Source: Lambda Developer Guide, "Using Lambda with Amazon SQS" and "Lambda event filtering".
 */
export function sqsEvents(
    messages: readonly ReceivedMessage[],
    source: { readonly queueArn: string; readonly region: string; readonly filters: readonly Pattern[] },
): { events: SqsEvent[]; filtered: ReceivedMessage[] } {
    const events: { texts: string[]; messages: ReceivedMessage[]; bytes: number }[] = [];
    const filtered: ReceivedMessage[] = [];
    for (const message of messages) {
        const record = toRecord(message, source.queueArn, source.region);
        if (!passes(record, source.filters)) {
            filtered.push(message);
            continue;
        }
        const text = JSON.stringify(record);
        const bytes = Buffer.byteLength(text) + 1;
        let event = events.at(-1);
        if (event === undefined || event.bytes + bytes > LARGEST_PAYLOAD) {
            event = { texts: [], messages: [], bytes: '{"Records":[]}'.length };
            events.push(event);
        }
        event.texts.push(text);
        event.messages.push(message);
        event.bytes += bytes;
    }
    return {
        events: events.map((event) => ({
            payload: `{"Records":[${event.texts.join(",")}]}`,
            messages: event.messages,
        })),
        filtered,
    };
}

/**
 * Which messages a function's answer says failed. An answer that names none is a success; one that can't be read, or names what was not
 * in the batch, is the failure of all. Source: Lambda Developer Guide, "Success and failure conditions" of partial batch responses.
 *
 * @param payload What the function answered, as JSON text.
 */
export function failedMessages(payload: string, messages: readonly ReceivedMessage[]): ReadonlySet<string> | "all" {
    let answer: unknown;
    try {
        answer = JSON.parse(payload === "" ? "null" : payload);
    } catch {
        // A runtime of another make may answer any text.
        return "all";
    }
    if (answer === null) {
        return new Set();
    }
    if (typeof answer !== "object") {
        return "all";
    }
    const items = (answer as { batchItemFailures?: unknown }).batchItemFailures ?? [];
    if (!Array.isArray(items)) {
        return "all";
    }
    const ids = items.map((item) => (item as { itemIdentifier?: unknown } | null)?.itemIdentifier);
    const known = new Set(messages.map(({ messageId }) => messageId));
    return ids.every((id): id is string => typeof id === "string" && known.has(id)) ? new Set(ids) : "all";
}

interface SqsRecord {
    readonly body: string;
    readonly [property: string]: unknown;
}

function toRecord(message: ReceivedMessage, queueArn: string, region: string): SqsRecord {
    const { messageId, receiptHandle, body, attributes, md5OfBody, md5OfMessageAttributes } = message;
    const messageAttributes = Object.entries(message.messageAttributes).map(
        ([name, { dataType, stringValue, binaryValue }]) =>
            [name, { stringValue, binaryValue, stringListValues: [], binaryListValues: [], dataType }] as const,
    );
    return {
        messageId,
        receiptHandle,
        body,
        attributes,
        messageAttributes: Object.fromEntries(messageAttributes),
        ...(md5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes }),
        md5OfBody,
        eventSource: "aws:sqs",
        eventSourceARN: queueArn,
        awsRegion: region,
    };
}

/** A pattern of a body's fields matches no text, and a pattern of texts no object. */
function passes(record: SqsRecord, filters: readonly Pattern[]): boolean {
    if (filters.length === 0) {
        return true;
    }
    const read = { ...record, body: parsedObject(record.body) ?? record.body };
    return filters.some((matches) => matches(read));
}

function parsedObject(text: string): object | undefined {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value : undefined;
    } catch {
        // A body may be any text.
        return undefined;
    }
}
