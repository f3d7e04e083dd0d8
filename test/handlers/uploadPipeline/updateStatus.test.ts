import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { migrateDatabase } from "../../../handlers/uploadPipeline/database/migrateDatabase";
import { migrations } from "../../../handlers/uploadPipeline/database/migrations";
import { isStep, STATUSES, type Status } from "../../../handlers/uploadPipeline/statuses";
import { region, roleArn, startCluster, type TestCluster } from "../../local/dsql/support/cluster";
import { bothForms } from "../../support/bothForms";
import type { RunningHandler } from "../../support/invoke";

bothForms(
    "POST /update-status",
    {
        module: "handlers/uploadPipeline/updateStatus",
        factory: "updateStatusFactory",
        args: [{ extensions: [], maxBytes: 100 }],
    },
    (start) => {
        let cluster: TestCluster;
        let handlers: RunningHandler[];
        before(async () => {
            cluster = await startCluster();
            const admin = await cluster.connect({ user: "admin", password: cluster.token() });
            const run = async (statement: string, values?: readonly unknown[]) =>
                (await admin.query(statement, values as unknown[])).rows;
            await migrateDatabase(run as never, migrations(), { update_status: roleArn("app") });
            await admin.end();
            const keys = cluster.keysOf("app");
            const env = {
                AWS_REGION: region,
                AWS_ACCESS_KEY_ID: keys.accessKeyId,
                AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
                AWS_SESSION_TOKEN: keys.sessionToken!,
                NODE_EXTRA_CA_CERTS: cluster.dsql.caFile,
                DATABASE: `127.0.0.1:${cluster.port}`,
                CORS_ORIGINS: "[]",
            };
            // Each serves one invocation at a time, as execution environments do.
            handlers = await Promise.all([start(env), start(env), start(env), start(env)]);
        });
        after(() => cluster.close());

        const fileThatIs = async (status: Status) => {
            const id = crypto.randomUUID();
            await cluster.admin(
                `INSERT INTO uploads.files (file_id, client_id, file_name, len, type, status, step, request_id, expires_at, updated_at)
                    VALUES ('${id}', 'web', 'a.txt', 1, 'text/plain', '${status}', 3, 'r', now(), now())`,
            );
            return id;
        };
        const rowOf = async (id: string) => {
            const [file] = await cluster.admin(
                `SELECT status, details, step FROM uploads.files WHERE file_id = '${id}'`,
            );
            const history = await cluster.admin(
                `SELECT status, details, step, request_id FROM uploads.status_history WHERE file_id = '${id}' ORDER BY step`,
            );
            return { ...file, history };
        };
        const report = (body: unknown, headers: Record<string, string> = {}, handler = handlers[0]) =>
            handler.invoke({
                ...{ method: "POST", path: "/update-status", body: JSON.stringify(body) },
                headers: { "content-type": "application/json", ...headers },
            });

        for (const from of STATUSES) {
            for (const to of STATUSES.filter((status) => isStep(from, status))) {
                it(`takes a file from ${from} to ${to}, and its history with it`, async () => {
                    const file_id = await fileThatIs(from);

                    const { status, body, headers } = await report(
                        { file_id, status: to, details: "because" },
                        { "X-Request-Id": "cause" },
                    );

                    assert.equal(status, 200);
                    assert.deepEqual(body, { file_id, status: to });
                    assert.equal(headers["x-file-status"], to);
                    assert.deepEqual(await rowOf(file_id), {
                        ...{ status: to, details: "because", step: 4 },
                        history: [{ status: to, details: "because", step: 4, request_id: "cause" }],
                    });
                });
            }
            for (const to of STATUSES.filter((status) => status !== from && !isStep(from, status))) {
                it(`refuses to take a file from ${from} to ${to}, and changes nothing`, async () => {
                    const file_id = await fileThatIs(from);

                    const { status, body, headers } = await report({ file_id, status: to });

                    assert.equal(status, 409);
                    assert.equal(body.code, "ILLEGAL_TRANSITION");
                    assert.equal(headers["x-file-status"], from);
                    assert.deepEqual(await rowOf(file_id), { status: from, details: null, step: 3, history: [] });
                });
            }
            it(`answers the report that a file is ${from}, which it is, and changes nothing`, async () => {
                const file_id = await fileThatIs(from);

                const { status, body } = await report({ file_id, status: from, details: "again" });

                assert.equal(status, 200);
                assert.deepEqual(body, { file_id, status: from });
                assert.deepEqual(await rowOf(file_id), { status: from, details: null, step: 3, history: [] });
            });
        }

        it("lets one of many reports that come at once through, and answers the others that it is so", async () => {
            const file_id = await fileThatIs("processing");
            const reports = ["completed", "error", "completed", "error"].map((status, index) =>
                report({ file_id, status }, {}, handlers[index]),
            );

            const answers = (await Promise.all(reports)).map(({ status }) => status).sort();

            const { status, step, history } = await rowOf(file_id);
            assert.deepEqual([step, history.length], [4, 1]);
            assert.ok(status === "completed" || status === "error");
            assert.deepEqual(answers, [200, 200, 409, 409]);
        });

        it("answers 404 for a file that there is not, and 400 with every issue for what is not valid", async () => {
            const unknown = await report({ file_id: crypto.randomUUID(), status: "completed" });
            const invalid = await report({ file_id: "1; DROP TABLE files", status: "done", details: "" });

            assert.deepEqual([unknown.status, unknown.body.code], [404, "NOT_FOUND"]);
            assert.equal(invalid.status, 400);
            assert.deepEqual(
                invalid.body.issues.map(({ path }: { path: string }) => path),
                ["file_id", "status", "details"],
            );
        });
    },
);
