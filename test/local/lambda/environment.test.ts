import * as assert from "node:assert/strict";
import * as childProcess from "node:child_process";
import * as path from "node:path";
import { createHarness, gone, isAlive, type Harness } from "./support/harness";

const PID =
    "exports.handler = async (event) => { await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0)); return process.pid; }";

describe("Lambda: execution environments", () => {
    let harness: Harness;

    afterEach(() => harness.close());

    it("hold nothing of this machine's environment, but credentials of the function's role and the local addresses", async () => {
        harness = createHarness();
        process.env.HOST_SECRET = "do-not-leak";
        await harness.declare("env", "exports.handler = async () => ({ env: process.env, argv: process.execArgv })", {
            environment: { variables: { QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/q" } },
        });

        const { env } = await harness.call<{ env: Record<string, string> }>("env");

        delete process.env.HOST_SECRET;
        assert.ok(!JSON.stringify(env).includes("do-not-leak"));
        assert.deepEqual(
            Object.keys(env).sort(),
            `AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_MEMORY_SIZE
            AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
            AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
            AWS_XRAY_CONTEXT_MISSING AWS_XRAY_DAEMON_ADDRESS HOME LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT LANG NODE_PATH PATH PWD
            QUEUE_URL SHLVL TMPDIR TZ _AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_PORT _HANDLER _X_AMZN_TRACE_ID`.split(
                /\s+/,
            ),
        );
        assert.equal(env.QUEUE_URL, "http://127.0.0.1:4400/123456789012/q");
        assert.equal(env.AWS_ENDPOINT_URL, "http://127.0.0.1:4400");
        assert.equal(env.AWS_EXECUTION_ENV, "AWS_Lambda_nodejs24.x");
        assert.deepEqual(JSON.parse(env.AWS_SESSION_TOKEN), {
            type: "role",
            roleArn: "arn:aws:iam::123456789012:role/env",
            sessionName: "env",
        });
    });

    it("run one invocation at a time each, so concurrent calls share no state", async () => {
        harness = createHarness({ limits: { maxEnvironments: 4, scaleAfterMs: 5 } });
        await harness.declare(
            "counter",
            "let now = 0; exports.handler = async () => { now++; await new Promise((r) => setTimeout(r, 300)); return { pid: process.pid, together: now-- }; }",
        );

        const results = await Promise.all(
            [1, 2, 3].map(() => harness.call<{ pid: number; together: number }>("counter")),
        );

        assert.equal(new Set(results.map(({ pid }) => pid)).size, 3);
        assert.deepEqual(
            results.map(({ together }) => together),
            [1, 1, 1],
        );
    });

    it("are used again, and no further one starts while calls are short", async () => {
        // Far beyond what these calls take, also on a busy machine.
        harness = createHarness({ limits: { scaleAfterMs: 10_000 } });
        await harness.declare("short", PID);
        await harness.call("short");

        const pids = await Promise.all(Array.from({ length: 16 }, () => harness.call<number>("short")));

        assert.equal(new Set(pids).size, 1);
    });

    it("never number more than the limit; further calls wait", async () => {
        harness = createHarness({ limits: { maxEnvironments: 2, scaleAfterMs: 0 } });
        await harness.declare("limited", PID);

        const pids = await Promise.all(Array.from({ length: 6 }, () => harness.call<number>("limited", { ms: 30 })));

        assert.equal(new Set(pids).size, 2);
    });

    it("beyond the reserved concurrency are refused with 429, and all are with a reservation of 0", async () => {
        harness = createHarness();
        await harness.declare("one", PID, { reservedConcurrentExecutions: 1 });
        await harness.declare("off", PID, { reservedConcurrentExecutions: 0 });

        const first = harness.call("one", { ms: 50 });

        const refusal = {
            code: "TooManyRequestsException",
            status: 429,
            details: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
        };
        await assert.rejects(harness.invoke("one"), refusal);
        await assert.rejects(harness.invoke("off"), refusal);
        assert.equal(typeof (await first), "number");
    });

    it("end when they were idle for too long", async () => {
        harness = createHarness({ limits: { lastIdleMs: 0 } });
        await harness.declare("idle", PID);

        const pid = await harness.call<number>("idle");

        assert.ok(isAlive(pid));
        await gone(pid);
    });

    it("are replaced before their credentials expire", async () => {
        const credentials = {
            accessKeyId: "ASIA",
            secretAccessKey: "s",
            sessionToken: "t",
            expiration: new Date(Date.now() + 30_000),
        };
        harness = createHarness({ credentials: { issue: () => credentials } });
        await harness.declare("renewed", PID);

        const first = await harness.call<number>("renewed");
        const second = await harness.call<number>("renewed");

        assert.notEqual(second, first);
        await gone(first);
    });

    it("are gone after close, and what ran in them got a function error", async () => {
        harness = createHarness();
        await harness.declare(
            "stubborn",
            "process.on('SIGTERM', () => {}); exports.handler = async (event) => event.hang ? new Promise(() => {}) : process.pid",
        );
        const pid = await harness.call<number>("stubborn");
        const hanging = harness.invoke("stubborn", { hang: true });

        await harness.lambda.close();

        assert.ok(!isAlive(pid));
        assert.equal((await hanging).functionError, "Unhandled");
        await assert.rejects(harness.invoke("stubborn"), { code: "ServiceException", status: 500 });
    });

    for (const [state, source] of [
        ["idle", "exports.handler = async () => 0; setImmediate(() => console.log(process.pid));"],
        ["caught in a loop", "exports.handler = async () => { console.log(process.pid); for (;;) {} };"],
    ]) {
        it(`end by themselves when the local run is killed, ${state}`, async () => {
            harness = createHarness();
            const root = path.resolve(__dirname, "../../..");
            const script = `
                const { createHarness } = require("./test/local/lambda/support/harness");
                const put = (group, stream, lines) => lines.filter((line) => line.includes("INFO")).forEach((line) => console.log(line.split("\\t")[3]));
                const harness = createHarness({ dataDir: ${JSON.stringify(harness.dataDir)}, logs: { has: () => true, put } });
                harness.declare("orphan", ${JSON.stringify(source)}).then(() => harness.call("orphan"));`;
            const parent = childProcess.spawn(process.execPath, ["--require", "./tools/register.cjs", "-e", script], {
                cwd: root,
            });
            const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once("data", resolve)));
            assert.ok(isAlive(pid));

            parent.kill("SIGKILL");

            await gone(pid);
        });
    }
});
