import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Authorizer } from "../../local/iam/types";
import { createLogs, type Logs } from "../../local/services/logs/logs";
import { readLogs, type LogLine, type ReadOptions } from "../../local/services/logs/read";
import type { PlannedResource } from "../../plan/types";

const authorizer: Authorizer = { decide: () => ({ allowed: true, result: "allow" }), authorize: () => {} };

describe("Logs", () => {
    let dataDir: string;
    let logs: Logs;

    const open = () => (logs = createLogs({ dataDir, authorizer, account: "123456789012", region: "us-east-1" }));
    const declare = (name: string, inputs: Record<string, unknown> = {}) =>
        logs.apply["aws:cloudwatch/logGroup:LogGroup"](
            planned("aws:cloudwatch/logGroup:LogGroup", name, { name, ...inputs }),
        );
    const read = async (name: string, options?: ReadOptions) => {
        const lines: LogLine[] = [];
        for await (const line of readLogs(dataDir, name, options)) {
            lines.push(line);
        }
        return lines;
    };
    const texts = async (name: string, options?: ReadOptions) => (await read(name, options)).map(({ line }) => line);

    beforeEach(() => {
        dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "logs-test-"));
        open();
    });
    afterEach(async () => {
        await logs.close?.();
        fs.rmSync(dataDir, { recursive: true });
    });

    it("know the declared groups alone", async () => {
        await declare("/aws/lambda/fn");

        assert.equal(logs.has("/aws/lambda/fn"), true);
        assert.equal(logs.has("/aws/lambda/other"), false);
    });

    it("keep lines in order with their time and stream, for another reader after a flush", async () => {
        await declare("/aws/lambda/fn");
        const before = Date.now();
        logs.put("/aws/lambda/fn", "2026/01/02/[$LATEST]ab", ["one", "two\rlines\tand a tab"]);
        logs.put("/aws/lambda/fn", "other", ["three é"]);
        assert.deepEqual(await texts("fn"), []);

        logs.flush();

        const lines = await read("fn");
        assert.deepEqual(lines.map(({ stream, line }) => [stream, line]).sort(), [
            ["2026/01/02/[$LATEST]ab", "one"],
            ["2026/01/02/[$LATEST]ab", "two\nlines\tand a tab"],
            ["other", "three é"],
        ]);
        assert.ok(lines.every(({ time }) => time >= before && time <= Date.now()));
    });

    it("are on disk without a flush within the promised time, and at close", async () => {
        await declare("/aws/lambda/fn");
        const abort = new AbortController();
        const following = read("fn", { follow: true, signal: abort.signal, filter: "soon" });
        const startedAt = performance.now();
        logs.put("/aws/lambda/fn", "s", ["soon"]);
        for await (const { line } of readLogs(dataDir, "fn", { follow: true })) {
            assert.equal(line, "soon");
            break;
        }
        assert.ok(performance.now() - startedAt < 1000);
        abort.abort();
        assert.deepEqual(
            (await following).map(({ line }) => line),
            ["soon"],
        );

        logs.put("/aws/lambda/fn", "s", ["last"]);
        await logs.close?.();

        assert.deepEqual(await texts("fn"), ["soon", "last"]);
    });

    it("survive a restart, and follow on in the same stream", async () => {
        await declare("g");
        logs.put("g", "s", ["first"]);
        await logs.close?.();

        open();
        await declare("g");
        logs.put("g", "s", ["second"]);
        logs.flush();

        assert.deepEqual(await texts("g"), ["first", "second"]);
    });

    it("can be read since a time and by a text", async () => {
        await declare("g");
        logs.put("g", "s", ["apple", "pear"]);
        logs.flush();

        assert.deepEqual(await texts("g", { filter: "pea" }), ["pear"]);
        assert.deepEqual(await texts("g", { since: Date.now() + 1000 }), []);
        assert.deepEqual(await texts("g", { since: Date.now() - 1000 }), ["apple", "pear"]);
    });

    it("drop the streams that are older than the group's retention at the next start, and no others", async () => {
        await declare("g", { retentionInDays: 7 });
        logs.put("g", "old", ["old"]);
        logs.put("g", "new", ["new"]);
        logs.flush();
        const eightDaysAgo = Date.now() / 1000 - 8 * 86_400;
        fs.utimesSync(path.join(dataDir, "logs", "g", "old.log"), eightDaysAgo, eightDaysAgo);

        open();
        await declare("g", { retentionInDays: 7 });

        assert.deepEqual(await texts("g"), ["new"]);
    });

    it("name the known groups when one is unknown or not told apart", async () => {
        await declare("/aws/lambda/dev-ingest");
        await declare("/aws/lambda/dev-orders");

        await assert.rejects(
            read("nothing"),
            /no log group nothing[\s\S]*\/aws\/lambda\/dev-ingest\n {2}\/aws\/lambda\/dev-orders/,
        );
        await assert.rejects(read("dev"), /one of several log groups[\s\S]*dev-ingest/);
        assert.deepEqual(await texts("ingest"), []);
    });

    it("stay in their folder, whatever a stream is called, and are readable by their owner alone", async () => {
        await declare("g");
        logs.put("g", "../../escape", ["x"]);
        logs.put("..", "..", ["y"]);
        logs.flush();

        const files = fs.readdirSync(path.join(dataDir, "logs"), { recursive: true, encoding: "utf8" }).sort();
        assert.deepEqual(files, ["%2E%2E", "%2E%2E/%2E%2E.log", "g", "g/%2E%2E%2F..%2Fescape.log"]);
        assert.deepEqual(fs.readdirSync(dataDir), ["logs"]);
        assert.equal(fs.statSync(path.join(dataDir, "logs", files[3])).mode & 0o777, 0o600);
        assert.deepEqual(
            (await read("g")).map(({ stream }) => stream),
            ["../../escape"],
        );
    });

    it("refuse a stream of a group that is not declared", () => {
        const stream = planned("aws:cloudwatch/logStream:LogStream", "s", { name: "s", logGroupName: "absent" });

        assert.throws(() => logs.apply["aws:cloudwatch/logStream:LogStream"](stream), /there is no log group absent/);
    });

    it("lose nothing of many lines in many streams", async () => {
        await declare("g");
        for (let i = 0; i < 20_000; i++) {
            logs.put("g", `s${i % 50}`, [`line ${i} ${"x".repeat(100)}`]);
        }

        const lines: LogLine[] = [];
        for await (const line of logs.read("g")) {
            lines.push(line);
        }

        assert.equal(new Set(lines.map(({ line }) => line)).size, 20_000);
    });
});

function planned(type: string, name: string, inputs: Record<string, unknown>): PlannedResource {
    return {
        urn: `urn:${type}:${name}`,
        type,
        name,
        custom: true,
        inputs,
        id: name,
        outputs: inputs,
        dependsOn: [],
        protect: false,
    };
}
