import * as assert from "node:assert/strict";
import type { Context } from "aws-lambda";
import { httpHandler, type Answer, type HttpRequest } from "../../../handlers/shared/http";
import { refusal } from "../../../handlers/shared/refusal";
import type { Route } from "../../../handlers/shared/route";
import { proxyEvent, type TestRequest } from "../../support/invoke";

const route = (path: string, method: Route["method"] = "GET", headers: string[] = []): Route => ({
    method,
    path,
    auth: "none",
    summary: "A test",
    headers,
    responses: {},
});

describe("the handler of an API", () => {
    const logged: unknown[] = [];
    const { info, error } = console;
    before(() => {
        console.info = (line) => logged.push(line);
        console.error = (line) => logged.push(line);
    });
    beforeEach(() => (logged.length = 0));
    after(() => Object.assign(console, { info, error }));

    const unreachable = () => assert.fail("the route must not be reached");

    /** Answers one request to an API in which all routes are answered alike. */
    function answer(routes: Route[], handle: (request: HttpRequest) => Answer | Promise<Answer>, request: TestRequest) {
        const answers = Object.fromEntries(routes.map(({ method, path }) => [`${method} ${path}`, handle]));
        const context = { getRemainingTimeInMillis: () => 1000 } as Context;
        return httpHandler({ routes, answers, corsOrigins: ["*"] })(proxyEvent(request), context);
    }

    for (const [what, fail] of Object.entries({
        "throws at once": () => {
            throw Object.assign(new TypeError("secret of the caller"), { code: "ODD", status: 418 });
        },
        rejects: () => Promise.reject(Object.assign(new TypeError("secret of the caller"), { code: "ODD" })),
    })) {
        it(`answers 500 and nothing of the error when an answer ${what}, and logs all but its message`, async () => {
            const { statusCode, body, headers } = await answer([route("/x")], fail, { path: "/x", requestId: "r-3" });

            assert.equal(statusCode, 500);
            assert.equal(body, '{"message":"Something went wrong on our side","code":"INTERNAL_ERROR"}');
            assert.equal(headers?.["x-request-id"], "r-3");
            const [line] = logged as {
                requestId: string;
                route: string;
                error: { name: string; code: string; frames: string[] };
            }[];
            assert.deepEqual(
                [line.requestId, line.route, line.error.name, line.error.code],
                ["r-3", "GET /x", "TypeError", "ODD"],
            );
            assert.match(line.error.frames[0], /http\.test\.ts/);
            assert.doesNotMatch(JSON.stringify(logged), /secret/);
        });
    }

    it("answers a refusal with its status, code, issues and headers", async () => {
        const issues = [{ path: "a.0", message: "is required" }];
        const refuse = () => {
            throw refusal(409, "CONFLICT", "Not now", { issues, headers: { "retry-after": "7" } });
        };

        const { statusCode, body, headers } = await answer([route("/x")], refuse, { path: "/x" });

        assert.equal(statusCode, 409);
        assert.deepEqual(JSON.parse(body), { message: "Not now", code: "CONFLICT", issues });
        assert.equal(headers?.["retry-after"], "7");
    });

    it("decodes a path's parameters, and prefers a path without any", async () => {
        const routes = [route("/orders/{id}/items/{sku}"), route("/orders/{id}"), route("/orders/open")];
        const echo = ({ parameters }: HttpRequest) => ({ status: 200, body: parameters });
        const parametersOf = async (path: string) => JSON.parse((await answer(routes, echo, { path })).body);

        assert.deepEqual(await parametersOf("/orders/a%2Fb%20c"), { id: "a/b c" });
        assert.deepEqual(await parametersOf("//orders/7/items/x/"), { id: "7", sku: "x" });
        assert.deepEqual(await parametersOf("/orders/open"), {});
    });

    it("allows each header that some method of the path reads, once, and all of the path's methods", async () => {
        const routes = [route("/x", "GET", ["A", "B"]), route("/x", "PUT", ["B", "C"]), route("/y", "DELETE", ["D"])];

        const { headers } = await answer(routes, unreachable, { path: "/x", method: "OPTIONS" });

        assert.equal(headers?.["access-control-allow-headers"], "A, B, C");
        assert.equal(headers?.["access-control-allow-methods"], "GET, HEAD, PUT, OPTIONS");
    });

    it("does not start with a route that nothing answers", () => {
        assert.throws(() => httpHandler({ routes: [route("/x")], answers: {}, corsOrigins: [] }), /GET \/x/);
    });

    it("lets nobody in by a token where no one checks tokens", async () => {
        const { statusCode } = await answer([{ ...route("/x"), auth: "token" }], unreachable, {
            path: "/x",
            headers: { "x-auth-token": "any" },
        });

        assert.equal(statusCode, 401);
    });
});
