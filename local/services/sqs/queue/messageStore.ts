import * as fs from "node:fs";
import * as path from "node:path";
import { openJournal } from "../../../storage/journal";
import { readJournal, rewriteJournal, syncFolder } from "../../../storage/journalFile";
import type { Change, Message, StoredMessage } from "./types";

/** The messages of one queue, in memory and in a journal on disk. One process at a time may open a store. */
export interface MessageStore {
    /** Milliseconds since 1970. */
    readonly created: number;
    /** By id, in the order of arrival. */
    readonly messages: ReadonlyMap<string, Message>;
    /** Adds messages to memory, and resolves once they are on disk. When that fails they are gone again. */
    add(messages: readonly Message[]): Promise<void>;
    /** Removes messages from memory at once, and resolves once that is on disk: then no restart brings them back. */
    remove(messages: readonly Message[]): Promise<void>;
    /** Removes all messages, as {@link remove}. */
    purge(): Promise<void>;
    /**
     * Writes how often messages were received. Resolves once that is on disk; nobody has to wait: a count that a power failure loses
     * means one delivery more.
     */
    counted(messages: readonly Message[], at: number): Promise<void>;
    /** The order of arrival of the next message. */
    nextOrder(): number;
    close(): Promise<void>;
}

/** Opens a queue's store, making it when there is none. */
export async function openMessageStore(folder: string, now: number): Promise<MessageStore> {
    fs.mkdirSync(folder, { recursive: true });
    syncFolder(path.dirname(folder));
    const file = path.join(folder, "journal");
    const history = readJournal<Change>(file);
    const { created, messages } = replay(history, now);
    let order = messages.size;

    function* changes(): Generator<Change> {
        yield { created };
        for (const message of messages.values()) yield { send: [snapshot(message)] };
    }
    if (history.length === 0 || history.length > 2 * messages.size + 1000) rewriteJournal(file, changes());
    const journal = await openJournal<Change>(file);
    // Doubling before each rewrite keeps its cost in proportion to what was appended.
    const limit = () => 2 * journal.size() + SLACK;
    let longest = limit();
    let compacting = false;

    async function append(change: Change): Promise<void> {
        await journal.append(change);
        if (!compacting && journal.size() > longest) void compact();
    }

    async function compact(): Promise<void> {
        compacting = true;
        try {
            await journal.rewrite(changes);
        } catch (error) {
            console.error(`${file} could not be shortened, and grows on:`, error);
        }
        longest = limit();
        compacting = false;
    }

    function forget({ stored }: Message): void {
        messages.delete(stored.id);
    }

    return {
        created,
        messages,
        async add(added) {
            for (const message of added) messages.set(message.stored.id, message);
            try {
                await append({ send: added.map(snapshot) });
            } catch (error) {
                added.forEach(forget);
                throw error;
            }
        },
        remove(removed) {
            removed.forEach(forget);
            return append({ remove: removed.map(({ stored }) => stored.id) });
        },
        purge() {
            messages.clear();
            return append({ purge: true });
        },
        counted: (received, at) =>
            append({
                receive: { counts: Object.fromEntries(received.map((one) => [one.stored.id, one.received])), at },
            }),
        nextOrder: () => order++,
        close: () => journal.close(),
    };
}

/** Bytes that a journal may grow at least before it is rewritten. */
const SLACK = 4_194_304;

function replay(changes: readonly Change[], now: number): { created: number; messages: Map<string, Message> } {
    const messages = new Map<string, Message>();
    for (const { send = [], receive, remove = [], purge } of changes) {
        if (purge) messages.clear();
        for (const stored of send) messages.set(stored.id, messageOf(stored, 0));
        for (const id of remove) messages.delete(id);
        for (const [id, count] of Object.entries(receive?.counts ?? {})) {
            const message = messages.get(id);
            if (message === undefined) continue;
            message.received = count;
            message.firstReceived ??= receive?.at;
        }
    }
    let order = 0;
    for (const [id, message] of messages) messages.set(id, { ...message, order: order++ });
    return { created: changes[0]?.created ?? now, messages };
}

/** A message that has just arrived, as its queue keeps it. */
export function messageOf(stored: StoredMessage, order: number): Message {
    return {
        stored,
        order,
        received: stored.received ?? 0,
        firstReceived: stored.firstReceived,
        lastReceived: 0,
        due: stored.delayedUntil ?? 0,
    };
}

function snapshot({ stored, received, firstReceived }: Message): StoredMessage {
    return received === 0 ? stored : { ...stored, received, firstReceived };
}
