import * as fs from "node:fs";
import * as path from "node:path";
import { openJournal } from "../../../storage/journal";
import { readJournal, rewriteJournal, syncFolder } from "../../../storage/journalFile";
import { openBlobs } from "./blobs";
import type { Blobs } from "./blobs";
import { createState } from "./state";
import type { State } from "./state";
import type { Blob, Change } from "./types";

/**
 * The objects of one bucket on disk: `journal` has a line for each change, `blobs/` the bytes. An object exists when its line is on disk, which
 * is written after its bytes are; so a crash at any time leaves all of an object, or nothing. Keys are never file names. One process at
 * a time may open a store.
 */
export interface ObjectStore extends Pick<State, "index" | "uploads" | "parts"> {
    /** Milliseconds since 1970. */
    readonly created: number;
    readonly blobs: Blobs;
    /**
     * Changes a key. `decide` sees the key as it is, with no other change of it under way, and answers what to do (undefined: nothing), or
     * throws. Resolves with its answer, once that is durable and visible.
     *
     * @param fresh blobs received for this change, removed when `decide` refuses it
     */
    commit<C extends Change | undefined>(key: string, decide: () => C, fresh?: readonly Blob[]): Promise<C>;
    close(): Promise<void>;
}

/** Opens a bucket's store, making it when there is none. */
export async function openObjectStore(folder: string): Promise<ObjectStore> {
    const blobFolder = path.join(folder, "blobs");
    fs.mkdirSync(blobFolder, { recursive: true });
    syncFolder(path.dirname(folder));
    const file = path.join(folder, "journal");
    const changes = readJournal<Change>(file);
    const state = createState();
    const created = changes[0]?.created ?? Date.now();
    for (const change of changes) state.apply(change);
    if (changes.length === 0 || changes.length > 2 * state.entries() + 1000) {
        rewriteJournal(file, [{ created }, ...state.changes()]);
    }
    const journal = await openJournal<Change>(file);
    const blobs = await openBlobs(blobFolder, state.blobIds());
    const locks = new Map<string, Promise<unknown>>();

    async function change<C extends Change | undefined>(decide: () => C, fresh: readonly Blob[]): Promise<C> {
        let decision: C;
        try {
            decision = decide();
        } catch (error) {
            await blobs.discard(fresh);
            throw error;
        }
        if (decision === undefined) return decision;
        await journal.append(decision);
        await blobs.discard(state.apply(decision));
        return decision;
    }

    return {
        index: state.index,
        uploads: state.uploads,
        parts: state.parts,
        created,
        blobs,
        commit(key, decide, fresh = []) {
            const before = locks.get(key);
            const run = () => change(decide, fresh);
            const done = before === undefined ? run() : before.then(run, run);
            locks.set(key, done);
            const unlock = () => {
                if (locks.get(key) === done) locks.delete(key);
            };
            done.then(unlock, unlock);
            return done;
        },
        async close() {
            await Promise.allSettled(locks.values());
            await journal.close();
            await blobs.close();
        },
    };
}
