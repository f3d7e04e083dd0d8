import * as assert from "node:assert/strict";
import { awsError } from "../../../local/errors";
import { proxy, startApi, type TestApi } from "./support/api";

describe("API Gateway: what a function may answer", () => {
    let api: TestApi;
    before(async () => {
        api = await startApi({
            paths: {
                "/x": { get: proxy(), head: proxy() },
                "/slow": { get: proxy({ integration: { timeoutInMillis: 50 } }) },
            },
            body: { "x-amazon-apigateway-binary-media-types": ["image/png"] },
        });
    });
    after(() => api.close());

    it("is sent with its status, body and headers, and the ids of the request", async () => {
        api.answer({ statusCode: 201, headers: { "X-Own": "1", flag: true }, body: '{"a":1}' });

        const { status, text, headers } = await api.send("/x");

        assert.deepEqual([status, text, headers["x-own"], headers.flag], [201, '{"a":1}', "1", "true"]);
        assert.equal(headers["content-type"], "application/json");
        assert.match(headers["x-amzn-requestid"] as string, /^[0-9a-f-]{36}$/);
        assert.ok(headers["x-amz-apigw-id"]);
        assert.match(headers["x-amzn-trace-id"] as string, /^Root=1-/);
    });

    const accepted: [string, object, number][] = [
        ["no body", { statusCode: 200 }, 200],
        ["headers without a status", { headers: { a: "b" } }, 200],
        ["a status as text", { statusCode: "201" }, 201],
        ["headers of null", { statusCode: 200, headers: null }, 200],
    ];
    for (const [what, reply, status] of accepted) {
        it(`may have ${what}`, async () => {
            api.answer(reply);

            assert.equal((await api.send("/x")).status, status);
        });
    }

    const refused: [string, object | string][] = [
        ["an empty object", {}],
        ["a status that is no number", { statusCode: "test" }],
        ["a key that is unknown", { statusCode: 200, wrongValue: 1 }],
        ["a text", '"done"'],
        ["null", "null"],
        ["no JSON", "done"],
        ["several values of a header that are no list", { statusCode: 200, multiValueHeaders: { x: "v" } }],
    ];
    for (const [what, reply] of refused) {
        it(`is refused with 502 when it is or has ${what}`, async () => {
            api.answer(reply);

            const { status, text, headers } = await api.send("/x");

            assert.deepEqual([status, JSON.parse(text)], [502, { message: "Internal server error" }]);
            assert.equal(headers["x-amzn-errortype"], "InternalServerErrorException");
        });
    }

    it("may give a header in both maps: several values first", async () => {
        api.answer({ statusCode: 200, headers: { "X-A": "solo" }, multiValueHeaders: { "x-a": ["multi"] } });

        assert.equal((await api.send("/x")).headers["x-a"], "multi, solo");
    });

    it("is decoded from base64 only for a client that accepts a binary type", async () => {
        api.answer({
            statusCode: 200,
            isBase64Encoded: true,
            body: Buffer.from([1, 255]).toString("base64"),
            headers: { "content-type": "image/png" },
        });

        assert.deepEqual((await api.send("/x", { headers: { accept: "image/png" } })).body, Buffer.from([1, 255]));
        assert.equal((await api.send("/x", { headers: { accept: "text/html" } })).text, "Af8=");
    });

    it("has no body on the wire for HEAD", async () => {
        api.answer({ statusCode: 200, body: "body" });

        const { status, text } = await api.send("/x", { method: "HEAD" });

        assert.deepEqual([status, text], [200, ""]);
    });

    it("is 502 for a function that throws, 500 when Lambda refuses the call or has no room", async () => {
        const thrown = { errorType: "Error", errorMessage: "secret", trace: [] };
        api.answer(() => Promise.resolve({ payload: JSON.stringify(thrown), functionError: "Unhandled" as const }));
        const failed = await api.send("/x");
        api.answer(() => Promise.reject(awsError("AccessDeniedException", 403, "no")));
        const denied = await api.send("/x");
        api.answer(() => Promise.reject(awsError("TooManyRequestsException", 429, "no")));
        const throttled = await api.send("/x");

        assert.deepEqual([failed.status, failed.text.includes("secret")], [502, false]);
        assert.deepEqual([denied.status, JSON.parse(denied.text)], [500, { message: "Internal server error" }]);
        assert.equal(throttled.status, 500);
    });

    it("is 504 when the integration's time is over", async () => {
        let release: () => void = () => undefined;
        api.answer(() => new Promise((resolve) => (release = () => resolve({ payload: "{}" }))));

        const { status, text } = await api.send("/slow");

        assert.deepEqual([status, text], [504, '{"message":"Endpoint request timed out"}']);
        release();
    });
});
