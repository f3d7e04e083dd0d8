import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as tls from "node:tls";
import { openDatabase, type Database } from "../../../handlers/shared/database";
import { adminKeys, region, startCluster, type TestCluster } from "../../local/dsql/support/cluster";

describe("a function's database", () => {
    const trusted = tls.getCACertificates("default");
    const environment = { ...process.env };
    let cluster: TestCluster;
    let databases: Database[];
    const open = (user = "admin") => {
        const database = openDatabase({ address: `127.0.0.1:${cluster.port}`, user });
        databases.push(database);
        return database;
    };
    before(async () => {
        cluster = await startCluster();
        Object.assign(process.env, {
            ...{ AWS_ACCESS_KEY_ID: adminKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: adminKeys.secretAccessKey },
            AWS_REGION: region,
        });
        delete process.env.AWS_SESSION_TOKEN;
        tls.setDefaultCACertificates([...trusted, fs.readFileSync(cluster.dsql.caFile, "utf8")]);
        await cluster.admin("CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL)");
        await cluster.admin("INSERT INTO counters VALUES (1, 0)");
    });
    after(async () => {
        tls.setDefaultCACertificates(trusted);
        process.env = environment;
        await cluster.close();
    });
    beforeEach(async () => {
        databases = [];
        await cluster.admin("UPDATE counters SET n = 0");
    });
    afterEach(() => Promise.all(databases.map((database) => database.close())));

    const increment = (
        database: Database,
        between: (attempt: number) => Promise<unknown> = () => Promise.resolve(),
    ) => {
        let attempt = 0;
        return database.transaction(async (run) => {
            attempt++;
            const [{ n }] = await run<{ n: number }>("SELECT n FROM counters WHERE id = 1");
            await between(attempt);
            await run("UPDATE counters SET n = $1 WHERE id = 1", [n + 1]);
            return attempt;
        });
    };
    const count = async () => (await cluster.admin("SELECT n FROM counters"))[0].n;

    it("does a transaction again from its start after a conflict (40001), on what the winner left", async () => {
        const rival = () => cluster.admin("UPDATE counters SET n = n + 10");

        const attempts = await increment(open(), (attempt) => (attempt === 1 ? rival() : Promise.resolve()));

        assert.equal(attempts, 2);
        assert.equal(await count(), 11, "neither change is lost");
    });

    it("loses no change of many that conflict at once", async () => {
        const rivals = Array.from({ length: 4 }, () => open());

        await Promise.all(
            rivals.flatMap((database) => [increment(database), increment(database), increment(database)]),
        );

        assert.equal(await count(), 12);
    });

    it("answers 503 when conflicts do not end, and has changed nothing", async () => {
        const rival = () => cluster.admin("UPDATE counters SET n = n + 10");

        await assert.rejects(increment(open(), rival), {
            ...{ name: "Refusal", status: 503, code: "SERVICE_UNAVAILABLE" },
            headers: { "retry-after": "5" },
        });
        assert.equal((await count()) % 10, 0);
    });

    it("does all of a transaction or nothing, and throws what a statement or the work itself throws", async () => {
        const database = open();
        const half = (error: () => Promise<unknown>) =>
            database.transaction(async (run) => {
                await run("UPDATE counters SET n = 99");
                await error();
                return run("SELECT no_such_column FROM counters");
            });

        await assert.rejects(
            half(() => Promise.resolve()),
            { code: "42703" },
        );
        await assert.rejects(
            half(() => Promise.reject(new TypeError("mine"))),
            TypeError,
        );
        assert.equal(await count(), 0);
    });

    it("keeps its connection from one transaction to the next, and opens another when that is cut", async () => {
        const database = open();
        const pid = async () =>
            (await database.transaction((run) => run<{ pid: number }>("SELECT pg_backend_pid() AS pid")))[0].pid;
        const first = await pid();
        const second = await pid();

        await cluster.admin(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ${first} AND usename = 'admin'`,
        );
        const third = await pid();

        assert.equal(second, first);
        assert.notEqual(third, first);
    });

    it("answers 503 when there is no server, and serves again when there is", async () => {
        const address = `127.0.0.1:${cluster.port}`;
        await cluster.dsql.close();
        const lost = openDatabase({ address, user: "admin" });
        databases.push(lost);

        await assert.rejects(increment(lost), { name: "Refusal", status: 503 });
        await cluster.restart();

        assert.equal(await increment(open()), 1);
    });

    it("gives no way in with credentials that are not allowed: the error names no token", async () => {
        await assert.rejects(increment(open("writer")), (error: Error & { code: string }) => {
            assert.equal(error.code, "28000");
            assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)}`, /X-Amz-Signature/);
            return true;
        });
    });
});
