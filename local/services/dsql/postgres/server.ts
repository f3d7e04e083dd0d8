import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { handOver, serverAccount } from "./account";
import { findBinaries, type Binaries } from "./binaries";
import { runnableBinaries } from "./copy";
import { endLeftover } from "./leftover";
import { run, type Running } from "./run";
import { collect, dataFolder, makeRuntime, type Runtime } from "./runtime";

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
    const runtime = makeRuntime(runnableBinaries(binaries, account, print), account);
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
    fs.renameSync(fresh, folder);
}

/** The server writes its process id into its folder. */
function serverPid(folder: string): number | undefined {
    try {
        return Number(fs.readFileSync(path.join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
    } catch {
        return undefined;
    }
}
