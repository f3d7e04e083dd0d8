import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";

const folder = path.dirname(__dirname);

/** A started process whose first line matched, and how long that took. */
export interface Started {
    readonly child: ChildProcess;
    readonly line: string;
    readonly ms: number;
}

/** Starts Node with TypeScript and waits for a line of its output. */
export async function startNode(args: readonly string[], ready: RegExp): Promise<Started> {
    const begun = performance.now();
    const child = spawn(process.execPath, ["--require", "./tools/register.cjs", ...args], {
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of readline.createInterface({ input: child.stdout })) {
        if (ready.test(line)) {
            child.stdout.resume();
            return { child, line, ms: performance.now() - begun };
        }
    }
    throw new Error(`${args.join(" ")} ended without a line like ${ready}`);
}

/** Ends a process by SIGTERM. */
export async function end({ child }: Started): Promise<void> {
    child.kill("SIGTERM");
    await once(child, "exit");
}

/** Memory of a process and its children in MB: proportional set sizes, which count what is shared once. Linux only. */
export function treeMemoryMb(pid: number): number {
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
    const own = Number(/^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) / 1_000;
    return own + children.reduce((sum, child) => sum + treeMemoryMb(Number(child)), 0);
}

export interface Load {
    readonly requestsPerSecond: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    /** Answers other than 2xx; a figure with any is worth nothing. */
    readonly failed: number;
}

/** Sends requests for some seconds over a number of connections, from a process of its own. */
export async function load(
    url: string,
    connections: number,
    seconds: number,
    more: readonly string[] = [],
): Promise<Load> {
    const cannon = path.join(folder, "node_modules", "autocannon", "autocannon.js");
    const child = spawn(
        process.execPath,
        [cannon, "-j", "-c", String(connections), "-d", String(seconds), ...more, url],
        {
            stdio: ["ignore", "pipe", "ignore"],
        },
    );
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    await once(child, "close");
    const result = JSON.parse(text) as {
        requests: { average: number };
        latency: { p50: number; p99: number };
        non2xx: number;
        errors: number;
    };
    return {
        requestsPerSecond: result.requests.average,
        p50Ms: result.latency.p50,
        p99Ms: result.latency.p99,
        failed: result.non2xx + result.errors,
    };
}
