import * as fs from "node:fs";

/** One decision of the local run's IAM. */
export interface TraceEntry {
    /** RFC 3339. */
    readonly time: string;
    readonly requestId: string;
    /** ARN of the principal, or the service's name. */
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly decision: string;
    /** The statement that decided, for people. */
    readonly by?: string;
}

export interface Trace {
    add(entry: TraceEntry): void;
    /** The latest entries, newest first. */
    recent(): readonly TraceEntry[];
    close(): void;
}

/** Entries kept in memory. */
const KEPT = 500;

/** A longer file is begun anew at the next start, in bytes. */
const LONGEST_FILE = 20_000_000;

/** Keeps every decision in a file, one JSON object a line, and the latest in memory. */
export function createTrace(file: string): Trace {
    const append = (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) < LONGEST_FILE;
    const descriptor = fs.openSync(file, append ? "a" : "w", 0o600);
    const recent: TraceEntry[] = [];
    let pending: string[] = [];
    const flush = () => {
        if (pending.length > 0) {
            fs.writeSync(descriptor, pending.join(""));
            pending = [];
        }
    };
    const timer = setInterval(flush, 200).unref();
    return {
        add(entry) {
            pending.push(`${JSON.stringify(entry)}\n`);
            if (recent.push(entry) > 2 * KEPT) {
                recent.splice(0, KEPT);
            }
        },
        recent: () => recent.slice(-KEPT).reverse(),
        close() {
            clearInterval(timer);
            flush();
            fs.closeSync(descriptor);
        },
    };
}
