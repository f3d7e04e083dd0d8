import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type * as s3 from "@aws-sdk/client-s3";
import { uuidv7 } from "../../handlers/shared/uuidv7";
import { failureOf } from "../../tools/load/report";
import { startStack, type Stack } from "../local/stack/support/stack";
import { projectFolder } from "../support/plans";
import { copyProject } from "../support/projectCopy";
import { startLoadProxy } from "./support/loadProxy";
import { findings, load, loadThrough, summary } from "./support/loadRuns";
import { runTool } from "../support/runTool";

describe("npm run load", () => {
    let folder: string;
    let stack: Stack;
    let storage: s3.S3Client;
    before(async () => {
        folder = copyProject("quartet");
        stack = await startStack({ stateFolder: path.join(folder, ".local") });
        storage = stack.s3();
    });
    after(async () => {
        storage.destroy();
        await stack.end();
        fs.rmSync(path.dirname(folder), { recursive: true });
    });

    describe("of events", () => {
        it("finds each event of which it has a receipt, and tells how many there were and how long they took", async () => {
            const { sent, perSecond, latencies, answers, ledger } = await load(stack, storage, "events", {
                rate: 30,
                seconds: 2,
            });

            assert.equal(sent, 60);
            assert.ok(perSecond > 0 && perSecond <= 30, `${perSecond}`);
            assert.deepEqual(ledger, { accepted: 60, findings: [], ends: { "events in the bucket": 60 } });
            assert.deepEqual(answers, [{ step: "POST /events", what: "200", kind: "answer", count: 60 }]);
            const [{ count, p50, p90, p99, max }] = latencies;
            assert.ok(count === 60 && p50 > 0 && p50 <= p90 && p90 <= p99 && p99 <= max, JSON.stringify(latencies));
        });

        it("sends what was stored and not answered, or answered 503, again under its key, and finds it once", async () => {
            const seen = new Set<string>();
            const report = await loadThrough(stack, storage, "events", async ({ headers, forward }) => {
                const first = seen.size < seen.add(headers["idempotency-key"]).size;
                const number = seen.size;
                const reply = await forward();
                if (first && number % 5 === 0) return "hang up";
                return first && number % 5 === 1 ? { status: 503, json: { code: "SERVICE_UNAVAILABLE" } } : reply;
            });

            assert.deepEqual([report.sent, report.repeated, report.unknown], [20, 8, 0]);
            assert.deepEqual(report.ledger, { accepted: 20, findings: [], ends: { "events in the bucket": 20 } });
            assert.deepEqual(summary(report), [
                "POST /events 200: 12 answer",
                "POST /events 503 SERVICE_UNAVAILABLE: 4 error",
                "POST /events no answer: 4 error",
                "POST /events, again 200: 8 answer",
            ]);
        });

        it("misses what was acknowledged and not stored, and names it", async () => {
            const dropped: string[] = [];
            const report = await loadThrough(stack, storage, "events", async ({ headers, forward }) => {
                const batch_id = headers["idempotency-key"];
                if (dropped.length === 3) return forward();
                dropped.push(batch_id);
                return { status: 200, json: { batch_id, events_count: 1, duplicate: false, rejected: [] } };
            });

            const seen = "missing: answered 200, and not in the bucket";
            assert.deepEqual(
                findings(report),
                dropped.sort().map((id) => `${id} ${seen}`),
            );
            assert.equal(failureOf(report), "3 of what was sent is missing, doubled or wrong.");
        });

        it("notices an event that was stored twice under different names, one that was refused and stored, and another's receipt", async () => {
            const ids: string[] = [];
            const report = await loadThrough(stack, storage, "events", async ({ headers, forward }) => {
                const number = ids.push(headers["idempotency-key"]);
                const reply = await forward();
                if (number === 1) await forward({ headers: { ...headers, "idempotency-key": uuidv7(Date.now()) } });
                if (number === 2) return { status: 429, json: { message: "Too Many Requests" } };
                return number === 3 ? { status: 200, json: { batch_id: ids[0], events_count: 1 } } : reply;
            });

            const expected = [
                `${ids[0]} doubled: 2 times in the bucket`,
                `${ids[1]} wrong: refused with 429, and yet in the bucket`,
                `${ids[2]} wrong: the receipt tells of batch ${ids[0]} with 1 event(s)`,
            ];
            assert.deepEqual(findings(report), expected.sort());
        });
    });

    describe("of ChallengeApi", () => {
        it("notices an answer that is another's, and does not send again what was not answered", async () => {
            let number = 0;
            const report = await loadThrough(stack, storage, "challenge", async ({ forward }) => {
                number++;
                if (number === 5) return "hang up";
                return number === 7 ? { status: 200, json: { message: "Hello, Ada!" } } : forward();
            });

            assert.deepEqual([report.sent, report.repeated, report.unknown, report.ledger.accepted], [20, 0, 1, 19]);
            assert.match(findings(report).join(), /^\S+ wrong: the answer greets another name$/);
        });

        it("shows nothing, and says so, when nothing was accepted", async () => {
            const report = await load(stack, storage, "challenge", { apiKey: "nobody's" });

            assert.deepEqual(summary(report), ["GET /hello 403 Forbidden: 20 refusal"]);
            assert.equal(report.ledger.findings.length, 0);
            assert.match(failureOf(report)!, /^Nothing was accepted/);
        });

        it("counts what the stack's throttle refuses as refusals, not as errors, and checks all other answers", async () => {
            const report = await load(stack, storage, "challenge", { rate: 1000, connections: 20 });

            const { accepted, ends } = report.ledger;
            assert.ok(accepted >= 50 && accepted < 1000, `${accepted}`);
            assert.deepEqual(ends, { "right answers": accepted });
            assert.deepEqual(summary(report), [
                `GET /hello 200: ${accepted} answer`,
                `GET /hello 429 Too Many Requests: ${1000 - accepted} refusal`,
            ]);
            assert.equal(failureOf(report), undefined);
        });
    });

    describe("as a command", () => {
        const command = (folder: string, ...args: string[]) => runTool("load", args, { folder });

        it("loads the local run, prints rate, percentiles, answers and the ledger, and no secret", async () => {
            const { code, stdout, stderr } = await command(
                folder,
                ...["--system", "events", "--rate", "10", "--seconds", "1"],
            );

            assert.deepEqual([code, stderr], [0, ""]);
            assert.match(stdout, /^events of local: 10 requests a second for 1 s, 10 connections$/m);
            assert.match(stdout, /^10 requests, \d+\.\d answers a second$/m);
            assert.match(stdout, /^latency in ms +answers +p50 +p90 +p99 +max\nPOST \/events +10( +\d+\.\d){4}$/m);
            assert.match(stdout, /^POST \/events +200 +answer +10$/m);
            assert.match(
                stdout,
                /^ledger: 10 accepted, 0 missing, 0 doubled, 0 wrong; 0 sent again, 0 of unknown end$/m,
            );
            assert.ok(!stdout.includes(stack.localToken));
        });

        it("ends with code 1 and names ten of those that are missing", async () => {
            const proxy = await startLoadProxy(stack.eventIngestUrl, async ({ headers }) => ({
                ...{ status: 200, json: { batch_id: headers["idempotency-key"], events_count: 1 } },
            }));
            const eventIngestUrl = proxy.through(stack.eventIngestUrl);

            const { code, stdout, stderr } = await withOutputs({ eventIngestUrl }, () =>
                command(folder, ...["--system", "events", "--rate", "12", "--seconds", "1"]),
            ).finally(() => proxy.close());

            assert.equal(code, 1);
            assert.match(stdout, /^ledger: 12 accepted, 12 missing, 0 doubled, 0 wrong;/m);
            assert.equal(
                stdout.match(/^ {2}missing [0-9a-f-]{36}: answered 200, and not in the bucket$/gm)?.length,
                10,
            );
            assert.match(stdout, /^ {2}and 2 more$/m);
            assert.equal(stderr, "12 of what was sent is missing, doubled or wrong.\n");
        });

        it("ends with code 1 when it can't look for what was accepted, and shows the answers all the same", async () => {
            const { code, stdout, stderr } = await withOutputs({ localToken: "nobody's" }, () =>
                command(folder, ...["--system", "orders", "--rate", "2", "--seconds", "1"]),
            );

            assert.equal(code, 1);
            assert.match(stdout, /^POST \/pedidos +401 .*refusal +2$/m);
            assert.match(stderr, /^What was accepted can't be looked for: GET \/pedidos answered 401$/m);
        });

        const withOutputs = async <T>(changed: object, action: () => Promise<T>): Promise<T> => {
            const file = path.join(folder, ".local", "outputs.json");
            const kept = fs.readFileSync(file, "utf8");
            fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(kept), ...changed }));
            return action().finally(() => fs.writeFileSync(file, kept));
        };

        it("refuses a deployed stack unless it is told that the account is one's own, and options that it does not know", async () => {
            const deployed = await command(projectFolder, "--system", "events", "--stack", "dev");
            const unknown = await command(projectFolder, "--system", "mails");
            const none = await command(projectFolder, "--system", "events", "--rate", "0");

            assert.deepEqual([deployed.code, unknown.code, none.code], [1, 1, 1]);
            assert.match(deployed.stderr, /^--stack is dev: a load costs money there .* add --i-own-this-account\.$/m);
            assert.equal(unknown.stderr, "--system is mails: give one of events, uploads, orders, challenge.\n");
            assert.equal(none.stderr, "--rate is 0: give a whole number from 1 to 10000.\n");
        });
    });
});
