import * as assert from "node:assert/strict";
import * as childProcess from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import * as pg from "pg";
import { binariesIn, findBinaries } from "../../../local/services/dsql/postgres/binaries";
import { startPostgres } from "../../../local/services/dsql/postgres/server";
import { CANCEL_REQUEST } from "../../../local/services/dsql/proxy/messages";
import { startCluster, type TestCluster } from "./support/cluster";

/** The package as it is before its install script runs: without links. */
function packageCopy() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pg-test-"));
    const native = path.join(folder, "native");
    const isNoLink = (file: string) => !fs.lstatSync(file).isSymbolicLink();
    fs.cpSync(path.dirname(findBinaries().bin), native, { recursive: true, filter: isNoLink });
    // Another version than the package's own, by which copies are told apart.
    const version = path.basename(folder);
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ version }));
    return { folder, native, version };
}

/** A server that nobody watches, over a data folder. */
async function strayServer(native: string, data: string) {
    const isRoot = process.getuid!() === 0;
    const child = childProcess.spawn(
        path.join(native, "bin/postgres"),
        ["-D", isRoot ? "/proc/self/cwd" : data, "-c", "listen_addresses=", "-c", "unix_socket_directories="],
        {
            ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
            ...{
                cwd: data,
                stdio: ["ignore", "ignore", "pipe"],
                env: { LD_LIBRARY_PATH: path.join(findBinaries().bin, "../lib") },
            },
        },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    for await (const chunk of child.stderr) {
        if (String(chunk).includes("ready to accept connections")) break;
    }
    return { pid: child.pid, ended };
}

describe("the PostgreSQL server of the local run", () => {
    let cluster: TestCluster;
    before(async () => {
        cluster = await startCluster();
        await cluster.admin("CREATE TABLE t (a int PRIMARY KEY, b int)");
        await cluster.admin("INSERT INTO t VALUES (1, 0)");
    });
    after(() => cluster.close());

    it("keeps its data over a restart, and over a kill of the server, after which it is started again", async () => {
        await cluster.restart();
        assert.deepEqual(await cluster.admin("SELECT b FROM t WHERE a = 1"), [{ b: 0 }]);
        const client = await cluster.connect({ user: "admin", password: cluster.token() });
        const cut = new Promise((resolve) => client.once("end", resolve));

        process.kill(cluster.pid(), "SIGKILL");
        await cut;

        let rows: any[] | undefined;
        while (!rows) {
            rows = await cluster.admin("SELECT b FROM t WHERE a = 1").catch((error: pg.DatabaseError) => {
                assert.match(`${error.code} ${error.message}`, /^57P03|Connection terminated/);
                return undefined;
            });
        }
        assert.deepEqual(rows, [{ b: 0 }]);
        assert.ok(cluster.printed.some((line) => /^PostgreSQL ended with \d+; it is started again/.test(line)));
    });

    it("answers 40001 to the later of two transactions that change one row, and the first wins", async () => {
        const [one, other] = await Promise.all(
            [1, 2].map(() => cluster.connect({ user: "admin", password: cluster.token() })),
        );
        await one.query("BEGIN");
        await other.query("BEGIN");
        await one.query("SELECT * FROM t");
        await other.query("SELECT * FROM t");

        await one.query("UPDATE t SET b = 1 WHERE a = 1");
        await one.query("COMMIT");

        await assert.rejects(other.query("UPDATE t SET b = 2 WHERE a = 1"), { code: "40001" });
        await other.query("ROLLBACK");
        await Promise.all([one.end(), other.end()]);
        assert.deepEqual(await cluster.admin("SELECT b FROM t WHERE a = 1"), [{ b: 1 }]);
    });

    it("takes prepared statements, parameters and large values through the proxy as they are", async () => {
        const client = await cluster.connect({ user: "admin", password: cluster.token() });
        const long = "ü".repeat(2_000_000);

        const { rows } = await client.query({
            name: "twice",
            text: "SELECT $1::text AS text, $2::int AS n",
            values: [long, 7],
        });
        const again = await client.query({
            name: "twice",
            text: "SELECT $1::text AS text, $2::int AS n",
            values: ["a", 8],
        });

        assert.equal(rows[0].text, long);
        assert.deepEqual(again.rows, [{ text: "a", n: 8 }]);
        await client.end();
    });

    it("cancels a statement when its client asks", async () => {
        const client = await cluster.connect({ user: "admin", password: cluster.token() });
        const [{ pid }] = (await client.query("SELECT pg_backend_pid() AS pid")).rows;

        const slow = assert.rejects(client.query("SELECT pg_sleep(60)"), { code: "57014" });
        const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
        const request = Buffer.alloc(16);
        [16, CANCEL_REQUEST, processID, secretKey].forEach((number, index) => request.writeInt32BE(number, 4 * index));
        const socket = net.connect(cluster.port, cluster.host);
        socket.end(request);

        await slow;
        assert.equal(processID, pid);
        assert.equal(await text(socket), "");
        await client.end();
    });

    it("listens on no port of its own, and its socket is open to its user alone", () => {
        const [, , , , socketFolder, addresses] = fs
            .readFileSync(path.join(cluster.dataDir, "dsql", "abcdefghijklmnopqrstuvwxyz", "postmaster.pid"), "utf8")
            .split("\n");

        assert.equal(addresses, "");
        assert.equal(fs.statSync(socketFolder).mode & 0o777, 0o700);
        assert.equal(fs.statSync(path.join(cluster.dataDir, "dsql", "key.pem")).mode & 0o777, 0o600);
    });

    it("starts from a package whose install script did not run, and ends a server that a killed run left", async () => {
        const { native, folder } = packageCopy();
        fs.chmodSync(folder, 0o711);
        const data = path.join(folder, "data");
        const options = { folder: data, print: () => undefined, binaries: binariesIn(native) };

        await (await startPostgres(options)).close();
        const leftover = await strayServer(native, data);
        const second = await startPostgres(options);

        assert.notEqual(second.pid(), leftover.pid);
        await leftover.ended;
        const client = new pg.Client({ host: path.dirname(second.socket), user: "postgres", database: "postgres" });
        await client.connect();
        assert.match((await client.query("SELECT version()")).rows[0].version, /^PostgreSQL 18/);
        await client.end();
        await second.close();
        fs.rmSync(folder, { recursive: true });
    });

    it("is over when its run is killed, and ends no other process for it", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pg-test-"));
        const data = path.join(folder, "data");
        const run = childProcess.spawn(
            process.execPath,
            ["-r", path.resolve("tools/register.cjs"), path.join(__dirname, "support/serve.ts"), data],
            { stdio: ["ignore", "pipe", "inherit"] },
        );
        const [pid] = await once(run.stdout.setEncoding("utf8"), "data");
        const groupOf = (one: number) => childProcess.execFileSync("ps", ["-o", "pgid=", "-p", String(one)]).toString();
        const groups = [Number(pid), run.pid!].map(groupOf);
        const gone = () => !fs.existsSync(path.join(data, "postmaster.pid"));
        const watcher = fs.watch(data);

        run.kill("SIGKILL");
        while (!gone()) await once(watcher, "change");
        watcher.close();
        assert.notEqual(groups[0], groups[1], "Ctrl-C at the run's terminal would end the server first");

        // The note of a server that could not remove it, whose process id is another's by now.
        fs.writeFileSync(path.join(data, "postmaster.pid"), `${process.pid}\n${data}\n`);
        const again = await startPostgres({ folder: data, print: () => undefined });
        assert.notEqual(again.pid(), Number(pid));
        await again.close();
        fs.rmSync(folder, { recursive: true });
    });

    it("says what is wrong when its data can't be made", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pg-test-"));
        fs.writeFileSync(path.join(folder, "initdb"), "#!/bin/sh\necho 'no room' >&2\nexit 1\n", { mode: 0o755 });
        fs.chmodSync(folder, 0o755);

        await assert.rejects(
            startPostgres({
                folder: path.join(folder, "data"),
                print: () => undefined,
                binaries: { bin: folder, version: "0", links: [] },
            }),
            /PostgreSQL's data could not be made: no room/,
        );
        fs.rmSync(folder, { recursive: true });
    });

    if (process.getuid!() === 0) {
        it("runs for root from where `nobody` may go, when it may not go to the package, and says so once", async () => {
            const { native, folder, version } = packageCopy();
            const copy = path.join(os.tmpdir(), `quartet-postgres-${version}-0`);
            const printed: string[] = [];
            const print = (line: string) => void printed.push(line);
            const options = { folder: path.join(folder, "data"), print, binaries: binariesIn(native) };

            await (await startPostgres(options)).close();
            await (await startPostgres(options)).close();
            assert.deepEqual(printed, [`PostgreSQL can't be run from ${native}: copying it to ${copy}.`]);
            assert.equal(fs.statSync(path.join(copy, "bin/postgres")).mode & 0o777, 0o755);

            fs.rmSync(path.join(copy, "share/postgresql/timezonesets/Default"));
            await (await startPostgres(options)).close();
            assert.equal(printed.length, 2, "a copy that lacks a file is made anew");

            fs.chownSync(copy, 65_534, 65_534);
            await assert.rejects(startPostgres(options), /is somebody else's/);
            fs.rmSync(copy, { recursive: true });
            fs.rmSync(folder, { recursive: true });
        });
    }
});
