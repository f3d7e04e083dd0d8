import * as crypto from "node:crypto";
import type { Principal } from "../../iam/types";
import { authorizeQueue } from "./access";
import { forEntries } from "./batch";
import type { Caller, SqsEnvironment } from "./environment";
import { noSuchQueue } from "./errors";
import { attributesOf } from "./operations/queues";
import { systemAttributes, takeMessages } from "./operations/receive";
import { changeVisibility, removeByHandles } from "./operations/settle";
import { attributesMd5 } from "./messageAttributes";
import type { Queue } from "./queue/queue";
import type { Message } from "./queue/types";
import { receiptHandle } from "./receipts";
import type { QueueService, ReceivedMessage } from "./types";

/** Queues for the other services of the local run. */
export function queueService(environment: SqsEnvironment): QueueService {
    function target(queueArn: string, principal: Principal, action: string): { queue: Queue; caller: Caller } {
        const caller = { environment, principal, requestId: crypto.randomUUID() };
        const queue = environment.find(queueArn);
        if (queue === undefined) throw noSuchQueue();
        authorizeQueue(caller, queue, action);
        return { queue, caller };
    }

    return {
        attributes(queueArn) {
            const queue = environment.find(queueArn);
            return queue && attributesOf(queue);
        },
        async receive({ queueArn, principal, max, waitMs, signal }) {
            const { queue, caller } = target(queueArn, principal, "ReceiveMessage");
            const visibilityMs = queue.settings.visibilityTimeout * 1000;
            const messages = await takeMessages(caller, queue, { max, waitMs, visibilityMs, signal });
            return messages.map((message) => received(queue, message));
        },
        async delete({ queueArn, principal, receiptHandles }) {
            const { queue } = target(queueArn, principal, "DeleteMessage");
            await removeByHandles(queue, receiptHandles);
        },
        changeVisibility: ({ queueArn, principal, receiptHandles, seconds }) =>
            Promise.resolve().then(() => {
                const { queue } = target(queueArn, principal, "ChangeMessageVisibility");
                const now = environment.now();
                const entries = receiptHandles.map((handle) => ({ id: handle, value: handle }));
                const { errors } = forEntries(entries, (handle) => changeVisibility(queue, handle, seconds, now));
                if (errors.length > 0) throw errors[0];
            }),
    };
}

function received(queue: Queue, message: Message): ReceivedMessage {
    const { id, body, md5, attributes } = message.stored;
    return {
        messageId: id,
        receiptHandle: receiptHandle(queue.arn, message),
        body,
        md5OfBody: md5,
        attributes: systemAttributes(message),
        messageAttributes: attributes ?? {},
        ...(attributes === undefined ? {} : { md5OfMessageAttributes: attributesMd5(attributes) }),
    };
}
