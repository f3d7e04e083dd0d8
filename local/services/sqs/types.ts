import type { Principal } from "../../iam/types";

/** A message as `ReceiveMessage` hands it over, with everything that an event source mapping passes on. */
export interface ReceivedMessage {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly md5OfBody: string;
    /** `ApproximateReceiveCount`, `SentTimestamp`, `SenderId`, `ApproximateFirstReceiveTimestamp`, `AWSTraceHeader`, …: all system attributes. */
    readonly attributes: Readonly<Record<string, string>>;
    /** Message attributes by name; binary values in base64. */
    readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
    readonly md5OfMessageAttributes?: string;
}

export interface MessageAttribute {
    /** `String`, `Number` or `Binary`, perhaps with a custom suffix after a dot. */
    readonly dataType: string;
    readonly stringValue?: string;
    /** In base64. */
    readonly binaryValue?: string;
}

/** Queues as other services of the local run use them, for a principal whose policies are asked as at an API call. */
export interface QueueService {
    /** `VisibilityTimeout` and `RedrivePolicy` among others, as `GetQueueAttributes` gives them; undefined when no such queue is declared. */
    attributes(queueArn: string): Readonly<Record<string, string>> | undefined;
    /**
     * Waits for messages, at most `waitMs`, and answers early with what there is.
     *
     * @throws AwsError as `ReceiveMessage` does, e.g. AccessDenied.
     */
    receive(request: {
        readonly queueArn: string;
        readonly principal: Principal;
        /** 1 to 10. */
        readonly max: number;
        readonly waitMs: number;
        /** Ends the waiting; the answer is then empty. */
        readonly signal: AbortSignal;
    }): Promise<readonly ReceivedMessage[]>;
    /** Deletes messages that were received. @throws AwsError as `DeleteMessage` does. */
    delete(request: {
        readonly queueArn: string;
        readonly principal: Principal;
        readonly receiptHandles: readonly string[];
    }): Promise<void>;
    /**
     * Makes received messages visible again, or later.
     *
     * @throws AwsError as `ChangeMessageVisibility` does.
     */
    changeVisibility(request: {
        readonly queueArn: string;
        readonly principal: Principal;
        readonly receiptHandles: readonly string[];
        readonly seconds: number;
    }): Promise<void>;
}
