import type { Principal } from "../../../iam/types";
import type { ReceivedMessage } from "../../sqs/types";
import { createBatches, type BatchContext } from "./batch";
import type { EventSourceMappingsOptions } from "./options";
import type { Mapping } from "./mapping";
import { pause } from "./pause";

/** What receives a queue's messages for a function. */
export interface Poller {
    /** Begins no other batch; resolves when those under way are done, at the latest after a second. */
    end(): Promise<void>;
}

/** Longest wait of one poll, and the shortest and longest pause after one that failed, in milliseconds. */
const POLL_MS = 20_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/** Time that batches under way have at the end, in milliseconds. What is cut off then comes again when its visibility runs out. */
const GRACE_MS = 1_000;

/** Starts to poll for an enabled mapping, whose queue and function are declared. */
export function startPoller(mapping: Mapping, options: EventSourceMappingsOptions): Poller {
    const { queueArn, functionName, concurrency } = mapping;
    const { role, name } = options.lambda.configurationOf(functionName)!;
    const principal: Principal = { type: "role", roleArn: role, sessionName: name };
    const stop = new AbortController();
    let complaint = "";
    const complain = (error: Error) => {
        if (complaint !== error.message) {
            options.print(`No messages of ${queueArn} reach ${name}: ${error.message}`);
        }
        complaint = error.message;
    };
    const context: BatchContext = { ...options, mapping, principal, stop: stop.signal, complain };
    const batches = createBatches(context);

    async function poll(): Promise<void> {
        for (let pauseMs = FIRST_PAUSE_MS; !stop.signal.aborted;) {
            await batches.fewerThan(concurrency);
            if (stop.signal.aborted) {
                return;
            }
            try {
                refuseMissing(context);
                const messages = await collect(context);
                batches.begin(messages);
                pauseMs = FIRST_PAUSE_MS;
                if (messages.length > 0) {
                    complaint = "";
                }
            } catch (error) {
                complain(error as Error);
                await pause(pauseMs, stop.signal);
                pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            }
        }
    }

    const polling = poll();
    return {
        async end() {
            stop.abort();
            const grace = new AbortController();
            const all = polling.then(() => batches.fewerThan(1));
            await Promise.race([all, pause(GRACE_MS, grace.signal)]);
            grace.abort();
        },
    };
}

/** What an execution role needs, of which Lambda uses the last to see how long the queue is. */
const NEEDED = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** Before the queue is asked: a batch that could not be deleted would be handled again and again. */
function refuseMissing({ lambda, queues, mapping: { queueArn, functionName } }: BatchContext): void {
    const resourcePolicy = queues.attributes(queueArn)?.Policy;
    const missing = NEEDED.filter(
        (action) => !lambda.roleMay(functionName, { action, resource: queueArn, resourcePolicy }),
    );
    if (missing.length > 0) {
        throw new Error(`the function's execution role may not ${missing.join(", ")} on the queue`);
    }
}

/** Waits for messages, and for more of them while the batch's window is open. */
async function collect({ queues, mapping, principal, stop }: BatchContext): Promise<readonly ReceivedMessage[]> {
    const { queueArn, batchSize, windowMs } = mapping;
    const receive = (most: number, waitMs: number) =>
        queues.receive({
            queueArn,
            principal,
            max: Math.min(10, most),
            waitMs: Math.min(waitMs, POLL_MS),
            signal: stop,
        });
    const messages = [...(await receive(batchSize, POLL_MS))];
    const end = performance.now() + windowMs;
    while (messages.length > 0 && messages.length < batchSize && !stop.aborted) {
        const left = end - performance.now();
        if (left <= 0) {
            break;
        }
        try {
            messages.push(...(await receive(batchSize - messages.length, left)));
        } catch {
            // What is here must not wait for its visibility to run out; the next poll meets the error again, and tells it.
            break;
        }
    }
    return messages;
}
