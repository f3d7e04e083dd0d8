import * as fs from "node:fs";
import * as path from "node:path";
import { coalesce } from "./coalesce";
import type { Change } from "./types";

/** A file of changes, one JSON text a line, that only grows. */
export interface Journal {
    /** Resolves once the change is on disk. Changes appended at the same time share one fsync. */
    append(change: Change): Promise<void>;
    /** Waits for what was appended. */
    close(): Promise<void>;
}

/**
 * Reads all changes of a journal, oldest first; none when it does not exist. A last line that a crash left unfinished is cut off: it was
 * never acknowledged.
 *
 * @throws when any other line is no JSON: then the disk lost what was acknowledged, and guessing would hide it
 */
export function readJournal(file: string): Change[] {
    if (!fs.existsSync(file)) return [];
    const text = fs.readFileSync(file);
    const end = text.lastIndexOf(10) + 1;
    if (end < text.length) fs.truncateSync(file, end);
    const lines = text.toString("utf8", 0, end).split("\n");
    lines.pop();
    return lines.map((line, index) => {
        try {
            return JSON.parse(line) as Change;
        } catch (error) {
            throw new Error(`line ${index + 1} of ${file} is damaged; restore the file, or remove its folder`, {
                cause: error,
            });
        }
    });
}

/** Replaces a journal by a shorter one with the same meaning; a crash leaves the old or the new. */
export function rewriteJournal(file: string, changes: Iterable<Change>): void {
    const temporary = `${file}.new`;
    const lines = Array.from(changes, (change) => `${JSON.stringify(change)}\n`);
    fs.writeFileSync(temporary, lines.join(""), { flush: true });
    fs.renameSync(temporary, file);
    syncFolder(path.dirname(file));
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
    const descriptor = fs.openSync(folder, "r");
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
}

/** Opens an existing journal for appending. */
export async function openJournal(file: string): Promise<Journal> {
    const handle = await fs.promises.open(file, "r+");
    let length = (await handle.stat()).size;
    let lines: string[] = [];
    let damaged: Error | undefined;

    const flush = coalesce(async () => {
        if (damaged !== undefined) throw damaged;
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

    return {
        append(change) {
            lines.push(`${JSON.stringify(change)}\n`);
            return flush();
        },
        async close() {
            await flush().finally(() => handle.close());
        },
    };
}

async function writeAll(handle: fs.promises.FileHandle, bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
}
