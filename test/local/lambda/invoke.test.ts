import * as assert from "node:assert/strict";
import { createHarness, type Harness } from "./support/harness";

describe("Lambda: invocations", () => {
    let harness: Harness;

    beforeEach(() => (harness = createHarness()));
    afterEach(() => harness.close());

    it("returns what the handler returns, digit for digit as JSON, and null for nothing", async () => {
        await harness.declare("echo", "exports.handler = async (event) => event.nothing ? undefined : event");

        const echoed = await harness.invoke("echo", { text: "é€😀\n", list: [1, null] });
        const nothing = await harness.invoke("echo", { nothing: true });

        assert.deepEqual(echoed, { payload: '{"text":"é€😀\\n","list":[1,null]}' });
        assert.deepEqual(nothing, { payload: "null" });
    });

    it("gives the handler Lambda's context, whose time runs down from the function's time-out", async () => {
        await harness.declare(
            "context",
            "exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID })",
            { timeout: 7, memorySize: 256 },
        );

        const { payload } = await harness.lambda.invoke({
            functionName: "arn:aws:lambda:us-east-1:123456789012:function:context",
            payload: "{}",
            principal: { type: "admin", arn: "arn:aws:iam::123456789012:user/admin" },
            traceId: "Root=1-65a1b2c3-0123456789abcdef01234567",
        });

        const { left, awsRequestId, logStreamName, ...context } = JSON.parse(payload) as Record<
            string,
            string | number
        >;
        assert.ok(Number(left) > 5000 && Number(left) <= 7000, `${left} ms left`);
        assert.match(String(awsRequestId), /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
        assert.match(String(logStreamName), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
        assert.deepEqual(context, {
            callbackWaitsForEmptyEventLoop: true,
            functionName: "context",
            functionVersion: "$LATEST",
            invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:context",
            memoryLimitInMB: "256",
            logGroupName: "/aws/lambda/context",
            trace: "Root=1-65a1b2c3-0123456789abcdef01234567",
        });
    });

    it("reports a thrown error as a function error and keeps the environment", async () => {
        await harness.declare(
            "thrower",
            "exports.handler = async (event) => { if (event.fail) { throw Object.assign(new RangeError('too far'), { code: 7 }); } return process.pid; }",
        );
        const pid = await harness.call("thrower");

        const result = await harness.invoke("thrower", { fail: true });
        const body = JSON.parse(result.payload) as { errorType: string; errorMessage: string; trace: string[] };

        assert.equal(result.functionError, "Unhandled");
        assert.equal(body.errorType, "RangeError");
        assert.equal(body.errorMessage, "too far");
        assert.match(body.trace[0], /^RangeError: too far/);
        assert.equal(await harness.call("thrower"), pid);
    });

    it("reports a thrown value that is no error by its type", async () => {
        await harness.declare("stringer", "exports.handler = async () => { throw 'just text'; }");

        const result = await harness.invoke("stringer");

        assert.deepEqual(JSON.parse(result.payload), { errorType: "string", errorMessage: "just text", trace: [] });
    });

    it("kills a handler that outruns its time-out, even one that never yields, and serves the next call from a new process", async () => {
        await harness.declare(
            "spinner",
            "exports.handler = async (event) => { while (event.spin) {} return process.pid; }",
            { timeout: 1 },
        );
        const before = await harness.call("spinner");

        const result = await harness.invoke("spinner", { spin: true });
        const after = await harness.call("spinner");

        assert.equal(result.functionError, "Unhandled");
        const { errorType, errorMessage } = JSON.parse(result.payload) as Record<string, string>;
        assert.equal(errorType, "Sandbox.Timedout");
        assert.match(errorMessage, /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
        assert.notEqual(after, before);
    });

    it("tells how a process ended that exits during an invocation", async () => {
        await harness.declare("leaver", "exports.handler = async (event) => { process.exit(event.code); }");

        const clean = JSON.parse((await harness.invoke("leaver", { code: 0 })).payload) as Record<string, string>;
        const failed = JSON.parse((await harness.invoke("leaver", { code: 3 })).payload) as Record<string, string>;

        assert.equal(clean.errorType, "Runtime.ExitError");
        assert.match(clean.errorMessage, /Error: Runtime exited without providing a reason$/);
        assert.match(failed.errorMessage, /Error: Runtime exited with error: exit status 3$/);
    });

    it("reports an uncaught exception and an unhandled rejection as errors of the invocation that they end", async () => {
        await harness.declare(
            "late",
            `exports.handler = (event) => new Promise(() => {
                if (event.reject) Promise.reject(new Error("forgotten"));
                else setImmediate(() => { throw new TypeError("late"); });
            });`,
        );

        const uncaught = JSON.parse((await harness.invoke("late")).payload) as Record<string, string>;
        const unhandled = JSON.parse((await harness.invoke("late", { reject: true })).payload) as Record<
            string,
            string
        >;

        assert.deepEqual([uncaught.errorType, uncaught.errorMessage], ["TypeError", "late"]);
        assert.deepEqual(
            [unhandled.errorType, unhandled.errorMessage],
            ["Runtime.UnhandledPromiseRejection", "Error: forgotten"],
        );
    });

    it("kills a process whose memory outside of the heap exceeds the memory size and Node's own share", async () => {
        await harness.declare(
            "hoarder",
            `const held = [];
            exports.handler = async (event) => {
                for (let mb = 0; mb < event.mb; mb += 16) { held.push(Buffer.alloc(16 << 20, 1)); await new Promise(setImmediate); }
                if (event.mb > 100) await new Promise((resolve) => setTimeout(resolve, 9000));
                return held.length;
            };`,
            { memorySize: 128 },
        );

        const modest = await harness.call("hoarder", { mb: 64 });
        const excessive = JSON.parse((await harness.invoke("hoarder", { mb: 256 })).payload) as Record<string, string>;

        assert.equal(modest, 4);
        assert.equal(excessive.errorType, "Runtime.ExitError");
        assert.match(excessive.errorMessage, /signal: killed$/);
    });

    it("ends a process whose heap exceeds the memory size", async () => {
        await harness.declare(
            "heap",
            "exports.handler = async () => { const list = []; for (;;) list.push({ a: [list.length] }); }",
            { memorySize: 128 },
        );

        const body = JSON.parse((await harness.invoke("heap")).payload) as Record<string, string>;

        assert.equal(body.errorType, "Runtime.ExitError");
        assert.match(body.errorMessage, /signal: (aborted|killed)$/);
    });

    it("refuses payloads over 6 MB before they run, and answers over 6 MB after", async () => {
        await harness.declare("sizes", "exports.handler = async (event) => 'x'.repeat(event.answer ?? 0)");
        const large = { pad: "x".repeat(6 * 1024 * 1024) };

        const fitting = await harness.invoke("sizes", { pad: "x".repeat(6 * 1024 * 1024 - 10) });
        const tooLarge = await harness.invoke("sizes", { answer: 6_291_556 });

        await assert.rejects(harness.invoke("sizes", large), { code: "RequestTooLargeException", status: 413 });
        assert.equal(fitting.functionError, undefined);
        assert.equal(tooLarge.functionError, "Unhandled");
        assert.deepEqual(JSON.parse(tooLarge.payload), {
            errorType: "Function.ResponseSizeTooLarge",
            errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        });
    });

    it("stops waiting after the caller's own limit, while the function goes on", async () => {
        await harness.declare(
            "slow",
            "exports.handler = () => new Promise((resolve) => setTimeout(() => resolve(process.pid), 300))",
        );
        await harness.call("slow");

        const impatient = harness.lambda.invoke({
            functionName: "slow",
            payload: "{}",
            principal: { type: "service", service: "x" },
            timeoutMs: 50,
        });

        await assert.rejects(impatient, { code: "RequestTimeoutException", status: 504 });
        assert.equal((await harness.invoke("slow")).functionError, undefined);
    });

    it("answers 404 for a function that is not declared", async () => {
        await assert.rejects(harness.invoke("nobody"), { code: "ResourceNotFoundException", status: 404 });
    });
});
