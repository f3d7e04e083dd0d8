import * as crypto from "node:crypto";
import { awsError } from "../../../errors";
import { authorizeKey } from "../access";
import { batchAnswer, batchEntries, forEntries } from "../batch";
import type { SqsRequest } from "../environment";
import { invalidParameter, invalidValue } from "../errors";
import { optionalInteger, optionalMap, optionalText, requiredText, targetQueue, type Input } from "../input";
import { attributesMd5, attributesSize, readMessageAttributes, type MessageAttributes } from "../messageAttributes";
import type { Queue } from "../queue/queue";
import type { StoredMessage } from "../queue/types";

export async function sendMessage(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "SendMessage");
    const message = fitting(queue, newMessage(request, queue, request.input));
    authorizeKey(request, queue, "send");
    await queue.send([message]);
    return sent(message);
}

export async function sendMessageBatch(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "SendMessage");
    const entries = batchEntries(request.input, "SendMessageBatchRequestEntry");
    const read = forEntries(entries, (input) => newMessage(request, queue, input));
    const total = read.done.reduce((sum, { value }) => sum + sizeOf(value), 0);
    if (total > LARGEST_BATCH) {
        const message = `Batch requests cannot be longer than ${LARGEST_BATCH} bytes. You have sent ${total} bytes.`;
        throw awsError("BatchRequestTooLong", 400, message);
    }
    const { done, failed } = forEntries(read.done, (message) => fitting(queue, message));
    authorizeKey(request, queue, "send");
    if (done.length > 0) await queue.send(done.map(({ value }) => value));
    const successful = done.map(({ id, value }) => ({ Id: id, ...sent(value) }));
    return batchAnswer(successful, [...read.failed, ...failed]);
}

/** In bytes. */
const LARGEST_BATCH = 1_048_576;

function newMessage({ environment, principal }: SqsRequest, queue: Queue, input: Input): StoredMessage {
    const body = requiredText(input, "MessageBody");
    if (INVALID_CHARACTER.test(body)) {
        throw awsError(
            "InvalidMessageContents",
            400,
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        );
    }
    const groupId = readGroup(input);
    const delay =
        optionalInteger(input, "DelaySeconds", {
            from: 0,
            to: 900,
            reason: "DelaySeconds must be >= 0 and <= 900.",
        }) ?? queue.settings.delaySeconds;
    const attributes = readMessageAttributes(optionalMap(input, "MessageAttributes"));
    const traceHeader = readTraceHeader(optionalMap(input, "MessageSystemAttributes"));
    const now = environment.now();
    return {
        id: crypto.randomUUID(),
        body,
        md5: md5(body),
        sent: now,
        senderId: environment.senderId(principal),
        ...(attributes === undefined ? {} : { attributes }),
        ...(traceHeader === undefined ? {} : { traceHeader }),
        ...(groupId === undefined ? {} : { groupId }),
        ...(delay === 0 ? {} : { delayedUntil: now + delay * 1000 }),
    };
}

const INVALID_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** A standard queue takes a group of messages (it makes the queue a fair one), but no deduplication id. */
function readGroup(input: Input): string | undefined {
    if (optionalText(input, "MessageDeduplicationId") !== undefined) {
        throw invalidParameter(
            "The request includes a parameter that is not valid for this queue type: MessageDeduplicationId",
        );
    }
    const group = optionalText(input, "MessageGroupId");
    if (group !== undefined && !/^[\x21-\x7e]{1,128}$/.test(group)) {
        throw invalidValue(
            group,
            "MessageGroupId",
            "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
        );
    }
    return group;
}

function readTraceHeader(map: Input | undefined): string | undefined {
    if (map === undefined) return undefined;
    const unknown = Object.keys(map).find((name) => name !== "AWSTraceHeader");
    if (unknown !== undefined) {
        throw invalidParameter(`Message system attribute name '${unknown}' is invalid.`);
    }
    return readMessageAttributes(map)?.AWSTraceHeader.stringValue;
}

function fitting(queue: Queue, message: StoredMessage): StoredMessage {
    const most = queue.settings.maximumMessageSize;
    if (sizeOf(message) > most) {
        throw invalidParameter(
            `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
        );
    }
    return message;
}

function sizeOf({ body, attributes }: StoredMessage): number {
    return Buffer.byteLength(body) + attributesSize(attributes);
}

function sent({ id, md5: MD5OfMessageBody, attributes, traceHeader }: StoredMessage): object {
    return {
        MessageId: id,
        MD5OfMessageBody,
        ...(attributes === undefined ? {} : { MD5OfMessageAttributes: attributesMd5(attributes) }),
        ...(traceHeader === undefined
            ? {}
            : { MD5OfMessageSystemAttributes: attributesMd5(systemAttributes(traceHeader)) }),
    };
}

function systemAttributes(traceHeader: string): MessageAttributes {
    return { AWSTraceHeader: { dataType: "String", stringValue: traceHeader } };
}

function md5(text: string): string {
    return crypto.createHash("md5").update(text).digest("hex");
}
