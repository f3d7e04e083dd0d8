import * as assert from "node:assert/strict";
import { migrateDatabase } from "../../../handlers/uploadPipeline/database/migrateDatabase";
import { migrations } from "../../../handlers/uploadPipeline/database/migrations";
import type { Run } from "../../../handlers/shared/database";
import { kindOf, refusalOf } from "../../../local/services/dsql/sql/refusals";
import { statementsOf } from "../../../local/services/dsql/sql/normalise";
import { roleArn, startCluster, type TestCluster } from "../../local/dsql/support/cluster";

const iamRoles = { request_upload: roleArn("request"), confirm_upload: roleArn("confirm") };

describe("the migrations", () => {
    for (const { id, statement } of migrations()) {
        it(`${id} is one change of the schema that Aurora DSQL takes`, () => {
            const statements = statementsOf(statement);

            assert.equal(refusalOf(statement), undefined);
            assert.deepEqual(statements.map(kindOf), ["ddl"]);
        });
    }

    it("have ids of their own", () => {
        const ids = migrations().map(({ id }) => id);

        assert.equal(new Set(ids).size, ids.length);
    });
});

describe("migrating a database", () => {
    let cluster: TestCluster;
    let run: Run;
    let end: () => Promise<void>;
    beforeEach(async () => {
        cluster = await startCluster();
        const client = await cluster.connect({ user: "admin", password: cluster.token() });
        run = async (statement, values) => (await client.query(statement, values as unknown[])).rows as any;
        end = () => client.end();
    });
    afterEach(async () => {
        await end();
        await cluster.close();
    });

    it("makes all once, and nothing the second time", async () => {
        const first = await migrateDatabase(run, migrations(), iamRoles);
        const second = await migrateDatabase(run, migrations(), iamRoles);

        assert.deepEqual(
            first.applied,
            migrations().map(({ id }) => id),
        );
        assert.deepEqual(first.mapped, ["request_upload", "confirm_upload"]);
        assert.deepEqual(second, { applied: [], mapped: [], unmapped: [] });
    });

    it("goes on after being cut off anywhere, also between a migration and its note", async () => {
        const all = migrations().length;
        for (let cut = 1, done = false; !done; cut++) {
            let calls = 0;
            const cutOff: Run = (statement, values) => {
                if (++calls > cut) return Promise.reject(new Error("cut off"));
                return run(statement, values);
            };
            done = await migrateDatabase(cutOff, migrations(), iamRoles).then(
                () => true,
                () => false,
            );
        }
        const [{ count }] = await run<{ count: string }>("SELECT count(*) FROM uploads.migrations");

        assert.equal(Number(count), all);
    });

    it("maps a database role to its new IAM role, and no longer to the old", async () => {
        await migrateDatabase(run, migrations(), iamRoles);

        const report = await migrateDatabase(run, migrations(), { ...iamRoles, confirm_upload: roleArn("other") });

        assert.deepEqual(report, { applied: [], mapped: ["confirm_upload"], unmapped: ["confirm_upload"] });
        const rows = await run("SELECT arn FROM sys.iam_pg_role_mappings WHERE pg_role_name = 'confirm_upload'");
        assert.deepEqual(rows, [{ arn: roleArn("other") }]);
    });

    it("refuses a migration that was made and is changed or gone, and does nothing", async () => {
        await migrateDatabase(run, migrations(), iamRoles);
        const changed = migrations().map((one) =>
            one.id === "0001-files" ? { ...one, statement: "CREATE TABLE x (y int)" } : one,
        );
        const added = { id: "0004-more", statement: "CREATE TABLE IF NOT EXISTS uploads.more (a int PRIMARY KEY)" };

        await assert.rejects(
            migrateDatabase(run, [...changed, added], iamRoles),
            /0001-files was made already and is changed/,
        );
        await assert.rejects(
            migrateDatabase(run, [...migrations().slice(1), added], iamRoles),
            /0001-files .* is gone/,
        );
        assert.deepEqual(await run("SELECT to_regclass('uploads.more') AS more"), [{ more: null }]);
    });

    it("does not swallow what a migration fails with", async () => {
        const bad = { id: "0004-bad", statement: "CREATE TABLE uploads.bad (a nothing)" };

        await assert.rejects(migrateDatabase(run, [...migrations(), bad], iamRoles), { code: "42704" });
    });
});
