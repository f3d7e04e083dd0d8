import * as assert from "node:assert/strict";
import { keysAndPlan, proxy, resource, startApi, type TestApi } from "./support/api";

const keyed = { "/x": { get: proxy({ security: [{ key: [] }] }) }, "/open": { get: proxy() } };
const body = {
    components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "x-api-key" } } },
    "x-amazon-apigateway-gateway-responses": {
        DEFAULT_4XX: {
            responseParameters: {
                "gatewayresponse.header.x-request-id": "context.requestId",
                "gatewayresponse.header.Origin-Is": "'*'",
            },
        },
        QUOTA_EXCEEDED: {
            statusCode: "402",
            responseTemplates: { "application/json": '{"why":"$context.error.responseType"}' },
        },
    },
};
const withKey = (name: string) => ({ headers: { "X-API-Key": name[0].repeat(40) } });

describe("API Gateway: API keys, throttles and quotas", () => {
    let api: TestApi;
    afterEach(() => api.close());
    const statuses = async (count: number, target: string, key?: string) => {
        const replies: number[] = [];
        for (let index = 0; index < count; index++) {
            replies.push((await api.send(target, key ? withKey(key) : {})).status);
        }
        return replies;
    };

    it("let in a key of the stage's plan, and name it in the event", async () => {
        api = await startApi({ paths: keyed, body, resources: keysAndPlan({}) });

        const { status } = await api.send("/x", withKey("blue"));

        assert.equal(status, 200);
        const { identity } = api.invocations[0].event.requestContext;
        assert.deepEqual([identity.apiKeyId, identity.apiKey], ["blue", "b".repeat(40)]);
    });

    it("refuse no key, an unknown one, and one of no plan, alike and without invoking", async () => {
        api = await startApi({ paths: keyed, body, resources: keysAndPlan({}) });

        for (const headers of [{}, { "x-api-key": "unknown" }, withKey("spare").headers]) {
            const reply = await api.send("/x", { headers });
            assert.deepEqual([reply.status, reply.text], [403, '{"message":"Forbidden"}']);
            assert.equal(reply.headers["x-amzn-errortype"], "ForbiddenException");
        }
        assert.equal(api.invocations.length, 0);
    });

    it("refuse a key that is disabled", async () => {
        const keys = keysAndPlan({}).filter(({ id }) => id !== "blue");
        const disabled = resource("aws:apigateway/apiKey:ApiKey", "blue", { value: "b".repeat(40), enabled: false });
        api = await startApi({ paths: keyed, body, resources: [disabled, ...keys] });

        assert.deepEqual(await statuses(1, "/x", "blue"), [403]);
    });

    it("let a key send its burst, refill it by the rate, and leave the other key alone", async () => {
        api = await startApi({
            paths: keyed,
            body,
            resources: keysAndPlan({ throttleSettings: { rateLimit: 2, burstLimit: 3 } }),
        });

        assert.deepEqual(await statuses(5, "/x", "blue"), [200, 200, 200, 429, 429]);
        assert.deepEqual(await statuses(1, "/x", "green"), [200]);
        api.pass(1_000);
        assert.deepEqual(await statuses(3, "/x", "blue"), [200, 200, 429]);
    });

    it("answer a throttled request with API Gateway's 429, with the customised headers and the request's id", async () => {
        api = await startApi({
            paths: keyed,
            body,
            resources: keysAndPlan({ throttleSettings: { rateLimit: 1, burstLimit: 1 } }),
        });
        await statuses(1, "/x", "blue");

        const { status, text, headers } = await api.send("/x", withKey("blue"));

        assert.deepEqual([status, text], [429, '{"message":"Too Many Requests"}']);
        assert.equal(headers["x-amzn-errortype"], "TooManyRequestsException");
        assert.equal(headers["x-request-id"], headers["x-amzn-requestid"]);
        assert.equal(headers["origin-is"], "*");
        assert.equal(headers["retry-after"], undefined);
    });

    it("limit all callers of the stage together", async () => {
        const settings = {
            restApi: "api1234567",
            stageName: "live",
            methodPath: "*/*",
            settings: { throttlingRateLimit: 1, throttlingBurstLimit: 2 },
        };
        api = await startApi({
            paths: keyed,
            body,
            resources: [resource("aws:apigateway/methodSettings:MethodSettings", "m", settings)],
        });

        assert.deepEqual(await statuses(3, "/open"), [200, 200, 429]);
        api.pass(1_000);
        assert.deepEqual(await statuses(2, "/open"), [200, 429]);
    });

    it("count a quota by key, do not count what was throttled, and begin anew with the month", async () => {
        const plan = {
            quotaSettings: { limit: 2, period: "MONTH" },
            throttleSettings: { rateLimit: 1, burstLimit: 1 },
        };
        api = await startApi({ paths: keyed, body, resources: keysAndPlan(plan) });

        assert.deepEqual(await statuses(2, "/x", "blue"), [200, 429]);
        api.pass(1_000);
        assert.deepEqual(await statuses(1, "/x", "blue"), [200], "the throttled one was not counted");
        api.pass(1_000);
        const { status, text } = await api.send("/x", withKey("blue"));
        assert.deepEqual([status, text], [402, '{"why":"QUOTA_EXCEEDED"}'], "as the body customises it");
        assert.deepEqual(await statuses(1, "/x", "green"), [200]);
        api.pass(31 * 86_400_000);
        assert.deepEqual(await statuses(1, "/x", "blue"), [200]);
    });

    it("take the offset off the first period", async () => {
        api = await startApi({
            paths: keyed,
            body,
            resources: keysAndPlan({ quotaSettings: { limit: 3, offset: 2, period: "DAY" } }),
        });

        assert.deepEqual(await statuses(2, "/x", "blue"), [200, 402]);
        api.pass(86_400_000);
        assert.deepEqual(await statuses(4, "/x", "blue"), [200, 200, 200, 402]);
    });

    it("remember a quota over a restart", async () => {
        const resources = keysAndPlan({ quotaSettings: { limit: 1, period: "MONTH" } });
        const first = await startApi({ paths: keyed, body, resources });
        await first.send("/x", withKey("blue"));
        await first.close(true);

        api = await startApi({ paths: keyed, body, resources, dataDir: first.dataDir });

        assert.deepEqual(await statuses(1, "/x", "blue"), [402]);
    });
});

describe("API Gateway: validators and mocks", () => {
    let api: TestApi;
    before(async () => {
        const validators = { all: { validateRequestBody: true, validateRequestParameters: true } };
        const parameters = [{ name: "q", in: "query", required: true, schema: { type: "string" } }];
        const schema = { type: "object", required: ["a"], properties: { a: { type: "integer", minimum: 1 } } };
        api = await startApi({
            paths: {
                "/checked": {
                    post: proxy({
                        "x-amazon-apigateway-request-validator": "all",
                        parameters,
                        requestBody: { content: { "application/json": { schema } } },
                    }),
                },
                "/mock": {
                    options: {
                        responses: {
                            "204": {
                                description: "",
                                headers: { "Access-Control-Allow-Origin": { schema: { type: "string" } } },
                            },
                        },
                        "x-amazon-apigateway-integration": {
                            type: "mock",
                            requestTemplates: { "application/json": '{"statusCode": 204}' },
                            responses: {
                                "204": {
                                    statusCode: "204",
                                    responseParameters: {
                                        "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
                                    },
                                },
                            },
                        },
                    },
                },
            },
            body: { "x-amazon-apigateway-request-validators": validators },
        });
    });
    after(() => api.close());
    const post = (target: string, body: string) =>
        api.send(target, { method: "POST", body, headers: { "content-type": "application/json" } });

    it("refuse a request without what is required, parameters first, and a body that does not fit", async () => {
        const noParameter = await post("/checked", "{}");
        const noBody = await post("/checked?q=1", "");
        const wrong = await post("/checked?q=1", '{"a":0}');
        const right = await post("/checked?q=1", '{"a":1}');

        assert.deepEqual(
            [noParameter.status, noParameter.text],
            [400, '{"message":"Missing required request parameters: [q]"}'],
        );
        assert.deepEqual([noBody.status, noBody.text], [400, '{"message":"Invalid request body"}']);
        assert.deepEqual([wrong.status, right.status], [400, 200]);
        assert.equal(wrong.headers["x-amzn-errortype"], "BadRequestException");
        assert.equal(api.invocations.length, 1);
    });

    it("answer by a mock without invoking anything", async () => {
        const { status, headers } = await api.send("/mock", { method: "OPTIONS" });

        assert.deepEqual([status, headers["access-control-allow-origin"]], [204, "https://a.example"]);
    });
});

describe("API Gateway: bodies that it does not import", () => {
    const refused: [string, Record<string, unknown>, Record<string, unknown>, RegExp][] = [
        ["a path with a parameter in a part of a segment", { "/x-{id}": { get: proxy() } }, {}, /x-\{id\}/],
        [
            "an operation without an integration",
            { "/x": { get: { responses: {} } } },
            {},
            /GET \/x has no x-amazon-apigateway-integration/,
        ],
        ["security at the root", { "/x": { get: proxy() } }, { security: [{ key: [] }] }, /root of the body/],
        [
            "a scheme that is not defined",
            { "/x": { get: proxy({ security: [{ nobody: [] }] }) } },
            {},
            /security scheme nobody/,
        ],
        ["another version of OpenAPI", {}, { openapi: "3.1.0" }, /OpenAPI 3\.1\.0/],
        [
            "an HTTP integration",
            { "/x": { get: proxy({ integration: { type: "http" } }) } },
            {},
            /type http, which is not supported by the local run yet/,
        ],
        [
            "a timeout beyond 29 s",
            { "/x": { get: proxy({ integration: { timeoutInMillis: 30_000 } }) } },
            {},
            /timeoutInMillis of 30000/,
        ],
    ];
    for (const [what, paths, body, message] of refused) {
        it(`stop the start with a sentence: ${what}`, async () => {
            await assert.rejects(startApi({ paths, body }), message);
        });
    }
});
