import * as assert from "node:assert/strict";
import { awsError } from "../../../local/errors";
import type { Invocation, InvocationResult } from "../../../local/services/lambda/types";
import { ACCOUNT, proxy, REGION, startApi, type TestApi } from "./support/api";

const AUTHORIZER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:authorize`;
const secured = { security: [{ gate: [] }] };

function gate(more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            type: "request",
            authorizerUri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${AUTHORIZER}/invocations`,
            identitySource: "method.request.header.Authorization",
            authorizerResultTtlInSeconds: 300,
            ...more,
        },
    };
}

describe("API Gateway: Lambda authorizers", () => {
    let api: TestApi;
    afterEach(() => api.close());

    /** Starts the API with an authorizer that answers so; the integration always answers 200. */
    const start = async (
        answer: (invocation: Invocation) => object | Promise<InvocationResult>,
        more?: Record<string, unknown>,
    ) => {
        const paths = { "/x/{id}": { get: proxy(secured), post: proxy(secured) }, "/open": { get: proxy() } };
        api = await startApi({ paths, body: { components: { securitySchemes: { gate: gate(more) } } } });
        api.answer((invocation: Invocation) => {
            if (invocation.functionName !== AUTHORIZER) {
                return Promise.resolve({ payload: '{"statusCode":200}' });
            }
            const reply = answer(invocation);
            return reply instanceof Promise ? reply : Promise.resolve({ payload: JSON.stringify(reply) });
        });
    };
    const policy = (Effect: string, Resource = "*", context?: object) => ({
        principalId: "ada",
        policyDocument: { Version: "2012-10-17", Statement: [{ Effect, Action: "execute-api:Invoke", Resource }] },
        context,
    });
    const get = (target: string, token?: string) =>
        api.send(target, token ? { headers: { authorization: token } } : {});
    const asked = () => api.invocations.filter(({ functionName }) => functionName === AUTHORIZER).length;

    it("let in whom the function's policy allows, and tell the integration what it said, as texts", async () => {
        await start(() => policy("Allow", "*", { client: "acme", level: 3 }));

        const { status } = await get("/x/1?q=2", "Bearer t");

        assert.equal(status, 200);
        const [authorizer, integration] = api.invocations.map(({ event }) => event as unknown as Record<string, any>);
        assert.deepEqual(
            [authorizer.type, authorizer.methodArn, "body" in authorizer],
            ["REQUEST", `arn:aws:execute-api:${REGION}:${ACCOUNT}:api1234567/live/GET/x/1`, false],
        );
        assert.deepEqual(
            [authorizer.headers.Authorization, authorizer.pathParameters, authorizer.queryStringParameters],
            ["Bearer t", { id: "1" }, { q: "2" }],
        );
        const { principalId, client, level } = integration.requestContext.authorizer;
        assert.deepEqual([principalId, client, level], ["ada", "acme", "3"]);
        assert.match(api.invocations[0].sourceArn!, /:api1234567\/authorizers\/[0-9a-z]{6}$/);
    });

    it("are not asked where the method needs none, nor without the identity that they remember by", async () => {
        await start(() => policy("Allow"));

        assert.equal((await get("/open")).status, 200);
        const { status, text, headers } = await get("/x/1");

        assert.deepEqual(
            [status, text, headers["x-amzn-errortype"]],
            [401, '{"message":"Unauthorized"}', "UnauthorizedException"],
        );
        assert.equal(asked(), 0);
    });

    it("are asked once for an identity, until their answer is too old", async () => {
        await start(() => policy("Allow"));

        await get("/x/1", "one");
        await get("/x/2", "one");
        assert.equal(asked(), 1);
        await get("/x/1", "other");
        assert.equal(asked(), 2);
        api.pass(300_000);
        await get("/x/1", "one");
        assert.equal(asked(), 3);
    });

    it("are asked each time when they remember nothing", async () => {
        await start(() => policy("Allow"), { authorizerResultTtlInSeconds: 0 });

        await get("/x/1", "one");
        await get("/x/1", "one");

        assert.equal(asked(), 2);
    });

    it("have a remembered policy decide on every method, not only on the one that it was made for", async () => {
        await start(({ payload }) => policy("Allow", (JSON.parse(String(payload)) as { methodArn: string }).methodArn));

        assert.equal((await get("/x/1", "one")).status, 200);
        const other = await api.send("/x/1", { method: "POST", headers: { authorization: "one" } });

        assert.deepEqual(
            [other.status, JSON.parse(other.text)],
            [403, { Message: "User is not authorized to access this resource" }],
        );
        assert.equal(asked(), 1);
    });

    it("refuse by an explicit deny with 403, and by an error Unauthorized with 401", async () => {
        await start(() => policy("Deny"));
        const denied = await get("/x/1", "one");
        assert.deepEqual(
            [denied.status, denied.headers["x-amzn-errortype"], JSON.parse(denied.text)],
            [
                403,
                "AccessDeniedException",
                { Message: "User is not authorized to access this resource with an explicit deny" },
            ],
        );
        await api.close();

        const thrown = (errorMessage: string) => () =>
            Promise.resolve({
                payload: JSON.stringify({ errorType: "Error", errorMessage }),
                functionError: "Unhandled" as const,
            });
        await start(thrown("Unauthorized"));
        assert.equal((await get("/x/1", "one")).status, 401);
        await api.close();

        await start(thrown("no database"));
        const failed = await get("/x/1", "one");
        assert.deepEqual(
            [failed.status, failed.text, failed.headers["x-amzn-errortype"]],
            [500, '{"message":null}', "AuthorizerFailureException"],
        );
    });

    it("have a Deny remembered, and an error Unauthorized not", async () => {
        await start(() => policy("Deny"));
        assert.deepEqual(
            [(await get("/x/1", "one")).status, (await get("/x/2", "one")).status, asked()],
            [403, 403, 1],
        );
        await api.close();

        let known = false;
        const unauthorized = { errorType: "Error", errorMessage: "Unauthorized" };
        await start(() =>
            known
                ? policy("Allow")
                : Promise.resolve({ payload: JSON.stringify(unauthorized), functionError: "Unhandled" as const }),
        );
        const before = await get("/x/1", "one");
        known = true;

        assert.deepEqual([before.status, (await get("/x/1", "one")).status, asked()], [401, 200, 2]);
    });

    it("of type TOKEN see the token and the method alone, and are not asked about another kind of token", async () => {
        const token = { type: "token", identitySource: undefined, identityValidationExpression: "Bearer [a-z]+" };
        await start(() => policy("Allow", "*", { client: "acme" }), token);

        const statuses = [];
        for (const sent of ["Bearer abc", "Bearer abc", "Bearer 123", "x Bearer abc", undefined]) {
            statuses.push((await get("/x/1", sent)).status);
        }

        assert.deepEqual(statuses, [200, 200, 401, 401, 401]);
        assert.equal(asked(), 1);
        const [authorizer, integration] = api.invocations.map(({ event }) => event as unknown as Record<string, any>);
        assert.deepEqual(authorizer, {
            type: "TOKEN",
            methodArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:api1234567/live/GET/x/1`,
            authorizationToken: "Bearer abc",
        });
        assert.deepEqual(
            [integration.requestContext.authorizer.principalId, integration.requestContext.authorizer.client],
            ["ada", "acme"],
        );
    });

    const bad: [string, () => object | Promise<InvocationResult>][] = [
        ["no policy", () => ({ principalId: "ada" })],
        ["no principal", () => ({ policyDocument: policy("Allow").policyDocument })],
        ["a context that holds an object", () => policy("Allow", "*", { deep: {} })],
        [
            "a policy that is none",
            () => ({ principalId: "ada", policyDocument: { Statement: [{ Effect: "Perhaps" }] } }),
        ],
        ["no permission to be invoked", () => Promise.reject(awsError("AccessDeniedException", 403, "no"))],
    ];
    for (const [what, answer] of bad) {
        it(`answer 500 when the function has ${what}, and invoke nothing`, async () => {
            await start(answer);

            const { status, text, headers } = await get("/x/1", "one");

            assert.deepEqual(
                [status, text, headers["x-amzn-errortype"]],
                [500, '{"message":null}', "AuthorizerConfigurationException"],
            );
            assert.equal(api.invocations.length - asked(), 0);
        });
    }

    it("stop the start where they are of a kind that is not supported", async () => {
        await assert.rejects(
            start(() => ({}), { type: "cognito_user_pools" }),
            /GET \/x\/\{id\} asks for the authorizer gate \(custom, cognito_user_pools\), which is not supported by the local run yet\./,
        );
        api = await startApi({ paths: {} });
    });
});
