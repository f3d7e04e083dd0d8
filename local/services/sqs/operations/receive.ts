import { awsError } from "../../../errors";
import { authorizeKey } from "../access";
import type { Caller, SqsRequest } from "../environment";
import { optionalInteger, targetQueue, texts } from "../input";
import { attributesMd5, selectAttributes, type MessageAttributes } from "../messageAttributes";
import type { Queue } from "../queue/queue";
import type { Message } from "../queue/types";
import { receiptHandle } from "../receipts";

export async function receiveMessage(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "ReceiveMessage");
    const { input, signal } = request;
    const { settings } = queue;
    const max = optionalInteger(input, "MaxNumberOfMessages", {
        from: 1,
        to: 10,
        reason: "Must be between 1 and 10, if provided.",
    });
    const visibility = optionalInteger(input, "VisibilityTimeout", {
        from: 0,
        to: 43_200,
        reason: "Must be between 0 and 43200, if provided.",
    });
    const wait = optionalInteger(input, "WaitTimeSeconds", {
        from: 0,
        to: 20,
        reason: "Must be >= 0 and <= 20, if provided.",
    });
    const system = systemAttributeNames([
        ...texts(input, "AttributeNames"),
        ...texts(input, "MessageSystemAttributeNames"),
    ]);
    const wanted = texts(input, "MessageAttributeNames");
    const messages = await takeMessages(request, queue, {
        max: max ?? 1,
        waitMs: (wait ?? settings.receiveMessageWaitTimeSeconds) * 1000,
        visibilityMs: (visibility ?? settings.visibilityTimeout) * 1000,
        signal,
    });
    if (messages.length === 0) return {};
    return { Messages: messages.map((message) => received(queue, message, system, wanted)) };
}

/**
 * Receives messages for a caller that may receive.
 *
 * @throws KmsAccessDenied and the like, or OverLimit
 */
export function takeMessages(
    caller: Caller,
    queue: Queue,
    options: {
        readonly max: number;
        readonly waitMs: number;
        readonly visibilityMs: number;
        readonly signal: AbortSignal;
    },
): Promise<readonly Message[]> {
    const admit = () => {
        if (queue.counts().inFlight >= MOST_IN_FLIGHT) {
            throw awsError("OverLimit", 403, `Too many messages are in flight: ${MOST_IN_FLIGHT}.`);
        }
        authorizeKey(caller, queue, "receive");
    };
    return queue.receive({ ...options, admit });
}

/** SQS Developer Guide, "Amazon SQS message quotas", for standard queues. */
const MOST_IN_FLIGHT = 120_000;

/** All system attributes of a message. */
export function systemAttributes({ stored, received, firstReceived }: Message): Record<string, string> {
    return {
        SenderId: stored.senderId,
        SentTimestamp: String(stored.sent),
        ApproximateReceiveCount: String(received),
        ApproximateFirstReceiveTimestamp: String(firstReceived),
        ...(stored.traceHeader === undefined ? {} : { AWSTraceHeader: stored.traceHeader }),
        ...(stored.groupId === undefined ? {} : { MessageGroupId: stored.groupId }),
        ...(stored.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: stored.deadLetterSource }),
    };
}

const systemNames = new Set([
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
    "MessageDeduplicationId",
    "MessageGroupId",
    "SequenceNumber",
]);

function systemAttributeNames(names: readonly string[]): ReadonlySet<string> {
    for (const name of names) {
        if (!systemNames.has(name)) throw awsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
    }
    return new Set(names);
}

function received(queue: Queue, message: Message, system: ReadonlySet<string>, wanted: readonly string[]): object {
    const { id, md5, body, attributes } = message.stored;
    const selected = selectAttributes(attributes, wanted);
    const answer = {
        MessageId: id,
        ReceiptHandle: receiptHandle(queue.arn, message),
        MD5OfBody: md5,
        Body: body,
        ...(system.size === 0 ? {} : { Attributes: selectSystem(systemAttributes(message), system) }),
    };
    if (Object.keys(selected).length === 0) return answer;
    return { ...answer, MD5OfMessageAttributes: attributesMd5(selected), MessageAttributes: onWire(selected) };
}

function selectSystem(all: Record<string, string>, wanted: ReadonlySet<string>): Record<string, string> {
    return wanted.has("All") ? all : Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
}

function onWire(attributes: MessageAttributes): Record<string, object> {
    return Object.fromEntries(
        Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
            name,
            {
                DataType: dataType,
                ...(stringValue === undefined ? { BinaryValue: binaryValue } : { StringValue: stringValue }),
            },
        ]),
    );
}
