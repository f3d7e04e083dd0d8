import * as path from "node:path";

/** Folder of all log groups. */
export function logsFolder(dataDir: string): string {
    return path.resolve(dataDir, "logs");
}

/** Folder of a log group. */
export function groupFolder(dataDir: string, logGroup: string): string {
    return path.join(logsFolder(dataDir), encode(logGroup));
}

/** File of a log stream. */
export function streamFile(dataDir: string, logGroup: string, logStream: string): string {
    return path.join(groupFolder(dataDir, logGroup), `${encode(logStream)}.log`);
}

/** The log group of a folder, or the log stream of a file, by its base name. */
export function decode(entry: string): string {
    return decodeURIComponent(entry.replace(/\.log$/, ""));
}

/** Names may hold slashes, and `..` must not lead out of the folder. */
function encode(name: string): string {
    return encodeURIComponent(name).replace(/^\.+/, (dots) => "%2E".repeat(dots.length));
}
