import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { handOver, type Account } from "./account";
import type { Binaries } from "./binaries";

/** What is made anew at each start: the folder of the socket and of the links to libraries. */
export interface Runtime {
    readonly folder: string;
    readonly binaries: Binaries;
    readonly account: Account;
    readonly env: Record<string, string>;
}

/** A socket's path may have some hundred bytes, so it lies in the system's folder for temporary files. */
export function makeRuntime(binaries: Binaries, account: Account): Runtime {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pg-"));
    const libraries = path.join(folder, "lib");
    fs.mkdirSync(libraries);
    for (const { name, file } of binaries.links) {
        fs.symlinkSync(file, path.join(libraries, name));
    }
    handOver(folder, account);
    const variable = process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
    return {
        folder,
        binaries,
        account,
        env: {
            PATH: "/usr/bin:/bin",
            LC_ALL: "C",
            TZ: "UTC",
            [variable]: `${libraries}:${path.join(binaries.bin, "../lib")}`,
        },
    };
}

/** How a server that runs in its data folder names it. */
export function dataFolder(folder: string, { uid }: Account): string {
    return uid === undefined || process.platform !== "linux" ? folder : "/proc/self/cwd";
}

/** The last of what a stream says; it may run for weeks. */
export function collect(stream: NodeJS.ReadableStream): () => string {
    let text = "";
    stream.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-8_000)));
    return () => text;
}
