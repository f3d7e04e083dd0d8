import * as childProcess from "node:child_process";
import * as crypto from "node:crypto";
import * as net from "node:net";
import { PID_FILE } from "./leftover";

/** An engine's process. */
export interface Running {
    readonly child: childProcess.ChildProcess;
    /** Where it listens. */
    readonly address: Address;
    /** Resolves when it answers; fails when it ends before. */
    readonly ready: Promise<void>;
    /** Code or signal. */
    readonly exit: Promise<number | string | null>;
}

export interface Address {
    readonly host: string;
    readonly port: number;
}

/** Starts the engine over a folder that is there. */
export async function run(engine: string, folder: string): Promise<Running> {
    const address = await freeAddress();
    const args = ["serve", "--host", address.host, "--port", String(address.port), "--db-path", "tables.db"];
    const child = childProcess.spawn("/bin/sh", ["-c", WATCHED, "sh", engine, ...args], {
        cwd: folder,
        env: { PATH: "/usr/bin:/bin" },
        stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-8_000)));
    let ended = false;
    const exit = new Promise<number | string | null>((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("close", (code, signal) => resolve(code ?? signal));
    }).finally(() => (ended = true));
    child.stdout.resume();
    const ready = Promise.race([
        connectable(address, () => ended),
        exit.then((code) => Promise.reject(new Error(`DynamoDB's engine ended with ${code}: ${errors.trim()}`))),
    ]);
    ready.catch(() => undefined);
    return { child, address, ready, exit };
}

/**
 * Runs the engine until its standard input says by which signal to end it, or ends because this process did: then at once. What the engine
 * acknowledged is in its file by then.
 */
const WATCHED =
    'exec 3<&0; "$@" & engine=$!; echo "$engine" > ' +
    PID_FILE +
    '; { read -r how <&3; kill -"${how:-KILL}" "$engine" 2>/dev/null; } & wait "$engine"';

/**
 * The engine asks for no proof of who calls, and lets web pages of any origin in. So it is not where a page or a function could look for it
 * by trying ports: on Linux, every address in 127.0.0.0/8 is this machine's own.
 */
async function freeAddress(): Promise<Address> {
    const host =
        process.platform === "linux" ? `127.${[...crypto.randomBytes(3)].map(inMiddle).join(".")}` : "127.0.0.1";
    const probe = net.createServer();
    await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, host, resolve));
    const { port } = probe.address() as net.AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return { host, port };
}

/** Neither 0 nor 255, which in the last place would name a network. */
function inMiddle(byte: number): number {
    return 1 + (byte % 254);
}

/** The engine tells of no moment from which on it answers; it takes some milliseconds. */
async function connectable({ host, port }: Address, ended: () => boolean): Promise<void> {
    while (!ended()) {
        const connected = await new Promise<boolean>((resolve) => {
            const socket = net.connect(port, host);
            socket.once("error", () => resolve(false));
            socket.once("connect", () => {
                socket.destroy();
                resolve(true);
            });
        });
        if (connected) return;
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}
