import * as fs from "node:fs";
import * as path from "node:path";
import { decode } from "./files";
import type { LogLine } from "./read";

/** Reads a log group's files, each from where it stopped. */
export interface Tail {
    /** New lines, oldest first. Streams without a line since that time are not opened. */
    read(since: number): LogLine[];
}

export function createTail(folder: string): Tail {
    const positions = new Map<string, number>();
    return {
        read(since) {
            const lines = fs
                .readdirSync(folder)
                .filter((entry) => entry.endsWith(".log"))
                .flatMap((entry) => readStream(path.join(folder, entry), decode(entry), since, positions));
            return lines.sort((a, b) => a.time - b.time);
        },
    };
}

function readStream(file: string, stream: string, since: number, positions: Map<string, number>): LogLine[] {
    const { size, mtimeMs } = fs.statSync(file);
    const position = positions.get(file) ?? 0;
    if (size <= position || mtimeMs < since) {
        return [];
    }
    const bytes = Buffer.alloc(size - position);
    const descriptor = fs.openSync(file, "r");
    try {
        fs.readSync(descriptor, bytes, 0, bytes.length, position);
    } finally {
        fs.closeSync(descriptor);
    }
    // The last line may be half written; the rest comes with the next reading.
    const whole = bytes.lastIndexOf("\n") + 1;
    positions.set(file, position + whole);
    return bytes
        .toString("utf8", 0, whole)
        .split("\n")
        .slice(0, -1)
        .map((text) => parse(text, stream));
}

/** Runtimes write line ends within an event as carriage returns. */
function parse(text: string, stream: string): LogLine {
    const tab = text.indexOf("\t");
    return { time: Number(text.slice(0, tab)), stream, line: text.slice(tab + 1).replaceAll("\r", "\n") };
}
