import { isAwsError } from "../../../errors";
import type { Principal } from "../../../iam/types";
import type { ReceivedMessage } from "../../sqs/types";
import type { InvocationResult } from "../types";
import type { EventSourceMappingsOptions } from "./options";
import type { Mapping } from "./mapping";
import { pause } from "./pause";
import { failedMessages, sqsEvents, type SqsEvent } from "./sqsEvent";

export interface BatchContext extends EventSourceMappingsOptions {
    readonly mapping: Mapping;
    /** A session of the function's role. */
    readonly principal: Principal;
    /** Aborted when nothing new is to begin. */
    readonly stop: AbortSignal;
    /** Tells the user once what goes wrong. */
    readonly complain: (error: Error) => void;
}

/** Batches under way. */
export interface Batches {
    /** Makes batches of messages and hands them to the function. */
    begin(messages: readonly ReceivedMessage[]): void;
    /** Resolves once there are fewer batches than that. */
    fewerThan(count: number): Promise<void>;
}

export function createBatches(context: BatchContext): Batches {
    const { queueArn, filters } = context.mapping;
    const running = new Set<Promise<void>>();
    const run = (work: Promise<void>) => {
        const batch: Promise<void> = work.catch(context.complain).finally(() => running.delete(batch));
        running.add(batch);
    };
    return {
        begin(messages) {
            const { events, filtered } = sqsEvents(messages, { queueArn, region: context.region, filters });
            if (filtered.length > 0) {
                run(remove(filtered, context));
            }
            for (const event of events) {
                run(handle(event, context));
            }
        },
        async fewerThan(count) {
            while (running.size >= count) {
                await Promise.race(running);
            }
        },
    };
}

/** A batch that failed stays in the queue, and comes again when its visibility runs out. */
async function handle(event: SqsEvent, context: BatchContext): Promise<void> {
    const result = await invoke(event, context);
    if (result === undefined || result.functionError !== undefined) {
        return;
    }
    const failed = context.mapping.reportsFailures ? failedMessages(result.payload, event.messages) : NONE;
    const done = failed === "all" ? [] : event.messages.filter(({ messageId }) => !failed.has(messageId));
    if (done.length > 0) {
        await remove(done, context);
    }
}

const NONE: ReadonlySet<string> = new Set();

/** Pauses between two attempts while the function is throttled, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Invokes the function; undefined when it did not run. Throttled, the batch is tried again for as long as its messages are hidden, so that
 * waiting does not count as a receipt. Source: Lambda Developer Guide, "Using Lambda with Amazon SQS", "Backoff strategy for failed
 * invocations".
 */
async function invoke(
    { payload }: SqsEvent,
    { lambda, queues, mapping: { functionName, queueArn }, stop, complain }: BatchContext,
): Promise<InvocationResult | undefined> {
    const hiddenMs = 1000 * Number(queues.attributes(queueArn)?.VisibilityTimeout ?? 0);
    const end = performance.now() + hiddenMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        try {
            return await lambda.invokeUnasked(functionName, payload);
        } catch (error) {
            const throttled = isAwsError(error) && error.code === "TooManyRequestsException";
            if (!throttled && !stop.aborted) {
                complain(error as Error);
            }
            if (!throttled || stop.aborted || performance.now() + pauseMs >= end) {
                return undefined;
            }
        }
        await pause(pauseMs, stop);
    }
}

/** SQS takes ten at a time. */
const MOST_DELETED = 10;

async function remove(
    messages: readonly ReceivedMessage[],
    { queues, mapping, principal }: BatchContext,
): Promise<void> {
    const handles = messages.map(({ receiptHandle }) => receiptHandle);
    for (let index = 0; index < handles.length; index += MOST_DELETED) {
        const receiptHandles = handles.slice(index, index + MOST_DELETED);
        await queues.delete({ queueArn: mapping.queueArn, principal, receiptHandles });
    }
}
