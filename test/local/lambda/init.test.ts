import * as assert from "node:assert/strict";
import { createHarness, functionResource, writeArchive, type Harness } from "./support/harness";

describe("Lambda: loading of functions", () => {
    let harness: Harness;

    beforeEach(() => (harness = createHarness()));
    afterEach(() => harness.close());

    const failure = async (source: string, inputs?: Record<string, unknown>) => {
        await harness.declare("broken", source, inputs);
        const { payload, functionError } = await harness.invoke("broken");
        assert.equal(functionError, "Unhandled");
        return JSON.parse(payload) as { errorType: string; errorMessage: string };
    };

    it("refuses a callback-style handler, as Node.js 24 in Lambda does", async () => {
        const { errorType, errorMessage } = await failure(
            "exports.handler = (event, context, callback) => callback(null, 1)",
        );

        assert.equal(errorType, "Runtime.CallbackHandlerDeprecated");
        assert.match(errorMessage, /removed support for callback-based function handlers/);
    });

    it("names an error thrown while loading, for each invocation anew", async () => {
        const first = await failure("throw new Error('no config')");
        const second = JSON.parse((await harness.invoke("broken")).payload) as { errorMessage: string };

        assert.deepEqual([first.errorType, first.errorMessage], ["Error", "no config"]);
        assert.equal(second.errorMessage, "no config");
    });

    it("tells apart a missing export, a missing module and a syntax error", async () => {
        assert.equal((await failure("exports.other = 1")).errorType, "Runtime.HandlerNotFound");
        assert.equal((await failure("require('left-pad')")).errorType, "Runtime.ImportModuleError");
        assert.equal((await failure("exports.handler = (")).errorType, "Runtime.UserCodeSyntaxError");
        assert.equal((await failure("", { handler: "absent.handler" })).errorType, "Runtime.ImportModuleError");
    });

    it("loads ES modules and handlers in folders", async () => {
        const code = writeArchive(harness.dataDir, {
            "src/app.mjs": "await 0; export const api = { get: async () => import.meta.url };",
        });
        await harness.lambda.apply["aws:lambda/function:Function"](
            functionResource("esm", code, { handler: "src/app.api.get" }),
        );

        assert.match(await harness.call("esm"), /\/src\/app\.mjs$/);
    });

    it("ends environments of the old code when the code changes, and runs the new", async () => {
        await harness.declare("changing", "exports.handler = async () => 'old'");
        const old = await harness.call("changing");

        await harness.declare("changing", "exports.handler = async () => 'new'");

        assert.equal(old, "old");
        assert.equal(await harness.call("changing"), "new");
    });

    it("keeps its environments when it is applied again unchanged", async () => {
        await harness.declare("same", "exports.handler = async () => process.pid");
        const pid = await harness.call("same");

        await harness.declare("same", "exports.handler = async () => process.pid");

        assert.equal(await harness.call("same"), pid);
    });

    it("refuses what Lambda would refuse, and what this machine cannot run", async () => {
        await assert.rejects(harness.declare("a", "", { runtime: "python3.13" }), /nodejs24\.x, not python3\.13/);
        await assert.rejects(
            harness.declare("a", "", { layers: ["arn:aws:lambda:us-east-1:1:layer:x:1"] }),
            /layers is not supported/,
        );
        await assert.rejects(
            harness.declare("a", "", { environment: { variables: { AWS_REGION: "x" } } }),
            /reserves .*AWS_REGION/,
        );
        await assert.rejects(
            harness.declare("a", "", { environment: { variables: { BIG: "x".repeat(4100) } } }),
            /allows 4096/,
        );
        const outside = writeArchive(harness.dataDir, { "../index.js": "" });
        await assert.rejects(
            async () => harness.lambda.apply["aws:lambda/function:Function"](functionResource("a", outside)),
            /lies outside/,
        );
    });
});
