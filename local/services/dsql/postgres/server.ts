import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { handOver, reachableBinaries, serverAccount, type Account } from "./account";
import { findBinaries, type Binaries } from "./binaries";
import { endLeftover } from "./leftover";

/** A PostgreSQL server, reached by a Unix socket that only this user can. */
export interface PostgresServer {
    /** Path of the socket. */
    readonly socket: string;
    /** Process id of the server. */
    pid(): number | undefined;
    /** Resolves when the server takes connections: after a start, and while it is started again. */
    ready(): Promise<void>;
    close(): Promise<void>;
}

export interface ServerOptions {
    /** Folder of the server's data; made on first use. */
    readonly folder: string;
    /** Says what people should know, e.g. that the server ended and is started again. */
    readonly print: (line: string) => void;
    /** @default the installed npm package */
    readonly binaries?: Binaries;
}

/**
 * Starts a PostgreSQL server over a folder. When it ends by itself, it is started again, as a managed service would. It ends with this
 * process, however that ends.
 */
export async function startPostgres({
    folder,
    print,
    binaries = findBinaries(),
}: ServerOptions): Promise<PostgresServer> {
    const account = serverAccount();
    const runtime = makeRuntime(reachableBinaries(binaries, account, print), account);
    const socket = path.join(runtime.folder, ".s.PGSQL.5432");
    let closing = false;
    let current: Running;
    const launch = (): Running => {
        const running = run(runtime, folder);
        // One that never was ready would not be the next time: then those who wait are told.
        running.ready
            .then(() => running.exit)
            .then(
                (code) => {
                    if (closing) return;
                    print(`PostgreSQL ended with ${code}; it is started again.`);
                    current = launch();
                },
                (error: Error) => print(error.message),
            );
        return running;
    };
    try {
        await endLeftover(folder);
        await initialise(runtime, folder);
        current = launch();
        await current.ready;
    } catch (error) {
        fs.rmSync(runtime.folder, { recursive: true, force: true });
        throw error;
    }
    return {
        socket,
        pid: () => serverPid(folder),
        ready: () => current.ready,
        async close() {
            closing = true;
            current.child.stdin!.end("INT\n");
            await current.exit;
            fs.rmSync(runtime.folder, { recursive: true, force: true });
        },
    };
}

/** What is made anew at each start: the folder of the socket and of the links to libraries. */
interface Runtime {
    readonly folder: string;
    readonly binaries: Binaries;
    readonly account: Account;
    readonly env: Record<string, string>;
}

/** A socket's path may have some hundred bytes, so it lies in the system's folder for temporary files. */
function makeRuntime(binaries: Binaries, account: Account): Runtime {
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

/**
 * Makes the data folder, unless it is there: beside its place first, so that a crash leaves nothing half made.
 *
 * A server that runs as `nobody` may not enter the folders above its own. It needs not to: it starts in its own, and names it by
 * `/proc/self/cwd`.
 */
async function initialise({ binaries, account, env }: Runtime, folder: string): Promise<void> {
    if (fs.existsSync(path.join(folder, "PG_VERSION"))) {
        handOver(folder, account);
        return;
    }
    const fresh = `${folder}.new`;
    fs.rmSync(fresh, { recursive: true, force: true });
    fs.mkdirSync(fresh, { recursive: true });
    handOver(fresh, account);
    const options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"];
    const child = childProcess.spawn(
        path.join(binaries.bin, "initdb"),
        ["-D", dataFolder(fresh, account), ...options],
        {
            ...account,
            ...{ cwd: fresh, env, stdio: ["ignore", "ignore", "pipe"] },
        },
    );
    const errors = collect(child.stderr);
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) {
        throw new Error(`PostgreSQL's data could not be made: ${errors().trim()}`);
    }
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(fresh, folder);
}

function dataFolder(folder: string, { uid }: Account): string {
    return uid === undefined ? folder : "/proc/self/cwd";
}

interface Running {
    readonly child: childProcess.ChildProcess;
    readonly ready: Promise<void>;
    /** Code or signal. */
    readonly exit: Promise<number | string | null>;
}

function run({ folder: socketFolder, binaries, account, env }: Runtime, folder: string): Running {
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: socketFolder }).flatMap(([name, value]) => [
        "-c",
        `${name}=${value}`,
    ]);
    const server = [path.join(binaries.bin, "postgres"), "-D", dataFolder(folder, account), ...settings];
    const child = childProcess.spawn("/bin/sh", ["-c", WATCHED, "sh", ...server], {
        ...account,
        ...{ cwd: folder, env, stdio: ["pipe", "ignore", "pipe"] },
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

/** The last of what a stream says; it may run for weeks. */
function collect(stream: NodeJS.ReadableStream): () => string {
    let text = "";
    stream.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-8_000)));
    return () => text;
}

/** The server writes its process id into its folder. */
function serverPid(folder: string): number | undefined {
    try {
        return Number(fs.readFileSync(path.join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
    } catch {
        return undefined;
    }
}
