import * as fs from "node:fs";
import * as path from "node:path";

/** Appends lines to files, together. */
export interface LogWriter {
    put(logGroup: string, logStream: string, lines: readonly string[]): void;
    /** Writes what is buffered, before it returns. */
    flush(): void;
    /** Flushes; what is put later is written at once. */
    close(): void;
}

/** Lines are on disk after this time at the latest, in milliseconds. */
const FLUSH_MS = 200;

/** A stream with more characters than this in memory is written at once. */
const MOST_BUFFERED = 1_000_000;

/** @param fileOf The file of a stream. Files are opened for each write and closed again: no handle is kept. */
export function createWriter(fileOf: (logGroup: string, logStream: string) => string): LogWriter {
    const groups = new Map<string, Map<string, string>>();
    let timer: NodeJS.Timeout | undefined;
    let closed = false;

    const flush = () => {
        clearTimeout(timer);
        timer = undefined;
        for (const [group, streams] of groups) {
            for (const [stream, text] of streams) {
                append(fileOf(group, stream), text);
            }
        }
        groups.clear();
    };
    return {
        put(group, stream, lines) {
            let streams = groups.get(group);
            if (streams === undefined) {
                streams = new Map<string, string>();
                groups.set(group, streams);
            }
            const time = Date.now();
            let text = streams.get(stream) ?? "";
            for (const line of lines) {
                text += `${time}\t${line}\n`;
            }
            streams.set(stream, text);
            if (closed || text.length > MOST_BUFFERED) {
                flush();
            } else {
                timer ??= setTimeout(flush, FLUSH_MS);
            }
        },
        flush,
        close() {
            closed = true;
            flush();
        },
    };
}

function append(file: string, text: string): void {
    try {
        fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        fs.appendFileSync(file, text, { mode: 0o600 });
    } catch (error) {
        // A full disk must not end the run; the user is told, once for each kind of failure.
        warnOnce(`Log lines are lost: ${(error as Error).message}`);
    }
}

const warned = new Set<string>();

function warnOnce(message: string): void {
    if (!warned.has(message)) {
        warned.add(message);
        process.emitWarning(message);
    }
}
