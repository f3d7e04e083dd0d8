import * as assert from "node:assert/strict";
import * as http from "node:http";
import { send, startStack, type Stack } from "./support/stack";

describe("ChallengeApi over HTTP", () => {
    let stack: Stack;
    let withKey: { headers: Record<string, string> };
    before(async () => {
        stack = await startStack();
        withKey = { headers: { "x-api-key": stack.challengeApiKey } };
    });
    after(() => stack.end());

    it("answers GET /health and GET /hello with either key", async () => {
        const health = await send(`${stack.challengeApiUrl}/health`, withKey);
        const hello = await send(`${stack.challengeApiUrl}/hello?name=%20Ada%20`, {
            headers: { "x-api-key": stack.challengeApiKeyOther },
        });

        assert.deepEqual([health.status, health.json], [200, { status: "ok" }]);
        assert.deepEqual([hello.status, hello.json], [200, { message: "Hello, Ada!" }]);
        assert.match(hello.headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
        assert.equal(hello.headers.get("content-type"), "application/json");
    });

    it("answers with API Gateway's own 403 on every route without a key, and with a wrong one", async () => {
        for (const path of ["/", "/health", "/hello?name=A", "/openapi.json", "/nothing"]) {
            for (const headers of [{}, { "x-api-key": "wrong".repeat(8) }]) {
                const { status, json, headers: sent } = await send(`${stack.challengeApiUrl}${path}`, { headers });

                assert.deepEqual([status, json], [403, { message: "Forbidden" }], path);
                assert.equal(sent.get("x-amzn-errortype"), "ForbiddenException");
                assert.match(sent.get("x-request-id")!, /^[0-9a-f-]{36}$/);
            }
        }
    });

    it("refuses a name that is missing, blank or longer than 100 characters, with all issues", async () => {
        for (const query of ["", "?name=", "?name=%20%20", `?name=${"x".repeat(101)}`]) {
            const { status, json } = await send(`${stack.challengeApiUrl}/hello${query}`, withKey);

            assert.equal(status, 400, query);
            assert.equal(json.code, "VALIDATION_FAILED");
            assert.equal(json.issues[0].path, "name");
        }
    });

    it("describes itself at /openapi.json, with every route and the limits of a name", async () => {
        const { status, json } = await send(`${stack.challengeApiUrl}/openapi.json`, withKey);

        assert.equal(status, 200);
        assert.equal(json.openapi, "3.1.0");
        assert.deepEqual(Object.keys(json.paths), ["/health", "/hello", "/openapi.json"]);
        const [name] = json.paths["/hello"].get.parameters;
        assert.deepEqual(name, {
            name: "name",
            in: "query",
            required: true,
            schema: { type: "string", minLength: 1, maxLength: 100 },
        });
    });

    it("answers 404 at an unknown path and 405 with Allow to a wrong method", async () => {
        const unknown = await send(`${stack.challengeApiUrl}/nothing`, withKey);
        const wrong = await send(`${stack.challengeApiUrl}/hello`, { ...withKey, method: "DELETE" });

        assert.deepEqual([unknown.status, unknown.json.code], [404, "NOT_FOUND"]);
        assert.deepEqual([wrong.status, wrong.json.code], [405, "METHOD_NOT_ALLOWED"]);
        assert.equal(wrong.headers.get("allow"), "GET, HEAD, OPTIONS");
    });

    it("answers HEAD as GET without a body", async () => {
        const { status, text, headers } = await send(`${stack.challengeApiUrl}/health`, { ...withKey, method: "HEAD" });

        assert.deepEqual([status, text], [200, ""]);
        assert.equal(headers.get("content-type"), "application/json");
    });

    it("answers a preflight without a key, and names the header that carries one", async () => {
        const { status, headers } = await send(`${stack.challengeApiUrl}/hello`, {
            method: "OPTIONS",
            headers: { origin: "https://page.example", "access-control-request-method": "GET" },
        });

        assert.equal(status, 204);
        assert.equal(headers.get("access-control-allow-origin"), "*");
        assert.match(headers.get("access-control-allow-headers")!, /x-api-key/i);
        assert.match(headers.get("access-control-allow-methods")!, /GET/);
    });

    it("keeps nothing of a key in what it logs", async () => {
        await send(`${stack.challengeApiUrl}/hello?name=Grace`, withKey);

        assert.ok(!stack.printed.join("\n").includes(stack.challengeApiKey));
    });
});

describe("the limits of ChallengeApi", () => {
    const config = (numbers: { burst?: number; keyBurst?: number; requestsPerMonth?: number }) => ({
        "quartet:challengeApi": {
            keys: ["blue", "green"],
            throttle: { requestsPerSecond: 1, burst: numbers.burst ?? 5000 },
            usagePlan: {
                requestsPerSecond: 1,
                burst: numbers.keyBurst ?? 5000,
                requestsPerMonth: numbers.requestsPerMonth ?? 10_000,
            },
        },
    });
    const statuses = async (url: string, key: string, count: number) =>
        (await Promise.all(Array.from({ length: count }, () => send(url, { headers: { "x-api-key": key } })))).map(
            ({ status, json }) => (status === 200 ? "200" : `${status} ${json.message}`),
        );

    it("let a key send its burst at once and answer 429 to the rest, while the other key goes on", async () => {
        const stack = await startStack({ config: config({ keyBurst: 5 }) });
        const url = `${stack.challengeApiUrl}/health`;

        const begun = Date.now();
        const first = await statuses(url, stack.challengeApiKey, 20);
        const refilled = Math.ceil((Date.now() - begun) / 1000);
        const other = await statuses(url, stack.challengeApiKeyOther, 5);

        const passed = first.filter((status) => status === "200").length;
        assert.ok(passed >= 5 && passed <= 5 + refilled, `${passed} of 20 passed`);
        assert.ok(first.filter((status) => status !== "200").every((status) => status === "429 Too Many Requests"));
        assert.deepEqual(other, Array(5).fill("200"));
        await stack.end();
    });

    it("let all keys together send no more than the stage's burst", async () => {
        const stack = await startStack({ config: config({ burst: 5 }) });
        const url = `${stack.challengeApiUrl}/health`;

        const begun = Date.now();
        const both = (
            await Promise.all([statuses(url, stack.challengeApiKey, 10), statuses(url, stack.challengeApiKeyOther, 10)])
        ).flat();

        const refilled = Math.ceil((Date.now() - begun) / 1000);
        const passed = both.filter((status) => status === "200").length;
        assert.ok(passed >= 5 && passed <= 5 + refilled, `${passed} of 20 passed`);
        await stack.end();
    });

    it("answer 429 when the month's requests are used up, also after a restart", async () => {
        const stack = await startStack({ config: config({ requestsPerMonth: 3 }) });
        const before = await statuses(`${stack.challengeApiUrl}/health`, stack.challengeApiKey, 5);
        await stack.end(true);

        const again = await startStack({ config: config({ requestsPerMonth: 3 }), stateFolder: stack.stateFolder });
        const after = await statuses(`${again.challengeApiUrl}/health`, again.challengeApiKey, 1);

        assert.deepEqual(before.sort(), ["200", "200", "200", "429 Limit Exceeded", "429 Limit Exceeded"]);
        assert.equal(again.challengeApiKey, stack.challengeApiKey);
        assert.deepEqual(after, ["429 Limit Exceeded"]);
        await again.end();
    });

    it("hold a body of more than 10 MB back", async () => {
        const stack = await startStack();
        const request = http.request(`${stack.challengeApiUrl}/hello`, {
            method: "POST",
            headers: { "x-api-key": stack.challengeApiKey, "content-length": String(11 * 1024 * 1024) },
        });
        const status = await new Promise<number | undefined>((resolve, reject) => {
            request.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
            request.flushHeaders();
        });
        request.destroy();

        assert.equal(status, 413);
        await stack.end();
    });
});
