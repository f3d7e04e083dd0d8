import { createHeap } from "./heap";
import type { Message } from "./types";

/** Where the messages of a queue stand: ready, delayed or in flight. Times are milliseconds since 1970. */
export interface Shelves {
    readonly counts: { readonly ready: number; readonly delayed: number; readonly inFlight: number };
    /** Puts a message on the delayed shelf until it is due, or on the ready one. */
    place(message: Message, now: number): void;
    /** Moves what is due to the ready shelf. */
    settle(now: number): void;
    /** The ready message that arrived first. */
    first(): Message | undefined;
    /** Takes the first ready message off its shelf. */
    pop(): Message | undefined;
    /** Puts a message that is on no shelf, or in flight already, in flight until a time. */
    hide(message: Message, until: number): void;
    isInFlight(message: Message): boolean;
    /** Takes a message off, wherever it stands. */
    remove(message: Message): void;
    /** When the next message becomes ready by itself. */
    nextDue(): number | undefined;
    /** Takes off, and answers, the messages that were sent at `time` or before. */
    sentUntil(time: number): Message[];
    clear(): void;
}

export function createShelves(): Shelves {
    const arrival = ({ order }: Message) => order;
    const due = (message: Message) => message.due;
    const make = () => ({
        ready: createHeap(arrival),
        delayed: createHeap(due),
        inFlight: createHeap(due),
        byAge: createHeap(({ stored }: Message) => stored.sent),
    });
    let shelves = make();

    function remove(message: Message): void {
        const { ready, delayed, inFlight, byAge } = shelves;
        if (!ready.remove(message) && !inFlight.remove(message)) delayed.remove(message);
        byAge.remove(message);
    }

    return {
        get counts() {
            const { ready, delayed, inFlight } = shelves;
            return { ready: ready.size, delayed: delayed.size, inFlight: inFlight.size };
        },
        place(message, now) {
            const { ready, delayed, byAge } = shelves;
            (message.due > now ? delayed : ready).push(message);
            if (!byAge.has(message)) byAge.push(message);
        },
        settle(now) {
            for (const heap of [shelves.delayed, shelves.inFlight]) {
                for (let first = heap.first(); first !== undefined && first.due <= now; first = heap.first()) {
                    heap.pop();
                    shelves.ready.push(first);
                }
            }
        },
        first: () => shelves.ready.first(),
        pop: () => shelves.ready.pop(),
        hide(message, until) {
            shelves.inFlight.remove(message);
            message.due = until;
            shelves.inFlight.push(message);
        },
        isInFlight: (message) => shelves.inFlight.has(message),
        remove,
        nextDue() {
            const times = [shelves.delayed.first(), shelves.inFlight.first()].flatMap((first) => first?.due ?? []);
            return times.length === 0 ? undefined : Math.min(...times);
        },
        sentUntil(time) {
            const old: Message[] = [];
            for (let first = shelves.byAge.first(); first !== undefined && first.stored.sent <= time;) {
                remove(first);
                old.push(first);
                first = shelves.byAge.first();
            }
            return old;
        },
        clear() {
            shelves = make();
        },
    };
}
