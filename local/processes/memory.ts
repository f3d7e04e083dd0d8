import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";

/** Bytes in a megabyte as Lambda counts. */
export const MB = 1024 * 1024;

/**
 * What a Node.js process holds before it runs any of the function's code, most of it the program itself, which all processes share.
 * On this machine it is larger than in Lambda (measured: 43 to 52 MB with Node 24 on Linux), so it is allowed on top of
 * the function's memory size, for functions that fit in Lambda not to be killed here.
 */
export const NODE_BASE_MB = 64;

/** Flags by which V8 keeps to a memory size, in the proportions of Lambda's own runtime. */
export function memoryFlags(memoryMb: number): string[] {
    return [`--max-old-space-size=${Math.ceil(memoryMb * 0.9)}`, `--max-semi-space-size=${Math.ceil(memoryMb * 0.05)}`];
}

/**
 * Resident memory of processes, in bytes by process id; those that have ended are missing. On Windows, which has no cheap way to ask,
 * always empty: there only the heap is limited.
 */
export async function residentMemory(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    if (process.platform === "linux") {
        return new Map(pids.flatMap((pid) => fromProc(pid)));
    }
    return process.platform === "win32" ? new Map() : fromPs(pids);
}

/** Linux: `VmRSS`, in pages, without starting a process. */
function fromProc(pid: number): [number, number][] {
    try {
        return [[pid, Number(fs.readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE]];
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" || code === "ESRCH") {
            return [];
        }
        throw error;
    }
}

/** `statm` counts in pages, whose size Node does not tell; this process knows its own size both ways. */
const PAGE = process.platform === "linux" ? pageSize() : 0;

function pageSize(): number {
    const pages = Number(fs.readFileSync("/proc/self/statm", "latin1").split(" ")[1]);
    // Sizes differ between the two calls by little; page sizes differ by powers of two.
    return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
}

async function fromPs(pids: readonly number[]): Promise<Map<number, number>> {
    const run = promisify(childProcess.execFile);
    // ps exits with 1 when one of the processes has ended meanwhile; what it printed still counts.
    const { stdout } = await run("ps", ["-o", "pid=,rss=", "-p", pids.join(",")]).catch(
        (error: { stdout?: string }) => {
            if (error.stdout === undefined) {
                throw error;
            }
            return { stdout: error.stdout };
        },
    );
    const rows = stdout.trim().split("\n").filter(Boolean);
    return new Map(
        rows.map((row) => row.trim().split(/\s+/).map(Number)).map(([pid, kilobytes]) => [pid, kilobytes * 1024]),
    );
}
