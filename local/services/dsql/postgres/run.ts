import * as childProcess from "node:child_process";
import * as path from "node:path";
import { collect, dataFolder, type Runtime } from "./runtime";

/** A server's process. */
export interface Running {
    readonly child: childProcess.ChildProcess;
    readonly ready: Promise<void>;
    /** Code or signal. */
    readonly exit: Promise<number | string | null>;
}

/** Starts a server over a data folder that is there. */
export function run({ folder: socketFolder, binaries, account, env }: Runtime, folder: string): Running {
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: socketFolder }).flatMap(([name, value]) => [
        "-c",
        `${name}=${value}`,
    ]);
    const server = [path.join(binaries.bin, "postgres"), "-D", dataFolder(folder, account), ...settings];
    const child = childProcess.spawn("/bin/sh", ["-c", WATCHED, "sh", ...server], {
        ...account,
        // In a session of its own: Ctrl-C at the terminal is for the run, which ends the server last.
        ...{ cwd: folder, env, stdio: ["pipe", "ignore", "pipe"], detached: true },
    });
    child.stdin.on("error", () => undefined);
    const errors = collect(child.stderr);
    const exit = new Promise<number | string | null>((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("close", (code, signal) => resolve(code ?? signal));
    });
    const ready = new Promise<void>((resolve, reject) => {
        child.stderr.on("data", () => {
            if (errors().includes("ready to accept connections")) resolve();
        });
        void exit.then((code) => reject(new Error(`PostgreSQL ended with ${code}: ${errors().trim()}`)));
    });
    ready.catch(() => undefined);
    return { child, ready, exit };
}

/**
 * Runs the server until its standard input says by which signal to end it, or ends because this process did: then at once. An orderly end
 * is quicker to start after.
 */
const WATCHED = 'exec 3<&0; "$@" & server=$!; { read -r how <&3; kill -"${how:-QUIT}" "$server"; } & wait "$server"';

/**
 * Of Aurora DSQL: one isolation level, UTC. Of a machine at home: little memory. What is acknowledged is on disk, as everywhere else.
 *
 * Whoever reaches the socket is let in as any role: it lies in a folder of this user alone, and the proxy is what asks for tokens.
 */
const SETTINGS = {
    listen_addresses: "",
    unix_socket_permissions: "0700",
    default_transaction_isolation: "repeatable read",
    timezone: "UTC",
    max_connections: "400",
    shared_buffers: "16MB",
    wal_level: "minimal",
    max_wal_senders: "0",
    max_wal_size: "128MB",
    jit: "off",
    huge_pages: "off",
    autovacuum_naptime: "300",
    log_min_messages: "log",
    // Statements may hold what clients sent.
    log_min_error_statement: "panic",
    logging_collector: "off",
};
