import * as assert from "node:assert/strict";
import { createHarness, type Harness } from "./support/harness";

const ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const NOISY = `exports.handler = async (event) => {
    console.log("hello %s", "world");
    console.debug("detail");
    console.info({ order: 7, nested: { a: [1] } });
    console.warn("two\\nlines");
    console.error("failed:", new RangeError("too far"));
    console.error(new TypeError("alone"));
    process.stdout.write('{"_aws":{},"raw":1}\\n');
    process.stderr.write("to stderr\\n");
};`;

describe("Lambda: logs", () => {
    let harness: Harness;

    beforeEach(() => (harness = createHarness()));
    afterEach(() => harness.close());

    /** Lines of one invocation. They are complete when everything has ended. */
    const logOf = async (source: string, inputs: Record<string, unknown> = {}) => {
        await harness.declare("noisy", source, inputs);
        await harness.invoke("noisy");
        await harness.lambda.close();
        return (
            harness.logged.get(
                (inputs.loggingConfig as { logGroup?: string } | undefined)?.logGroup ?? "/aws/lambda/noisy",
            ) ?? []
        );
    };
    const json = (extra: object = {}) => ({
        loggingConfig: { logFormat: "JSON", applicationLogLevel: "DEBUG", ...extra },
    });

    it("are lines of time, request id, level and message in text format, between START, END and REPORT", async () => {
        const lines = await logOf(NOISY);

        const expected = [
            `^START RequestId: ${ID} Version: \\$LATEST$`,
            `^${ISO}\t${ID}\tINFO\thello world$`,
            `^${ISO}\t${ID}\tDEBUG\tdetail$`,
            `^${ISO}\t${ID}\tINFO\t{ order: 7, nested: { a: \\[ 1 \\] } }$`,
            `^${ISO}\t${ID}\tWARN\ttwo\rlines$`,
            `^${ISO}\t${ID}\tERROR\tfailed: RangeError: too far\r`,
            `^${ISO}\t${ID}\tERROR\tTypeError: alone\r`,
            `^{"_aws":{},"raw":1}$`,
            `^to stderr$`,
            `^END RequestId: ${ID}$`,
            `^REPORT RequestId: ${ID}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\\d+ MB\tInit Duration: [\\d.]+ ms\t$`,
        ];
        assert.equal(lines.length, expected.length, lines.join("\n"));
        expected.forEach((pattern, index) => assert.match(lines[index], new RegExp(pattern)));
        assert.equal(new Set(lines.join("\n").match(new RegExp(ID, "g"))).size, 1);
    });

    it("are objects in JSON format, with an object as the message where one was logged, and errors in fields", async () => {
        const lines = await logOf(NOISY, json());

        const objects = lines
            .filter((line) => line.startsWith("{"))
            .map((line) => JSON.parse(line) as Record<string, unknown>);
        const [start, text, debug, object, warning, withError, alone, raw, report] = objects;
        assert.equal(start.type, "platform.start");
        const { requestId } = start.record as { requestId: string };
        assert.deepEqual(without(text, "timestamp"), { level: "INFO", requestId, message: "hello world" });
        assert.match(String(text.timestamp), new RegExp(`^${ISO}$`));
        assert.equal(debug.level, "DEBUG");
        assert.deepEqual(object.message, { order: 7, nested: { a: [1] } });
        assert.equal(warning.message, "two\nlines");
        assert.deepEqual(
            [withError.level, withError.errorType, withError.errorMessage],
            ["ERROR", "RangeError", "too far"],
        );
        assert.ok(Array.isArray(withError.stackTrace));
        assert.equal((alone.message as Record<string, unknown>).errorType, "TypeError");
        assert.deepEqual(raw, { _aws: {}, raw: 1 });
        assert.equal(report.type, "platform.report");
        const { metrics, status } = report.record as { metrics: Record<string, number>; status: string };
        assert.equal(status, "success");
        assert.deepEqual(Object.keys(metrics), [
            "durationMs",
            "billedDurationMs",
            "memorySizeMB",
            "maxMemoryUsedMB",
            "initDurationMs",
        ]);
        assert.ok(lines.includes("to stderr"));
    });

    it("leave out what is below the application's and the system's level", async () => {
        const lines = await logOf(NOISY, json({ applicationLogLevel: "ERROR", systemLogLevel: "WARN" }));

        const levels = lines
            .filter((line) => line.startsWith("{"))
            .map((line) => (JSON.parse(line) as { level?: string }).level);
        assert.deepEqual(levels, ["ERROR", "ERROR", undefined]);
    });

    it("report failures even at the system level WARN", async () => {
        const lines = await logOf(
            "exports.handler = async () => { throw new Error('no'); }",
            json({ systemLogLevel: "WARN" }),
        );

        const report = JSON.parse(lines.at(-1)!) as { record: Record<string, unknown> };
        assert.deepEqual([report.record.status, report.record.errorType], ["error", "Error"]);
    });

    it("hold the error of a failed invocation", async () => {
        const lines = await logOf("exports.handler = async () => { throw new RangeError('too far'); }");

        assert.match(
            lines[1],
            new RegExp(
                `^${ISO}\t${ID}\tERROR\tInvoke Error {"errorType":"RangeError","errorMessage":"too far","stack":\\[`,
            ),
        );
    });

    it("say that a task timed out, and what it wrote before", async () => {
        const lines = await logOf(
            "exports.handler = async () => { process.stdout.write('half a line'); for (;;) {} }",
            { timeout: 1 },
        );

        assert.equal(lines[1], "half a line");
        assert.match(lines[2], new RegExp(`^${ISO} ${ID} Task timed out after 1\\.00 seconds$`));
        assert.match(lines[4], /Duration: (?:999|10\d\d)\.\d\d ms.*Status: timeout\t$/);
    });

    it("go to the log group of the configuration", async () => {
        const lines = await logOf(NOISY, { loggingConfig: { logGroup: "/custom/group" } });

        assert.ok(lines.length > 0);
        assert.deepEqual([...harness.logged.keys()], ["/custom/group"]);
    });

    for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
        it(`are dropped for a role without ${action}, with one warning that names it`, async () => {
            harness.allow = (request) => request.action !== action;

            const lines = await logOf(NOISY);
            const asked = harness.asked.find((request) => request.action === action);

            assert.deepEqual(lines, []);
            assert.deepEqual(harness.printed, [
                `noisy writes no log: its role must be allowed ${action} on arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/noisy:*`,
            ]);
            assert.match(
                asked!.resource,
                /^arn:aws:logs:us-east-1:123456789012:log-group:\/aws\/lambda\/noisy:log-stream:\d{4}\/\d\d\/\d\d\/\[\$LATEST\]/,
            );
        });
    }
});

function without(object: Record<string, unknown>, key: string): Record<string, unknown> {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
