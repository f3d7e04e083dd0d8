import * as crypto from "node:crypto";
import * as timers from "node:timers/promises";
import { awsError, isAwsError } from "../../errors";
import { queryCode } from "./errors";
import type { Queue } from "./queue/queue";
import type { Message, StoredMessage } from "./queue/types";

/** A redrive: dead letters on their way back. */
export interface MoveTask {
    readonly handle: string;
    readonly source: Queue;
    /** Absent: each message goes to the queue that it came from. */
    readonly destinationArn?: string;
    readonly maxPerSecond?: number;
    /** Milliseconds since 1970. */
    readonly started: number;
    readonly toMove: number;
    moved: number;
    status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
    failureReason?: string;
}

/** The redrives of this run, in memory: a restart ends them, and leaves each message in one of the two queues. */
export interface MoveTasks {
    /** Starts to move the messages that are ready now. */
    start(task: Pick<MoveTask, "source" | "destinationArn" | "maxPerSecond">): MoveTask;
    /** Of one source, the latest first. */
    list(sourceArn: string): readonly MoveTask[];
    find(handle: string): MoveTask | undefined;
    /** Moves no more messages after those under way. */
    cancel(task: MoveTask): void;
    /** Ends all tasks; resolves when none is under way. */
    close(): Promise<void>;
}

/**
 * @param find The queue of an ARN, if it is served.
 * @param now Milliseconds since 1970.
 */
export function createMoveTasks(find: (arn: string) => Queue | undefined, now: () => number): MoveTasks {
    const tasks: MoveTask[] = [];
    const running = new Set<Promise<void>>();
    const closing = new AbortController();

    async function run(task: MoveTask, last: number): Promise<void> {
        try {
            while (task.status === "RUNNING" && !closing.signal.aborted) {
                const messages = task.source.borrow(task.maxPerSecond ?? AT_ONCE, last);
                if (messages.length === 0) {
                    task.status = "COMPLETED";
                    break;
                }
                await moveAll(task, messages, find, now());
                if (task.maxPerSecond !== undefined) await pause((1000 * messages.length) / task.maxPerSecond);
            }
            if (task.status === "CANCELLING") task.status = "CANCELLED";
        } catch (error) {
            task.status = "FAILED";
            task.failureReason = isAwsError(error) ? queryCode(error.code) : "InternalError";
            if (!isAwsError(error)) console.error(`Moving messages from ${task.source.arn} failed:`, error);
        }
    }

    /** Ends early, without an error, when the tasks are closed. */
    const pause = (ms: number) =>
        timers.setTimeout(ms, undefined, { signal: closing.signal }).catch((error: Error) => {
            if (error.name !== "AbortError") throw error;
        });

    return {
        start(wanted) {
            const { source } = wanted;
            const taskId = crypto.randomUUID();
            const handle = Buffer.from(JSON.stringify({ taskId, sourceArn: source.arn })).toString("base64");
            const toMove = source.counts().ready;
            const task: MoveTask = { ...wanted, handle, started: now(), toMove, moved: 0, status: "RUNNING" };
            tasks.unshift(task);
            const done = run(task, source.nextOrder()).finally(() => running.delete(done));
            running.add(done);
            return task;
        },
        list: (sourceArn) => tasks.filter(({ source }) => source.arn === sourceArn),
        find: (handle) => tasks.find((task) => task.handle === handle),
        cancel(task) {
            task.status = "CANCELLING";
        },
        async close() {
            closing.abort();
            await Promise.all(running);
        },
    };
}

/** Messages that are moved together where no rate is asked for. */
const AT_ONCE = 100;

/** Writes messages to where they go first, then removes them; those that could not be written are given back. */
async function moveAll(
    task: MoveTask,
    messages: readonly Message[],
    find: (arn: string) => Queue | undefined,
    now: number,
): Promise<void> {
    const { source } = task;
    let left = messages;
    try {
        while (left.length > 0) {
            const arn = destination(task, left[0]);
            const target = find(arn);
            if (target === undefined) throw awsError("QueueDoesNotExist", 400, `There is no queue ${arn}.`);
            const together = left.filter((message) => destination(task, message) === arn);
            await target.send(together.map((message) => afresh(message, now)));
            left = left.filter((message) => !together.includes(message));
            await source.remove(together);
            task.moved += together.length;
        }
    } catch (error) {
        source.giveBack(left);
        throw error;
    }
}

function destination({ destinationArn }: MoveTask, { stored }: Message): string {
    const arn = destinationArn ?? stored.deadLetterSource;
    if (arn === undefined) {
        throw awsError("CouldNotDetermineMessageSource", 400, `Message ${stored.id} is nobody's dead letter.`);
    }
    return arn;
}

/** SQS Developer Guide, "Dead-letter queue redrive": messages moved count as new ones, with an id and a time of their own. */
function afresh({ stored }: Message, now: number): StoredMessage {
    const { body, md5, senderId, attributes, traceHeader, groupId } = stored;
    return {
        id: crypto.randomUUID(),
        body,
        md5,
        sent: now,
        senderId,
        ...(attributes === undefined ? {} : { attributes }),
        ...(traceHeader === undefined ? {} : { traceHeader }),
        ...(groupId === undefined ? {} : { groupId }),
    };
}
