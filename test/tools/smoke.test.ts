import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readProject } from "../../plan/project";
import { runSmoke } from "../../tools/smoke/runSmoke";
import { targetOf, type Target } from "../../tools/smoke/target";
import type { Report, Result, SmokeOptions, System } from "../../tools/smoke/types";
import { send, startStack, type Stack } from "../local/stack/support/stack";
import { projectFolder } from "../support/plans";
import { copyProject } from "../support/projectCopy";
import { closedOrigin, startAnswerProxy, type AnswerProxy, type Falsify } from "./support/answerProxy";
import { SABOTAGES } from "./support/sabotages";
import { describeCommand } from "./support/smokeCommand";

describe("npm run smoke", () => {
    let stack: Stack;
    let proxy: AnswerProxy;
    let target: Target;
    let report: Report;
    let folder: string;
    before(async () => {
        folder = copyProject("quartet");
        stack = await startStack({ stateFolder: path.join(folder, ".local") });
        const { endpoint } = stack.adminCredentials;
        proxy = await startAnswerProxy(endpoint);
        const outputs = JSON.parse(JSON.stringify(stack.run.outputs).replaceAll(endpoint, proxy.origin));
        target = targetOf({ stack: "local", outputs, project: readProject(projectFolder, "dev"), environment: {} });
    });
    before(async () => {
        report = await runSmoke(target);
    });
    afterEach(() => proxy.falsify());
    after(async () => {
        await proxy.close();
        await stack.end();
        fs.rmSync(path.dirname(folder), { recursive: true });
    });

    const of = (outcome: Result["outcome"]) => report.results.filter((result) => result.outcome === outcome);
    const only = (system: System, title: string): SmokeOptions => ({
        systems: [system],
        only: (one) => one === title,
    });
    /** The one check of a title in a system, while answers are changed. */
    const check = async (system: System, title: string, falsify?: Falsify, more: Partial<Target> = {}) => {
        proxy.falsify(falsify);
        const { results } = await runSmoke({ ...target, ...more }, only(system, title));
        assert.equal(results.length, 1, `there is one check ${title} of ${system}`);
        return results[0];
    };
    const orders = async () => {
        const headers = { authorization: `Bearer ${stack.localToken}` };
        return (await send(`${stack.orderServiceUrl}/pedidos`, { headers })).json.items as { order_id: string }[];
    };

    it("passes where promises are kept, skips plain HTTP alone and says why", () => {
        assert.deepEqual(of("failed"), []);
        assert.ok(of("passed").length >= 28, `${of("passed").length} passed`);
        assert.equal(of("skipped").length, 5);
        for (const { title, reason } of of("skipped")) {
            assert.match(title, /plain HTTP/);
            assert.match(reason!, /on this machine alone; check a deployed stack/);
        }
    });

    it("says what stays behind, and nothing else does", async () => {
        assert.match(report.left[0], /^1 event of batch [0-9a-f-]{36}: events can't be taken back/);
        assert.match(report.left[1], /^file [0-9a-f-]{36} \(5 bytes, smoke\.txt\): UploadPipeline deletes no file/);
        assert.equal(report.left.length, 2);
        assert.deepEqual(await orders(), []);
    });

    it("deletes its order also when no check comes to that", async () => {
        await check("orders", "accepts an order once, however often it comes");

        assert.deepEqual(await orders(), []);
    });

    it("names an order that it can't delete, and goes on", async () => {
        proxy.falsify(({ method }) => (method === "DELETE" ? { status: 500, body: "{}" } : undefined));

        const { results, left } = await runSmoke(target, only("orders", "lists an order"));

        assert.equal(results[0].outcome, "passed");
        assert.match(left[0], /^order [0-9a-f-]{36}, to be deleted by hand: DELETE \/.* answered 500$/);
    });

    describe("fails on a stack that does not keep its promise:", () => {
        for (const { system, check: title, what, falsify, says, target: more } of SABOTAGES) {
            it(`${system} ${title}, and this one ${what}`, async () => {
                const { outcome, reason } = await check(system, title, falsify, more);

                assert.equal(outcome, "failed");
                assert.match(reason!, says);
            });
        }

        it("there is such a stack for every check that can be made here", () => {
            const noticed = SABOTAGES.map(({ system, check }) => `${system} ${check}`);

            const unproved = of("passed").filter(({ system, title }) => !noticed.includes(`${system} ${title}`));

            assert.deepEqual(unproved, []);
        });
    });

    describe("on a deployed stack", () => {
        const deployed = { deployed: true };
        const FORM = "has S3 refuse a form over plain HTTP";

        for (const system of ["events", "uploads", "orders", "challenge"] as const) {
            it(`fails where ${system} is served over plain HTTP, whatever it answers`, async () => {
                const { outcome, reason } = await check(system, "is not served over plain HTTP", undefined, deployed);

                assert.equal(outcome, "failed");
                assert.match(reason!, /openapi\.json over plain HTTP was served: it answered (200|403 Forbidden)/);
            });
        }

        it("takes no listener and a redirect to HTTPS for a refusal of plain HTTP, and no other redirect", async () => {
            const to = (location: string) => () => ({ status: 301, headers: { location } });
            const urls = { ...target.urls, events: `${await closedOrigin()}/dev` };

            const results = [
                await check("events", "is not served over plain HTTP", undefined, { ...deployed, urls }),
                await check("events", "is not served over plain HTTP", to("https://x.example/"), deployed),
                await check("events", "is not served over plain HTTP", to("http://x.example/"), deployed),
            ];

            assert.deepEqual(
                results.map(({ outcome }) => outcome),
                ["passed", "passed", "failed"],
            );
        });

        it("fails where S3 takes a form over plain HTTP, and passes where it refuses", async () => {
            const taken = await check("uploads", FORM, undefined, deployed);
            const refused = await check("uploads", FORM, refuseForms, deployed);

            assert.match(taken.reason!, /answered 201, and 403 AccessDenied is agreed/);
            assert.equal(refused.outcome, "passed");
        });

        it("exceeds no limit that other callers share, unless it is told to, and none that is large", async () => {
            const title = "answers 429 over the limit of a key";
            const stage = { requestsPerSecond: 1000, burst: 500 };
            const large = { key: stage, stage };

            const shared = await check("challenge", title, undefined, deployed);
            const { results } = await runSmoke(
                { ...target, ...deployed },
                { ...only("challenge", title), sharedLimit: true },
            );
            const tooLarge = await check("challenge", title, undefined, { limits: large });
            const own = await check("challenge", title, undefined, {
                ...deployed,
                limits: { ...target.limits, stage },
            });

            assert.deepEqual(
                [shared, results[0], tooLarge, own].map(({ outcome }) => outcome),
                ["skipped", "passed", "skipped", "passed"],
            );
            assert.match(shared.reason!, /other callers would be refused, too\. Give usagePlan less/);
            assert.match(tooLarge.reason!, /1000 requests a second and 500 at once: too many/);
        });
    });

    describeCommand(() => ({ folder, stack, proxy }));

    describe("prints no secret", () => {
        it("of an answer that has keys, tokens and a form's fields in its message", async () => {
            let form: Record<string, string> = {};
            const result = await check("uploads", "confirms nothing that S3 refused", ({ path }, { body }) => {
                if (path.endsWith("/upload")) form = JSON.parse(body).fields;
                const told = [stack.challengeApiKey, stack.localToken, form.Policy, form["X-Amz-Signature"]];
                return path.endsWith("/confirm-upload")
                    ? { status: 500, body: JSON.stringify({ message: told.join(" ") }) }
                    : undefined;
            });

            assert.match(result.reason!, /answered 500 \*\*\* \*\*\* \*\*\* \*\*\*, and 409 is agreed/);
        });

        it("of a foreign caller whose signature an answer tells about", async () => {
            let session = "";
            const title = "answers 403 to a forged status under a foreign signature";
            const result = await check("uploads", title, ({ path, headers }) => {
                session = (headers["x-amz-security-token"] as string | undefined) ?? session;
                return path.endsWith("/update-status")
                    ? { status: 403, body: JSON.stringify({ message: `sent: ${session}` }), headers: {} }
                    : undefined;
            });

            assert.ok(session.length > 8);
            assert.match(result.reason!, /answered 403 sent: \*\*\* with the error type none/);
        });
    });
});

const refuseForms: Falsify = ({ headers }) =>
    headers["content-type"]?.startsWith("multipart/form-data")
        ? { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" }
        : undefined;
