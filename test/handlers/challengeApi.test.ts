import * as assert from "node:assert/strict";
import { bothForms, bundleOf } from "../support/bothForms";
import { startHandler, type RunningHandler } from "../support/invoke";

const openapi = '{"openapi":"3.1.0","info":{"title":"ChallengeApi"}}';
const source = { module: "handlers/challengeApi/api.ts", factory: "challengeApiFactory", args: [openapi] };
const env = { CORS_ORIGINS: '["https://app.example","https://other.example"]' };

bothForms("ChallengeApi's handler", source, (start) => {
    let api: RunningHandler;
    before(async () => {
        api = await start(env);
    });

    it("says that it is well, under API Gateway's id of the request", async () => {
        const answer = await api.invoke({ path: "/health", requestId: "r-1" });

        assert.equal(answer.status, 200);
        assert.equal(answer.text, '{"status":"ok"}');
        assert.equal(answer.headers["x-request-id"], "r-1");
        assert.equal(answer.headers["content-type"], "application/json");
    });

    it("greets by the name, trimmed", async () => {
        const answer = await api.invoke({ path: "/hello", query: { name: "  Ada Lovelace\t" } });

        assert.deepEqual([answer.status, answer.body], [200, { message: "Hello, Ada Lovelace!" }]);
    });

    it("greets by a name of 100 characters, however many UTF-16 units they take", async () => {
        const answer = await api.invoke({ path: "/hello", query: { name: "🦊".repeat(100) } });

        assert.equal(answer.body.message, `Hello, ${"🦊".repeat(100)}!`);
    });

    const badNames: Record<string, Record<string, string> | undefined> = {
        "no name": undefined,
        "an empty name": { name: "" },
        "a name of spaces": { name: "   " },
        "a name of 101 characters": { name: "n".repeat(101) },
    };
    for (const [what, query] of Object.entries(badNames)) {
        it(`refuses ${what} with 400 and the issue, without repeating it`, async () => {
            const answer = await api.invoke({ path: "/hello", query });

            assert.equal(answer.status, 400);
            assert.equal(answer.body.code, "VALIDATION_FAILED");
            assert.equal(typeof answer.body.message, "string");
            assert.deepEqual(answer.body.issues, [
                { path: "name", message: query ? "must be a string of 1 to 100 characters" : "is required" },
            ]);
            assert.ok(!answer.text.includes("nnn"));
        });
    }

    it("serves its description as it was given", async () => {
        const answer = await api.invoke({ path: "/openapi.json" });

        assert.deepEqual([answer.status, answer.text], [200, openapi]);
    });

    it("answers 404 on an unknown path, and on one whose percent-encoding is broken", async () => {
        for (const path of ["/", "/nothing", "/hello/there", "/%E0%A4%A", "/__proto__"]) {
            const answer = await api.invoke({ path });

            assert.deepEqual([path, answer.status, answer.body.code], [path, 404, "NOT_FOUND"]);
            assert.ok(answer.headers["x-request-id"]);
        }
    });

    it("answers 405 to a method that the path does not know, with those it does in Allow", async () => {
        for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
            const answer = await api.invoke({ method, path: "/health" });

            assert.deepEqual([answer.status, answer.body.code], [405, "METHOD_NOT_ALLOWED"]);
            assert.equal(answer.headers.allow, "GET, HEAD, OPTIONS");
        }
    });

    it("answers HEAD with GET's status and headers, and no body", async () => {
        const found = await api.invoke({ method: "HEAD", path: "/health" });
        const missing = await api.invoke({ method: "HEAD", path: "/nothing" });

        assert.deepEqual([found.status, found.text], [200, ""]);
        assert.equal(found.headers["content-type"], "application/json");
        assert.deepEqual([missing.status, missing.text], [404, ""]);
    });

    it("looks past slashes at the end of the path", async () => {
        assert.equal((await api.invoke({ path: "/health/" })).status, 200);
    });

    it("lets a preflight of a listed origin pass, for the path's methods and headers", async () => {
        const headers = { Origin: "https://other.example", "Access-Control-Request-Method": "GET" };

        const answer = await api.invoke({ method: "OPTIONS", path: "/hello", headers });

        assert.deepEqual([answer.status, answer.text], [204, ""]);
        assert.equal(answer.headers["access-control-allow-origin"], "https://other.example");
        assert.equal(answer.headers["access-control-allow-methods"], "GET, HEAD, OPTIONS");
        assert.equal(answer.headers["access-control-allow-headers"], "X-Api-Key");
        assert.equal(answer.headers.vary, "Origin");
        assert.ok(Number(answer.headers["access-control-max-age"]) > 0);
    });

    it("names no allowed origin to an origin that is not listed, but varies by it", async () => {
        for (const method of ["OPTIONS", "GET"]) {
            const headers = { origin: "https://app.example.evil" };

            const answer = await api.invoke({ method, path: "/health", headers });

            assert.equal(answer.headers["access-control-allow-origin"], undefined);
            assert.equal(answer.headers.vary, "Origin");
        }
    });

    it("lets a page of a listed origin read refusals and the request's id", async () => {
        const answer = await api.invoke({ path: "/nothing", headers: { ORIGIN: "https://app.example" } });

        assert.equal(answer.headers["access-control-allow-origin"], "https://app.example");
        assert.match(answer.headers["access-control-expose-headers"], /X-Request-Id/);
    });

    it("allows every origin only if the list says so", async () => {
        const open = await start({ CORS_ORIGINS: '["*"]' });

        const answer = await open.invoke({ path: "/health", headers: { origin: "https://any.example" } });

        assert.equal(answer.headers["access-control-allow-origin"], "*");
    });

    it("logs one line for a request, with id, route, status and duration", async () => {
        const { output } = await api.invoke({ path: "/hello", requestId: "r-2" });

        assert.match(
            output,
            /requestId: 'r-2'[^]*route: 'GET \/hello'[^]*code: 'VALIDATION_FAILED'[^]*status: 400[^]*ms: \d+/,
        );
    });

    it("does not start when CORS_ORIGINS is no list, and names the variable but not its value", async () => {
        for (const value of ["not-json", '{"a":1}', "[1]"]) {
            await assert.rejects(start({ CORS_ORIGINS: value }), ({ message }: Error) => {
                assert.match(message, /CORS_ORIGINS/);
                assert.ok(!message.includes(value));
                return true;
            });
        }
    });
});

describe("ChallengeApi's artifact", () => {
    it("takes at most 12 kB and holds no package but Valibot", async () => {
        const { bytes, packages } = await bundleOf(source);

        assert.ok(bytes <= 12_000, `${bytes} bytes`);
        assert.deepEqual(Object.keys(packages).sort(), ["handler", "valibot"]);
    });
});

describe("a handler's process", () => {
    it("reports what its factory threw", async () => {
        const module = require.resolve("../../handlers/challengeApi/api");

        await assert.rejects(startHandler({ ...source, module }, {}), /CORS_ORIGINS is required/);
    });
});
