import * as assert from "node:assert/strict";
import { ACCOUNT, keysAndPlan, proxy, REGION, startApi, type TestApi } from "./support/api";

const any = (operation: unknown) => ({ "x-amazon-apigateway-any-method": operation });
const arn = `arn:aws:execute-api:${REGION}:${ACCOUNT}:api1234567/live`;

describe("API Gateway: routes and events", () => {
    let api: TestApi;
    before(async () => {
        api = await startApi({
            paths: {
                "/things": { get: proxy(), post: proxy() },
                "/things/{id}": { get: proxy() },
                "/things/mine": { get: proxy() },
                "/files/{path+}": any(proxy()),
            },
            body: { "x-amazon-apigateway-binary-media-types": ["application/octet-stream", "image/png"] },
            resources: keysAndPlan({}),
        });
    });
    after(() => api.close());
    beforeEach(() => {
        api.invocations.length = 0;
        api.answer({ statusCode: 200 });
    });
    const eventOf = async (...args: Parameters<TestApi["send"]>) => {
        await api.send(...args);
        return api.invocations[0].event;
    };

    it("hands on an empty request with null where there is nothing", async () => {
        const event = await eventOf("/things");

        assert.deepEqual(Object.keys(event).sort(), [
            ...[
                "body",
                "headers",
                "httpMethod",
                "isBase64Encoded",
                "multiValueHeaders",
                "multiValueQueryStringParameters",
                "path",
            ],
            ...["pathParameters", "queryStringParameters", "requestContext", "resource", "stageVariables"],
        ]);
        assert.deepEqual(
            [
                event.queryStringParameters,
                event.multiValueQueryStringParameters,
                event.pathParameters,
                event.stageVariables,
                event.body,
            ],
            [null, null, null, null, null],
        );
        assert.deepEqual(
            [event.resource, event.path, event.httpMethod, event.isBase64Encoded],
            ["/things", "/things", "GET", false],
        );
    });

    it("tells the whole path of the URL in requestContext.path only, and all of the identity, null where unused", async () => {
        const { requestContext } = await eventOf("/things");

        assert.deepEqual(
            [
                requestContext.path,
                requestContext.stage,
                requestContext.apiId,
                requestContext.accountId,
                requestContext.protocol,
            ],
            ["/_api/api1234567/live/things", "live", "api1234567", ACCOUNT, "HTTP/1.1"],
        );
        assert.equal(requestContext.requestTime, "10/Mar/2026:12:00:00 +0000");
        assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/);
        assert.deepEqual([requestContext.identity.caller, requestContext.identity.userArn], [null, null]);
        assert.equal(requestContext.identity.sourceIp, "127.0.0.1");
    });

    it("keeps all values of a repeated parameter or header, and the last one in the single maps", async () => {
        const event = await eventOf("/things?a=1&a=2&b=x%20y&c", { headers: { "X-Two": ["one", "two"] } });

        assert.deepEqual(event.queryStringParameters, { a: "2", b: "x y", c: "" });
        assert.deepEqual(event.multiValueQueryStringParameters, { a: ["1", "2"], b: ["x y"], c: [""] });
        assert.deepEqual([event.headers["X-Two"], event.multiValueHeaders["X-Two"]], ["two", ["one", "two"]]);
    });

    it("keeps the case of header names, drops hop-by-hop ones, and adds those of the gateway", async () => {
        const { headers } = await eventOf("/things", {
            headers: { "tEsT-HeAdEr": "1", te: "trailers", "user-agent": "me" },
        });

        assert.equal(headers["tEsT-HeAdEr"], "1");
        assert.deepEqual(
            [headers.te, headers.TE, headers.connection, headers.Connection],
            [undefined, undefined, undefined, undefined],
        );
        assert.equal(headers["User-Agent"], "me");
        assert.deepEqual([headers["X-Forwarded-Port"], headers["X-Forwarded-Proto"]], ["443", "https"]);
        assert.match(headers["X-Amzn-Trace-Id"]!, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
    });

    it("prefers an exact path to a parameter, and a parameter to a greedy one", async () => {
        const resourceOf = async (target: string) => {
            api.invocations.length = 0;
            const { resource, pathParameters } = await eventOf(target);
            return [resource, pathParameters];
        };

        assert.deepEqual(await resourceOf("/things/mine"), ["/things/mine", null]);
        assert.deepEqual(await resourceOf("/things/7"), ["/things/{id}", { id: "7" }]);
        assert.deepEqual(await resourceOf("/files/a/b"), ["/files/{path+}", { path: "a/b" }]);
        assert.deepEqual(await resourceOf("/things/"), ["/things", null]);
    });

    it("invokes as API Gateway, from the method and path of this stage", async () => {
        await api.send("/things/7");

        const { principal, sourceArn } = api.invocations[0];
        assert.deepEqual(principal, { type: "service", service: "apigateway.amazonaws.com" });
        assert.match(sourceArn!, new RegExp(`^${arn}/GET/things/`));
    });

    it("hands a body of a binary type on as base64, and ruins bytes of any other type", async () => {
        const bytes = Buffer.from([0x1f, 0x8b, 0xff, 0x41]);
        const send = async (type: string | undefined) => {
            api.invocations.length = 0;
            return eventOf("/things", { method: "POST", body: bytes, headers: type ? { "content-type": type } : {} });
        };

        const binary = await send("application/octet-stream; x=y");
        assert.deepEqual([binary.isBase64Encoded, binary.body], [true, bytes.toString("base64")]);
        assert.equal((await send("image/png")).isBase64Encoded, true);
        for (const type of ["application/json", undefined]) {
            const text = await send(type);
            assert.deepEqual([text.isBase64Encoded, text.body], [false, bytes.toString("utf8")]);
            assert.ok(text.body!.includes("\ufffd"));
        }
    });

    it("answers 403 Missing Authentication Token at an unknown path or method, and Forbidden at an unknown stage", async () => {
        for (const [target, method] of [
            ["/nothing", "GET"],
            ["/things", "DELETE"],
            ["/THINGS", "GET"],
        ]) {
            const { status, text, headers } = await api.send(target, { method });
            assert.deepEqual([status, text], [403, '{"message":"Missing Authentication Token"}']);
            assert.equal(headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
        }
        const otherStage = await fetch(api.url.replace("/live", "/dead"));
        assert.deepEqual([otherStage.status, await otherStage.text()], [403, '{"message":"Forbidden"}']);
        assert.equal(api.invocations.length, 0);
    });

    it("refuses headers of more than 10 240 bytes together", async () => {
        const { status } = await api.send("/things", { headers: { "x-big": "x".repeat(10_300) } });

        assert.equal(status, 431);
        assert.equal(api.invocations.length, 0);
    });

    it("refuses more than 10 MB, announced or sent", async () => {
        const announced = await api.send("/things", { method: "POST", body: Buffer.alloc(10_485_761) });

        assert.equal(announced.status, 413);
        assert.equal(api.invocations.length, 0);
    });

    it("writes a line into the access log for each request", async () => {
        api.logged.length = 0;

        const { headers } = await api.send("/things");

        assert.deepEqual(JSON.parse(api.logged[0]), {
            id: headers["x-amzn-requestid"],
            status: "200",
            key: "-",
            path: "/live/things",
        });
    });
});
