import * as fs from "node:fs";
import * as path from "node:path";
import { coalesce } from "./coalesce";
import { changeLines, rewriteJournal, syncFolder } from "./journalFile";

/** A file of changes, one JSON text a line, that grows until it is rewritten. */
export interface Journal<Change> {
    /** Resolves once the change is on disk. Changes appended at the same time share one fsync. */
    append(change: Change): Promise<void>;
    /**
     * Replaces all that is on disk by fewer changes with the same meaning, read while they are written; a crash leaves the old or the new.
     * What is appended meanwhile follows them, so a change must do no harm when it is made twice. Not to be called again before it resolves.
     */
    rewrite(changes: () => Iterable<Change>): Promise<void>;
    /** Bytes on disk. */
    size(): number;
    /** Waits for what was appended. */
    close(): Promise<void>;
}

/** Opens a journal for appending; makes an empty one when there is none. */
export async function openJournal<Change>(file: string): Promise<Journal<Change>> {
    if (!fs.existsSync(file)) rewriteJournal(file, []);
    let handle = await fs.promises.open(file, "r+");
    let length = (await handle.stat()).size;
    let lines: string[] = [];
    let rewriting: (() => Promise<void>) | undefined;
    let damaged: Error | undefined;

    const flush = coalesce(async () => {
        if (damaged !== undefined) throw damaged;
        await rewriting?.();
        const bytes = Buffer.from(lines.join(""));
        lines = [];
        if (bytes.length === 0) return;
        try {
            await writeAll(handle, bytes, length);
            await handle.datasync();
            length += bytes.length;
        } catch (error) {
            // What was half written must not become the start of the next line.
            await handle.truncate(length).catch((failure: Error) => (damaged = failure));
            throw error;
        }
    });

    async function replace(changes: () => Iterable<Change>): Promise<void> {
        const temporary = `${file}.new`;
        const fresh = await fs.promises.open(temporary, "w");
        let written = 0;
        try {
            for (const text of changeLines(changes(), PIECE)) {
                const bytes = Buffer.from(text);
                await writeAll(fresh, bytes, written);
                written += bytes.length;
            }
            await fresh.datasync();
            await fs.promises.rename(temporary, file);
        } catch (error) {
            await fresh.close();
            await fs.promises.rm(temporary, { force: true });
            throw error;
        }
        await handle.close();
        handle = fresh;
        length = written;
        try {
            syncFolder(path.dirname(file));
        } catch (error) {
            // A crash could bring the old file back, without what would be appended from now on.
            damaged = error as Error;
            throw error;
        }
    }

    return {
        append(change) {
            lines.push(`${JSON.stringify(change)}\n`);
            return flush();
        },
        rewrite: (changes) =>
            new Promise((resolve, reject) => {
                rewriting = () => {
                    rewriting = undefined;
                    return replace(changes).then(resolve, reject);
                };
                flush().catch(reject);
            }),
        size: () => length,
        async close() {
            await flush().finally(() => handle.close());
        },
    };
}

/** Characters that a rewrite makes and writes at a time: calls are answered in between. */
const PIECE = 1_000_000;

async function writeAll(handle: fs.promises.FileHandle, bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
}
