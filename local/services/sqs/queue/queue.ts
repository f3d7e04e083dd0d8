import type { QueueSettings } from "../settings";
import { deadline } from "./deadline";
import { messageOf, type MessageStore } from "./messageStore";
import { createShelves } from "./shelves";
import type { Message, StoredMessage } from "./types";
import { createWaiters } from "./waiters";

export interface ReceiveOptions {
    /** 1 to 10. */
    readonly max: number;
    /** Time that the messages stay hidden, in milliseconds. */
    readonly visibilityMs: number;
    /** Time to wait for a message, in milliseconds; 0 answers at once. */
    readonly waitMs: number;
    /** Ends the waiting; the answer is then empty. */
    readonly signal: AbortSignal;
    /** Called before messages are taken, when there are any; throws when the receiver may not have them. */
    readonly admit: () => void;
}

/** A queue with its messages. */
export interface Queue {
    readonly name: string;
    readonly arn: string;
    /** Milliseconds since 1970. */
    readonly created: number;
    /** Replaced when the plan changes, or by `SetQueueAttributes`. */
    settings: QueueSettings;
    /** When the settings were last replaced, in milliseconds since 1970. */
    modified: number;
    counts(): { readonly ready: number; readonly delayed: number; readonly inFlight: number };
    find(id: string): Message | undefined;
    isInFlight(message: Message): boolean;
    /** Resolves once the messages are on disk; then they can be received. */
    send(messages: readonly StoredMessage[]): Promise<void>;
    receive(options: ReceiveOptions): Promise<readonly Message[]>;
    /** Resolves once the messages are gone for good. */
    remove(messages: readonly Message[]): Promise<void>;
    /** Makes a message in flight visible after a time, in milliseconds. */
    changeVisibility(message: Message, afterMs: number): void;
    purge(): Promise<void>;
    /** Takes ready messages off without receiving them, those that arrived up to `last`; they are removed or given back later. */
    borrow(max: number, last: number): readonly Message[];
    giveBack(messages: readonly Message[]): void;
    /** The order of a message that would arrive now. */
    nextOrder(): number;
    /** Ends all waiting; resolves when all is on disk. */
    close(): Promise<void>;
}

export interface QueueArgs {
    readonly name: string;
    readonly arn: string;
    readonly settings: QueueSettings;
    readonly store: MessageStore;
    /** Milliseconds since 1970. */
    readonly now: () => number;
    /** The queue of an ARN, if it is declared. */
    readonly find: (arn: string) => Queue | undefined;
}

/** Makes a standard queue over its store: any order (the oldest first, mostly), each message at least once. */
export function createQueue({ name, arn, settings, store, now, find }: QueueArgs): Queue {
    const shelves = createShelves();
    const waiters = createWaiters();
    let closed = false;
    for (const message of store.messages.values()) shelves.place(message, now());

    function update(): void {
        shelves.settle(now());
        const old = shelves.sentUntil(now() - queue.settings.messageRetentionPeriod * 1000);
        if (old.length > 0) logFailure(store.remove(old), `${name}: messages past their retention`);
    }

    /** Makes messages receivable, save those that a purge or their age removed meanwhile. */
    function placeAll(messages: readonly Message[]): void {
        for (const message of messages) {
            if (store.messages.get(message.stored.id) === message) shelves.place(message, now());
        }
        wakeNext();
    }

    /** Gives a turn to a receiver if there is something for it, and sees to it that the next gets one in time. */
    function wakeNext(): void {
        if (waiters.waiting === 0) return;
        update();
        if (shelves.counts.ready > 0) waiters.wake();
        const due = shelves.nextDue();
        waiters.wakeAt(due === undefined ? undefined : due - now(), wakeNext);
    }

    function take({ max, visibilityMs, admit }: ReceiveOptions): { taken: Message[]; dead: Message[] } {
        const taken: Message[] = [];
        const dead: Message[] = [];
        update();
        if (shelves.counts.ready > 0) admit();
        const target = deadLetterQueue();
        const most = queue.settings.redrivePolicy?.maxReceiveCount ?? Infinity;
        while (taken.length < max) {
            const message = shelves.pop();
            if (message === undefined) break;
            if (target !== undefined && message.received - (message.stored.receivedBefore ?? 0) >= most) {
                dead.push(message);
                continue;
            }
            message.received++;
            message.lastReceived = now();
            message.firstReceived ??= message.lastReceived;
            shelves.hide(message, message.lastReceived + visibilityMs);
            taken.push(message);
        }
        if (taken.length > 0) logFailure(store.counted(taken, now()), `${name}: receive counts`);
        return { taken, dead };
    }

    function deadLetterQueue(): Queue | undefined {
        const target = queue.settings.redrivePolicy?.deadLetterTargetArn;
        return target === undefined ? undefined : find(target);
    }

    /** Writes dead letters to their queue first, then removes them here: a crash in between leaves both, under one id. */
    async function bury(dead: readonly Message[]): Promise<void> {
        if (dead.length === 0) return;
        try {
            await (deadLetterQueue() as Queue).send(dead.map((message) => deadLetter(message, arn)));
            await queue.remove(dead);
        } catch (error) {
            queue.giveBack(dead);
            throw error;
        }
    }

    const queue: Queue = {
        name,
        arn,
        created: store.created,
        settings,
        modified: store.created,
        counts() {
            update();
            return shelves.counts;
        },
        find: (id) => store.messages.get(id),
        isInFlight(message) {
            update();
            return shelves.isInFlight(message);
        },
        async send(sent) {
            const messages = sent.map((stored) => messageOf(stored, store.nextOrder()));
            for (const { stored } of messages) {
                const same = store.messages.get(stored.id);
                if (same !== undefined) shelves.remove(same);
            }
            await store.add(messages);
            placeAll(messages);
        },
        async receive(options) {
            const waiting = deadline(options.signal, options.waitMs);
            try {
                while (!closed && !options.signal.aborted) {
                    const { taken, dead } = take(options);
                    await bury(dead);
                    if (taken.length > 0 || waiting.signal.aborted) return taken;
                    const turn = waiters.wait(waiting.signal);
                    wakeNext();
                    await turn;
                }
                return [];
            } finally {
                waiting.end();
                // The turn goes on to the next, whatever this receiver made of it.
                wakeNext();
            }
        },
        remove(messages) {
            messages.forEach(shelves.remove);
            return store.remove(messages);
        },
        changeVisibility(message, afterMs) {
            shelves.hide(message, now() + afterMs);
            wakeNext();
        },
        purge() {
            shelves.clear();
            return store.purge();
        },
        borrow(max, last) {
            const borrowed: Message[] = [];
            update();
            while (borrowed.length < max && (shelves.first()?.order ?? Infinity) <= last) {
                borrowed.push(shelves.pop() as Message);
            }
            return borrowed;
        },
        giveBack(messages) {
            placeAll(messages);
        },
        nextOrder: store.nextOrder,
        async close() {
            closed = true;
            waiters.close();
            await store.close();
        },
    };
    return queue;
}

function deadLetter({ stored, received, firstReceived }: Message, source: string): StoredMessage {
    const { delayedUntil: _, ...rest } = stored;
    return { ...rest, received, firstReceived, receivedBefore: received, deadLetterSource: source };
}

function logFailure(writing: Promise<void>, what: string): void {
    writing.catch((error: unknown) => console.error(`Queue ${what} could not be written:`, error));
}
