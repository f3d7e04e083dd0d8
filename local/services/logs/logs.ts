import * as fs from "node:fs";
import * as path from "node:path";
import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import type { Authorizer } from "../../iam/types";
import { groupFolder, streamFile } from "./files";
import { readLogs, type LogLine, type ReadOptions } from "./read";
import type { LogSink } from "./types";
import { createWriter } from "./writer";

/** Arguments for {@link createLogs}. */
export interface LogsOptions {
    readonly dataDir: string;
    readonly authorizer: Authorizer;
    readonly account: string;
    readonly region: string;
}

export interface Logs extends LogSink, ResourceProvider {
    /** Writes what is buffered, before it returns. */
    flush(): void;
    /** Lines of a log group, oldest first, those buffered too. */
    read(logGroup: string, options?: ReadOptions): AsyncIterable<LogLine>;
    close(): Promise<void>;
}

/**
 * CloudWatch Logs, as far as writing goes: each stream is a file `<dataDir>/logs/<group>/<stream>.log` of lines
 * `<epoch ms><TAB><line>`, names percent-encoded. Another process reads them by {@link readLogs}.
 *
 * A customer key of a group is not used: the files are as private as the folder.
 */
export function createLogs({ dataDir }: LogsOptions): Logs {
    const declared = new Set<string>();
    const writer = createWriter((group, stream) => streamFile(dataDir, group, stream));
    return {
        has: (logGroup) => declared.has(logGroup),
        put: writer.put,
        flush: writer.flush,
        read(logGroup, options) {
            writer.flush();
            return readLogs(dataDir, logGroup, options);
        },
        apply: {
            "aws:cloudwatch/logGroup:LogGroup": (resource) => {
                const name = nameOf(resource);
                const folder = groupFolder(dataDir, name);
                fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
                declared.add(name);
                dropOld(folder, Number(resource.inputs.retentionInDays ?? 0));
            },
            "aws:cloudwatch/logStream:LogStream": (resource) => {
                const group = String(resource.inputs.logGroupName);
                if (!declared.has(group)) {
                    throw new Error(`Log stream ${nameOf(resource)}: there is no log group ${group}`);
                }
                writer.put(group, nameOf(resource), []);
            },
        },
        close() {
            writer.close();
            return Promise.resolve();
        },
    };
}

function nameOf({ inputs, outputs, id }: PlannedResource): string {
    return String(outputs.name ?? inputs.name ?? id);
}

const DAY_MS = 86_400_000;

/** Deletes the streams whose last line is older than the retention; 0 keeps all. */
function dropOld(folder: string, retentionDays: number): void {
    if (retentionDays <= 0) {
        return;
    }
    const oldest = Date.now() - retentionDays * DAY_MS;
    for (const entry of fs.readdirSync(folder)) {
        const file = path.join(folder, entry);
        if (fs.statSync(file).mtimeMs < oldest) {
            fs.rmSync(file);
        }
    }
}
