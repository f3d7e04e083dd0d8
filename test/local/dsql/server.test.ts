import * as assert from "node:assert/strict";
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pg from "pg";
import { binariesIn, findBinaries } from "../../../local/services/dsql/postgres/binaries";
import { startPostgres } from "../../../local/services/dsql/postgres/server";
import { startCluster, type TestCluster } from "./support/cluster";

/** The package as it is before its install script runs: without links. */
function packageCopy() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-pg-test-"));
    const native = path.join(folder, "native");
    const isNoLink = (file: string) => !fs.lstatSync(file).isSymbolicLink();
    fs.cpSync(path.dirname(findBinaries().bin), native, { recursive: true, filter: isNoLink });
    // Another time than the package's own, by which copies are told apart.
    fs.utimesSync(path.join(native, "bin/postgres"), new Date(), new Date());
    return { folder, native };
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
        const text = "ü".repeat(2_000_000);

        const { rows } = await client.query({
            name: "twice",
            text: "SELECT $1::text AS text, $2::int AS n",
            values: [text, 7],
        });
        const again = await client.query({
            name: "twice",
            text: "SELECT $1::text AS text, $2::int AS n",
            values: ["a", 8],
        });

        assert.equal(rows[0].text, text);
        assert.deepEqual(again.rows, [{ text: "a", n: 8 }]);
        await client.end();
    });

    it("cancels a statement when its client asks", async () => {
        const client = await cluster.connect({ user: "admin", password: cluster.token() });
        const [{ pid }] = (await client.query("SELECT pg_backend_pid() AS pid")).rows;

        const slow = assert.rejects(client.query("SELECT pg_sleep(60)"), { code: "57014" });
        await cluster.admin(`SELECT pg_cancel_backend(${pid})`);

        await slow;
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

    it("runs for root from where `nobody` may go, when it may not go to the package, and says so once", async function () {
        if (process.getuid!() !== 0) {
            this.skip();
        }
        const { native, folder } = packageCopy();
        fs.chmodSync(folder, 0o700);
        const printed: string[] = [];
        const options = {
            ...{ folder: path.join(folder, "data"), binaries: binariesIn(native) },
            print: (line: string) => printed.push(line),
        };

        await (await startPostgres(options)).close();
        await (await startPostgres(options)).close();

        assert.equal(printed.length, 1);
        const copy = /: copying it to (\S+)\.$/.exec(printed[0])![1];
        assert.equal(fs.statSync(path.join(copy, "bin/postgres")).mode & 0o777, 0o755);
        fs.rmSync(copy, { recursive: true });
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
                binaries: { bin: folder, links: [] },
            }),
            /PostgreSQL's data could not be made: no room/,
        );
        fs.rmSync(folder, { recursive: true });
    });
});
