import * as fs from "node:fs";
import { decode, groupFolder, logsFolder } from "./files";
import { createTail } from "./tail";

/** A log event. */
export interface LogLine {
    /** Epoch milliseconds. */
    readonly time: number;
    readonly stream: string;
    /** The text; may hold line ends, as an event can. */
    readonly line: string;
}

export interface ReadOptions {
    /** Wait for further lines until {@link signal} ends it. @default false */
    readonly follow?: boolean;
    /** Only lines of this time and later, in epoch milliseconds. @default all */
    readonly since?: number;
    /** Only lines that hold this text. @default all */
    readonly filter?: string;
    readonly signal?: AbortSignal;
}

/**
 * Lines of a log group, oldest first; also from another process than the one that writes.
 *
 * @param nameOrGroup A log group, the name of a function, or a part of a log group's name that only one has.
 * @throws When there is no such group, or more than one; the message lists what there is.
 */
export async function* readLogs(
    dataDir: string,
    nameOrGroup: string,
    options: ReadOptions = {},
): AsyncIterable<LogLine> {
    const { follow = false, since = 0, filter = "", signal } = options;
    const folder = groupFolder(dataDir, findGroup(dataDir, nameOrGroup));
    const wanted = ({ time, line }: LogLine) => time >= since && line.includes(filter);
    const tail = createTail(folder);
    if (!follow) {
        yield* tail.read(since).filter(wanted);
        return;
    }
    // Watched before the first reading, so that nothing written between is missed.
    const changes = fs.promises.watch(folder, signal ? { signal } : {});
    try {
        yield* tail.read(since).filter(wanted);
        for await (const _ of changes) {
            yield* tail.read(since).filter(wanted);
        }
    } catch (error) {
        if (!signal?.aborted) {
            throw error;
        }
    }
}

/** All log groups that were ever declared or written, by name. */
export function knownGroups(dataDir: string): string[] {
    const folder = logsFolder(dataDir);
    return fs.existsSync(folder) ? fs.readdirSync(folder).map(decode).sort() : [];
}

function findGroup(dataDir: string, nameOrGroup: string): string {
    const groups = knownGroups(dataDir);
    const exact = [nameOrGroup, `/aws/lambda/${nameOrGroup}`].find((name) => groups.includes(name));
    if (exact !== undefined) {
        return exact;
    }
    const matching = groups.filter((group) => group.includes(nameOrGroup));
    if (matching.length === 1) {
        return matching[0];
    }
    const list = (matching.length === 0 ? groups : matching).map((group) => `  ${group}`).join("\n");
    const problem =
        matching.length === 0
            ? `There is no log group ${nameOrGroup}`
            : `${nameOrGroup} may be one of several log groups`;
    throw new Error(
        `${problem}. Known ${matching.length === 0 ? "are" : "with that text are"}:\n${list || "  (none: is the local run's folder right?)"}`,
    );
}
