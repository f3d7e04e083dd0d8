import * as assert from "node:assert/strict";
import { createInvocations } from "../../../local/services/lambda/invocations";
import type { Invocation, LambdaInvoker } from "../../../local/services/lambda/types";
import type { Principal } from "../../../local/iam/types";
import { createHarness, planned, type Harness } from "./support/harness";

const TYPE = "aws:lambda/invocation:Invocation";
const ADMIN: Principal = { type: "admin", arn: "arn:aws:iam::123456789012:user/admin" };

describe("Lambda: invocations on deploy", () => {
    let harness: Harness;
    let seen: Invocation[];
    beforeEach(async () => {
        seen = [];
        harness = createHarness();
        await harness.declare(
            "setup",
            'exports.handler = async (event) => console.log("GOT " + JSON.stringify(event))',
        );
        await harness.declare(
            "other",
            'exports.handler = async (event) => console.log("GOT " + JSON.stringify(event))',
        );
        await harness.declare("broken", 'exports.handler = async () => { throw new RangeError("secret text"); }');
    });
    afterEach(() => harness.close());

    /** One start of the local run with these resources. */
    const deploy = async (...all: Record<string, unknown>[]) => {
        const lambda: LambdaInvoker = {
            invoke(invocation) {
                seen.push(invocation);
                return harness.lambda.invoke(invocation);
            },
        };
        const invocations = createInvocations({ dataDir: harness.dataDir, lambda, principal: ADMIN });
        for (const { name = "migration", ...inputs } of all) {
            await invocations.apply[TYPE](
                planned(TYPE, name as string, { functionName: "setup", input: '{"key":1}', ...inputs }),
            );
        }
        await invocations.ready?.();
    };
    const got = (name = "setup") =>
        seen
            .filter(({ functionName }) => functionName === name)
            .map(({ payload }) => JSON.parse(String(payload)) as unknown);

    it("happen once with the input, in the order declared, as the one who deploys", async () => {
        await deploy({ name: "first", input: "1" }, { name: "second", input: "2" });
        await deploy({ name: "first", input: "1" }, { name: "second", input: "2" });

        assert.deepEqual(got(), [1, 2]);
        const invokes = harness.asked.filter(({ action }) => action === "lambda:InvokeFunction");
        assert.ok(invokes.length > 0 && invokes.every(({ principal }) => principal === ADMIN));
    });

    it("happen again when input, triggers or function change", async () => {
        await deploy({});
        await deploy({ input: '{"key":2}' });
        await deploy({ input: '{"key":2}', triggers: { version: "1" } });
        await deploy({ input: '{"key":2}', triggers: { version: "2" } });
        await deploy({ input: '{"key":2}', triggers: { version: "2" }, functionName: "other" });

        assert.deepEqual(got(), [{ key: 1 }, { key: 2 }, { key: 2 }, { key: 2 }]);
        assert.deepEqual(got("other"), [{ key: 2 }]);
    });

    it("happen again when a resource was gone from the program meanwhile", async () => {
        await deploy({});
        await deploy();
        await deploy({});

        assert.deepEqual(got(), [{ key: 1 }, { key: 1 }]);
    });

    it("tell with lifecycleScope CRUD what happens and what the input was before", async () => {
        await deploy({ lifecycleScope: "CRUD" });
        await deploy({ lifecycleScope: "CRUD", input: '{"key":2}' });
        await deploy({
            lifecycleScope: "CRUD",
            input: '{"key":2}',
            triggers: { version: "1" },
            terraformKey: "change",
        });
        await deploy({ lifecycleScope: "CRUD", input: '{"key":2}', functionName: "other" });

        assert.deepEqual(got(), [
            { key: 1, tf: { action: "create", prev_input: null } },
            { key: 2, tf: { action: "update", prev_input: { key: 1 } } },
            { key: 2, change: { action: "update", prev_input: { key: 2 } } },
        ]);
        assert.deepEqual(got("other"), [{ key: 2, tf: { action: "create", prev_input: null } }]);
    });

    it("stop the start when the function fails, name it and the error's type alone, and are tried again at the next", async () => {
        const start = () => deploy({ functionName: "broken" }, { name: "later" });
        for (let time = 0; time < 2; time++) {
            await assert.rejects(start, ({ message }: Error) => {
                assert.match(
                    message,
                    /^migration \(aws:lambda\/invocation:Invocation\): broken failed with RangeError/,
                );
                assert.doesNotMatch(message, /secret text/);
                return true;
            });
        }
        assert.deepEqual(got(), []);

        await harness.declare("broken", 'exports.handler = async () => "mended"');
        await start();
        assert.deepEqual(got(), [{ key: 1 }]);
    });

    it("stop the start when the function is not declared, or may not be invoked", async () => {
        await assert.rejects(deploy({ functionName: "none" }), /none could not be invoked: Function not found/);
        harness.allow = () => false;
        await assert.rejects(
            deploy({}),
            /setup could not be invoked: not authorized to perform: lambda:InvokeFunction/,
        );
    });

    it("refuse an input that is no JSON, and with lifecycleScope CRUD one that is no object", async () => {
        await assert.rejects(deploy({ input: "{" }), /input is not valid JSON/);
        await assert.rejects(deploy({ input: "[]", lifecycleScope: "CRUD" }), /input must be an object/);
    });
});
