import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "../../local/stack/support/stack";
import type { AnswerProxy } from "./answerProxy";
import { runTool } from "../../support/runTool";

/** A running stack whose state is in a copy of the project, and a proxy before it. */
export interface SmokedStack {
    readonly folder: string;
    readonly stack: Stack;
    readonly proxy: AnswerProxy;
}

/** Tests of the command, as a process of its own. */
export function describeCommand(smoked: () => SmokedStack): void {
    describe("as a command", () => {
        it("prints a table and writes JUnit, without secrets, and ends with 0 where all is well", async () => {
            const { folder, stack } = smoked();

            const { code, stdout, stderr } = await runTool(
                "smoke",
                ["--system", "challenge", "--junit", "out/smoke.xml"],
                { folder },
            );

            assert.deepEqual([code, stderr], [0, ""]);
            assert.match(stdout, /^system +check +result +ms\n/);
            assert.match(stdout, /\nchallenge +answers 403 without an API key +passed +\d+\n/);
            assert.match(stdout, /\nSkipped:\n {2}challenge is not served over plain HTTP: /);
            assert.match(stdout, /\nlocal: 6 passed, 0 failed, 1 skipped\.\n$/);
            const xml = fs.readFileSync(path.join(folder, "out/smoke.xml"), "utf8");
            assert.match(
                xml,
                /<testsuites name="smoke local" tests="7" failures="0" errors="0" skipped="1" time="[\d.]+"/,
            );
            assert.equal(xml.match(/<testcase /g)!.length, 7);
            assertNoSecret(stdout + xml, stack);
        });

        it("ends with 1 where a check fails, and says which and why in the table and in JUnit", async () => {
            const { folder, stack, proxy } = smoked();
            const file = path.join(folder, ".local/outputs.json");
            const text = fs.readFileSync(file, "utf8");
            proxy.falsify(({ path: url }) =>
                url.includes("/hello")
                    ? { status: 500, body: JSON.stringify({ message: `<${stack.challengeApiKeyOther}> & "more"` }) }
                    : undefined,
            );
            fs.writeFileSync(file, text.replaceAll(stack.adminCredentials.endpoint, proxy.origin));

            const { code, stdout, stderr } = await runTool("smoke", ["--system", "challenge", "--junit", "smoke.xml"], {
                folder,
            });
            fs.writeFileSync(file, text);

            assert.equal(code, 1);
            assert.match(stdout, /\nchallenge +greets by name, with the other key +FAILED +\d+\n/);
            assert.match(
                stdout,
                /\nFailed:\n {2}challenge greets .*\/hello answered 500 <\*\*\*> & "more", and 200 is agreed\.\n/,
            );
            assert.match(stdout, /\nlocal: 5 passed, 1 failed, 1 skipped\.\n$/);
            const xml = fs.readFileSync(path.join(folder, "smoke.xml"), "utf8");
            assert.match(xml, /tests="7" failures="1"/);
            assert.match(xml, /<failure message="[^"<&]*answered 500 &#60;\*\*\*&#62; &#38; &#34;more&#34;, and/);
            assertNoSecret(stdout + stderr + xml, stack);
        });

        it("says in one sentence what is wrong with its options, and ends with 1", async () => {
            const { folder } = smoked();

            assert.deepEqual(await runTool("smoke", ["--system", "orders,events"], { folder }), {
                ...{ code: 1, stdout: "" },
                stderr: "--system is orders,events: give events, uploads, orders, challenge, one with each --system.\n",
            });
            assert.deepEqual(await runTool("smoke", ["--stack", "staging"], { folder }), {
                ...{ code: 1, stdout: "" },
                stderr: "There is no stack staging (no file Pulumi.staging.yaml); the stacks are dev, prod.\n",
            });
        });
    });
}

function assertNoSecret(text: string, { challengeApiKey, challengeApiKeyOther, localToken, adminCredentials }: Stack) {
    for (const secret of [challengeApiKey, challengeApiKeyOther, localToken, adminCredentials.secretAccessKey]) {
        assert.ok(!text.includes(secret));
    }
}
