import * as assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import * as zlib from "node:zlib";
import { ACCOUNT, keysAndPlan, proxy, REGION, resource, startApi, type TestApi } from "./support/api";

const any = (operation: unknown) => ({ "x-amazon-apigateway-any-method": operation });
const mock = (integration: object) => ({
    responses: { "200": { description: "" } },
    "x-amazon-apigateway-integration": {
        type: "mock",
        requestTemplates: { "application/json": '{"statusCode": 200}' },
        responses: {
            default: { statusCode: "200", responseTemplates: { "application/json": '{"id":"$context.requestId"}' } },
        },
        ...integration,
    },
});

describe("API Gateway: routes that nearly match", () => {
    let api: TestApi;
    before(async () => {
        api = await startApi({
            paths: {
                "/test": { post: proxy() },
                "/test/any": any(proxy()),
                "/{proxy+}": { options: proxy() },
                "/a/{id}/b": { get: proxy() },
            },
        });
    });
    after(() => api.close());
    const resourceOf = async (method: string, target: string) => {
        api.invocations.length = 0;
        const { status } = await api.send(target, { method });
        return api.invocations[0]?.event.resource ?? status;
    };

    it("pass over a resource that lacks the verb for a less specific one that has it", async () => {
        assert.equal(await resourceOf("OPTIONS", "/test"), "/{proxy+}");
        assert.equal(await resourceOf("POST", "/test"), "/test");
        assert.equal(await resourceOf("OPTIONS", "/test/any"), "/test/any");
        assert.equal(await resourceOf("GET", "/test"), 403);
    });

    it("ignore doubled slashes and keep them in the path, and leave parameters encoded", async () => {
        assert.equal(await resourceOf("GET", "//a//x%2Fy%40/b/"), "/a/{id}/b");

        const { path, pathParameters, requestContext } = api.invocations[0].event;
        assert.deepEqual([path, requestContext.path], ["//a//x%2Fy%40/b/", "/_api/api1234567/live//a//x%2Fy%40/b/"]);
        assert.deepEqual(pathParameters, { id: "x%2Fy%40" });
        assert.equal(
            api.invocations[0].sourceArn,
            `arn:aws:execute-api:${REGION}:${ACCOUNT}:api1234567/live/GET/a/{id}/b`,
        );
    });
});

describe("API Gateway: throttles of single methods", () => {
    let api: TestApi;
    afterEach(() => api.close());
    const statuses = async (count: number, target: string, headers = {}) => {
        const replies: number[] = [];
        for (let index = 0; index < count; index++) {
            replies.push((await api.send(target, { headers })).status);
        }
        return replies;
    };

    it("go before the stage's, also at the root, and leave other methods alone", async () => {
        const settings = (id: string, methodPath: string, throttlingBurstLimit: number) =>
            resource("aws:apigateway/methodSettings:MethodSettings", id, {
                restApi: "api1234567",
                stageName: "live",
                methodPath,
                settings: { throttlingRateLimit: 1, throttlingBurstLimit },
            });
        api = await startApi({
            paths: { "/": { get: proxy() }, "/a/{id}": { get: proxy() }, "/b": { get: proxy() } },
            resources: [settings("all", "*/*", 2), settings("root", "/GET", 1), settings("one", "a/{id}/GET", 1)],
        });

        assert.deepEqual(await statuses(2, "/"), [200, 429]);
        assert.deepEqual(await statuses(2, "/a/1"), [200, 429]);
        assert.deepEqual(await statuses(3, "/b"), [200, 200, 429]);
    });

    it("of a plan go before the plan's own", async () => {
        const security = [{ key: [] }];
        api = await startApi({
            paths: { "/a": { get: proxy({ security }) }, "/b": { get: proxy({ security }) } },
            body: { components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-API-KEY" } } } },
            resources: keysAndPlan({
                apiStages: [
                    {
                        apiId: "api1234567",
                        stage: "live",
                        throttles: [{ path: "/a/GET", rateLimit: 1, burstLimit: 1 }],
                    },
                ],
                throttleSettings: { rateLimit: 1, burstLimit: 2 },
            }),
        });
        const headers = { "x-api-key": "b".repeat(40) };

        assert.deepEqual(await statuses(2, "/a", headers), [200, 429]);
        assert.deepEqual(await statuses(3, "/b", headers), [200, 200, 429]);
    });
});

describe("API Gateway: bodies and headers at the edge", () => {
    let api: TestApi;
    before(async () => {
        api = await startApi({
            paths: {
                "/x": { get: proxy(), post: proxy() },
                "/strict": { get: mock({}) },
                "/text": {
                    get: mock({ contentHandling: "CONVERT_TO_TEXT" }),
                    post: mock({ contentHandling: "CONVERT_TO_TEXT", passthroughBehavior: "never" }),
                },
            },
            body: {
                "x-amazon-apigateway-binary-media-types": ["*/*"],
                "x-amazon-apigateway-minimum-compression-size": 100,
            },
        });
    });
    after(() => api.close());
    beforeEach(() => (api.invocations.length = 0));

    it("turn away an endless body as soon as it is over 10 MB, in plain text and without invoking", async () => {
        const reply = await new Promise<[number | undefined, string]>((resolve, reject) => {
            const request = http.request(`${api.url}/x`, { method: "POST", agent: false }, (response) => {
                let text = "";
                response
                    .on("data", (chunk: Buffer) => (text += chunk.toString()))
                    .on("end", () => resolve([response.statusCode, text]));
            });
            request.on("error", reject);
            for (let sent = 0; sent < 11; sent++) {
                request.write(Buffer.alloc(1_048_576));
            }
            request.end();
        });

        assert.deepEqual(reply, [413, "HTTP content length exceeded 10485760 bytes."]);
        assert.equal(api.invocations.length, 0);
    });

    it("answer 500 for a mock whose template would have to read bytes, unless they are converted to text", async () => {
        const strict = await api.send("/strict");
        const text = await api.send("/text");
        const otherType = await api.send("/text", { method: "POST", headers: { "content-type": "text/csv" } });

        assert.deepEqual([strict.status, strict.text], [500, '{"message":"Internal server error"}']);
        assert.deepEqual([text.status, JSON.parse(text.text)], [200, { id: text.headers["x-amzn-requestid"] }]);
        assert.equal(text.headers["x-amzn-trace-id"], undefined);
        assert.equal(otherType.status, 415);
    });

    it("answer 502 for a header that HTTP can't carry, and serve the next request", async () => {
        api.answer({ statusCode: 200, headers: { "x-bad": "a\r\nset-cookie: stolen=1" } });
        const bad = await api.send("/x");
        api.answer({ statusCode: 200, body: "fine" });
        const good = await api.send("/x");

        assert.deepEqual([bad.status, bad.headers["set-cookie"], good.text], [502, undefined, "fine"]);
    });

    it("keep the gateway's own headers, under another name where the function sets them", async () => {
        api.answer({
            statusCode: 200,
            body: "1234",
            headers: { "Content-Length": "1", Connection: "close", "Transfer-Encoding": "chunked" },
        });

        const { text, headers } = await api.send("/x");

        assert.deepEqual(
            [text, headers["x-amzn-remapped-content-length"], headers["x-amzn-remapped-connection"]],
            ["1234", "1", "close"],
        );
        assert.equal(headers["transfer-encoding"], undefined);
    });

    it("treat names that objects inherit as names like any other", async () => {
        api.answer({ statusCode: 200, headers: { constructor: "r" } });

        const reply = await api.send("/x?__proto__=q", { headers: { ["__proto__"]: "h", constructor: "c" } });

        const { headers, queryStringParameters } = api.invocations[0].event;
        assert.deepEqual(
            [headers["__proto__"], headers["constructor"], queryStringParameters!["__proto__"]],
            ["h", "c", "q"],
        );
        assert.equal(reply.headers["constructor"], "r");
    });

    it("pack an answer for a client that takes it packed, and unpack a packed body", async () => {
        api.answer({ statusCode: 200, body: "a".repeat(200) });
        const packed = await api.send("/x", {
            method: "POST",
            body: zlib.gzipSync("hello"),
            headers: { "content-encoding": "gzip", "accept-encoding": "gzip" },
        });
        const plain = await api.send("/x");
        const broken = await api.send("/x", {
            method: "POST",
            body: "no gzip",
            headers: { "content-encoding": "gzip" },
        });

        assert.deepEqual(
            [packed.headers["content-encoding"], zlib.gunzipSync(packed.body).toString()],
            ["gzip", "a".repeat(200)],
        );
        assert.equal(Buffer.from(api.invocations[0].event.body!, "base64").toString(), "hello");
        assert.equal(api.invocations[0].event.headers["content-encoding"], undefined);
        assert.deepEqual([plain.headers["content-encoding"], plain.text.length, broken.status], [undefined, 200, 400]);
    });

    it("survive a client that goes away in the middle of its body, and log it without a status", async () => {
        api.logged.length = 0;
        const socket = net.connect(Number(new URL(api.url).port), "127.0.0.1");
        socket.write(`POST ${new URL(api.url).pathname}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345`);
        await once(api.server, "request");
        socket.destroy();
        await once(socket, "close");
        const { status } = await api.send("/x");

        assert.equal(status, 200);
        assert.equal(api.invocations.length, 1);
        assert.deepEqual(
            api.logged.map((line) => (JSON.parse(line) as { status: string }).status),
            ["-", "200"],
        );
    });
});
