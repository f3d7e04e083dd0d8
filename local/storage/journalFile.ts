import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Reads all changes of a journal, oldest first; none when it does not exist. A last line that a crash left unfinished is cut off: it was
 * never acknowledged.
 *
 * @throws when any other line is no JSON: then the disk lost what was acknowledged, and guessing would hide it
 */
export function readJournal<Change>(file: string): Change[] {
    if (!fs.existsSync(file)) return [];
    const text = fs.readFileSync(file);
    const end = text.lastIndexOf(10) + 1;
    if (end < text.length) fs.truncateSync(file, end);
    const changes: Change[] = [];
    for (let start = 0; start < end;) {
        const next = text.indexOf(10, start) + 1;
        try {
            changes.push(JSON.parse(text.toString("utf8", start, next)) as Change);
        } catch (error) {
            const line = changes.length + 1;
            throw new Error(`line ${line} of ${file} is damaged; restore the file, or remove its folder`, {
                cause: error,
            });
        }
        start = next;
    }
    return changes;
}

/** Replaces a journal that is not open by a shorter one with the same meaning; a crash leaves the old or the new. */
export function rewriteJournal<Change>(file: string, changes: Iterable<Change>): void {
    const temporary = `${file}.new`;
    const descriptor = fs.openSync(temporary, "w");
    try {
        for (const text of changeLines(changes, PIECE)) fs.writeFileSync(descriptor, text);
        fs.fsyncSync(descriptor);
    } finally {
        fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, file);
    syncFolder(path.dirname(file));
}

const PIECE = 1_000_000;

/** The lines of changes, in pieces of about so many characters. */
export function* changeLines<Change>(changes: Iterable<Change>, piece: number): Generator<string> {
    let text = "";
    for (const change of changes) {
        text += `${JSON.stringify(change)}\n`;
        if (text.length >= piece) {
            yield text;
            text = "";
        }
    }
    if (text !== "") yield text;
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
    const descriptor = fs.openSync(folder, "r");
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
}
