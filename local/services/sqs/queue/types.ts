import type { MessageAttribute } from "../types";

/** A message as its sender made it, and as it stands in a journal. Times are milliseconds since 1970. */
export interface StoredMessage {
    readonly id: string;
    readonly body: string;
    /** MD5 of the body, in hex. */
    readonly md5: string;
    /** When it was first sent: its retention counts from here, also in a dead-letter queue. */
    readonly sent: number;
    readonly senderId: string;
    readonly attributes?: Readonly<Record<string, MessageAttribute>>;
    /** `AWSTraceHeader` */
    readonly traceHeader?: string;
    /** `MessageGroupId`, which standard queues hand on. */
    readonly groupId?: string;
    /** When its delay ends. */
    readonly delayedUntil?: number;
    /** ARN of the queue that it was a dead letter of. */
    readonly deadLetterSource?: string;
    /** How often it was received in the queues before this one. */
    readonly receivedBefore?: number;
    /** How often it was received, in all queues. @default 0 */
    readonly received?: number;
    readonly firstReceived?: number;
}

/** A message in its queue. */
export interface Message {
    readonly stored: StoredMessage;
    /** Order of arrival in this queue. */
    readonly order: number;
    received: number;
    firstReceived: number | undefined;
    /** When it was last handed out; its visibility may be at most 12 hours from here. */
    lastReceived: number;
    /** When it becomes visible, while it is delayed or in flight. */
    due: number;
}

/** One line of a queue's journal. Made twice, each is the same as once. */
export interface Change {
    /** When the queue was made. */
    readonly created?: number;
    readonly send?: readonly StoredMessage[];
    /** New counts by message id. */
    readonly receive?: { readonly counts: Readonly<Record<string, number>>; readonly at: number };
    readonly remove?: readonly string[];
    /** All messages before this line are gone. */
    readonly purge?: true;
}
