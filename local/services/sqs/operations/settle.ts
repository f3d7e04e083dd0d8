import { awsError } from "../../../errors";
import { batchAnswer, batchEntries, forEntries } from "../batch";
import type { SqsRequest } from "../environment";
import { invalidValue, missingParameter } from "../errors";
import { optionalInteger, requiredText, targetQueue, type Input } from "../input";
import type { Queue } from "../queue/queue";
import { messageOfHandle } from "../receipts";

export async function deleteMessage(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "DeleteMessage");
    await removeByHandles(queue, [requiredText(request.input, "ReceiptHandle")]);
    return {};
}

export async function deleteMessageBatch(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "DeleteMessage");
    const entries = batchEntries(request.input, "DeleteMessageBatchRequestEntry");
    const { done, failed } = forEntries(entries, (input) => {
        const handle = requiredText(input, "ReceiptHandle");
        messageOfHandle(queue, handle);
        return handle;
    });
    await removeByHandles(
        queue,
        done.map(({ value }) => value),
    );
    return batchAnswer(
        done.map(({ id }) => ({ Id: id })),
        failed,
    );
}

/**
 * Deletes the messages of handles; those that are gone, or were received again since, are passed over as SQS does.
 *
 * @throws ReceiptHandleIsInvalid, before anything is deleted
 */
export async function removeByHandles(queue: Queue, handles: readonly string[]): Promise<void> {
    const messages = new Set(handles.flatMap((handle) => messageOfHandle(queue, handle) ?? []));
    if (messages.size > 0) await queue.remove([...messages]);
}

export function changeMessageVisibility(request: SqsRequest): object {
    const queue = targetQueue(request, "ChangeMessageVisibility");
    changeOne(request, queue, request.input);
    return {};
}

export function changeMessageVisibilityBatch(request: SqsRequest): object {
    const queue = targetQueue(request, "ChangeMessageVisibility");
    const entries = batchEntries(request.input, "ChangeMessageVisibilityBatchRequestEntry");
    const { done, failed } = forEntries(entries, (input) => changeOne(request, queue, input));
    return batchAnswer(
        done.map(({ id }) => ({ Id: id })),
        failed,
    );
}

function changeOne({ environment }: SqsRequest, queue: Queue, input: Input): void {
    const handle = requiredText(input, "ReceiptHandle");
    const seconds = optionalInteger(input, "VisibilityTimeout", {
        from: 0,
        to: LONGEST_VISIBILITY,
        reason: "VisibilityTimeout must be an integer between 0 and 43200.",
    });
    if (seconds === undefined) throw missingParameter("VisibilityTimeout");
    changeVisibility(queue, handle, seconds, environment.now());
}

/** Seconds after the receive. */
const LONGEST_VISIBILITY = 43_200;

/**
 * Makes a received message visible after so many seconds.
 *
 * @throws ReceiptHandleIsInvalid, MessageNotInflight, InvalidParameterValue
 */
export function changeVisibility(queue: Queue, handle: string, seconds: number, now: number): void {
    const message = messageOfHandle(queue, handle);
    if (message === undefined) {
        throw invalidValue(
            handle,
            "ReceiptHandle",
            "Message does not exist or is not available for visibility timeout change.",
        );
    }
    if (!queue.isInFlight(message)) {
        throw awsError("MessageNotInflight", 400, "The message referred to isn't in flight.");
    }
    if (now + seconds * 1000 > message.lastReceived + LONGEST_VISIBILITY * 1000) {
        throw invalidValue(
            seconds,
            "VisibilityTimeout",
            `Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY} seconds]`,
        );
    }
    queue.changeVisibility(message, seconds * 1000);
}
