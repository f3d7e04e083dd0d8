import * as assert from "node:assert/strict";
import { ACCOUNT, proxy, REGION, roleArn, startApi, type Reply, type TestApi } from "./support/api";
import { keysOf, sendSigned } from "./support/signing";

const AUTHORIZER = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:authorize`;
const securitySchemes = {
    sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
    gate: {
        ...{ type: "apiKey", name: "x-token", in: "header", "x-amazon-apigateway-authtype": "custom" },
        "x-amazon-apigateway-authorizer": {
            type: "token",
            authorizerUri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${AUTHORIZER}/invocations`,
            authorizerResultTtlInSeconds: 0,
        },
    },
};
const statement = (Effect: string, path: string, Principal: unknown = "*", more: object = {}) => ({
    ...{ Effect, Principal, Action: "execute-api:Invoke", Resource: `execute-api:/live/GET/${path}`, ...more },
});
const messageOf = ({ text }: Reply) => (JSON.parse(text) as { Message: string }).Message;

describe("API Gateway: resource policies", () => {
    let api: TestApi;
    afterEach(() => api.close());

    const start = async (...Statement: object[]) => {
        const guarded = (name: string) => ({ get: proxy({ security: [{ [name]: [] }] }) });
        const allow = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
        api = await startApi({
            paths: { "/open": { get: proxy(), post: proxy() }, "/iam": guarded("sigv4"), "/gate": guarded("gate") },
            body: {
                components: { securitySchemes },
                ...(Statement.length > 0 ? { "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement } } : {}),
            },
            roles: { able: [allow], named: [], other: [], banned: [{ ...allow, Effect: "Deny" }] },
        });
    };
    const open = (userAgent = "tests") => api.send("/open", { headers: { "user-agent": userAgent } });
    const iam = (role: string) => sendSigned(api, { path: "/iam", keys: keysOf(api, role) });

    it("answer 403 Access Denied to everyone whom the policy does not let in, where a method asks nobody else", async () => {
        await start(statement("Allow", "open"), {
            ...statement("Deny", "open", "*", { Condition: { StringLike: { "aws:UserAgent": "bad*" } } }),
        });

        const allowed = await open();
        const implicit = await api.send("/open", { method: "POST" });
        const explicit = await open("bad one");

        assert.equal(allowed.status, 200);
        const arn = `arn:aws:execute-api:${REGION}:********9012:api1234567/live`;
        const message = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: ";
        assert.deepEqual(
            [implicit.status, implicit.headers["x-amzn-errortype"], messageOf(implicit)],
            [
                403,
                "AccessDeniedException",
                `${message}${arn}/POST/open because no resource-based policy allows the execute-api:Invoke action`,
            ],
        );
        assert.equal(messageOf(explicit), `${message}${arn}/GET/open with an explicit deny in a resource-based policy`);
        assert.equal(api.invocations.length, 1);
    });

    // Table A of the Developer Guide: the role's policy, the API's, and what comes of them.
    const table: [string, string, object | undefined, number][] = [
        ["able", "says nothing", undefined, 200],
        ["able", "allows", statement("Allow", "iam"), 200],
        ["able", "denies", statement("Deny", "iam"), 403],
        ["named", "says nothing", undefined, 403],
        ["named", "allows", statement("Allow", "iam", { AWS: roleArn("named") }), 200],
        ["named", "allows somebody else", statement("Allow", "iam", { AWS: roleArn("other") }), 403],
        ["named", "denies", statement("Deny", "iam"), 403],
        ["banned", "allows", statement("Allow", "iam"), 403],
    ];
    const own: Record<string, string> = { able: "allowed", named: "neither allowed nor denied", banned: "denied" };
    for (const [role, says, extra, expected] of table) {
        it(`answer ${expected} to a signer whose own policies have it ${own[role]} when the API's policy ${says}`, async () => {
            await start(statement("Allow", "open"), ...(extra ? [extra] : []));

            assert.equal((await iam(role)).status, expected);
        });
    }

    it("deny by the signer's ARN whom a condition does not name, though its own policy allows", async () => {
        const Condition = { ArnNotEquals: { "aws:PrincipalArn": [roleArn("named")] } };
        await start(statement("Allow", "iam", { AWS: roleArn("named") }), statement("Deny", "iam", "*", { Condition }));

        const [named, able] = [await iam("named"), await iam("able")];

        assert.deepEqual([named.status, able.status], [200, 403]);
        assert.match(messageOf(able), /assumed-role\/able\/one .* with an explicit deny in a resource-based policy$/);
    });

    const ELSEWHERE = "arn:aws:execute-api:*:*:none/*";

    /** Calls the method behind the authorizer, which answers with such a statement. */
    const gate = (effect: string, resource = "*") => {
        const Statement = [{ Effect: effect, Action: "execute-api:Invoke", Resource: resource }];
        const answer = { principalId: "ada", policyDocument: { Version: "2012-10-17", Statement } };
        api.answer(({ functionName }) =>
            Promise.resolve({ payload: JSON.stringify(functionName === AUTHORIZER ? answer : { statusCode: 200 }) }),
        );
        return api.send("/gate", { headers: { "x-token": "t" } });
    };

    it("unite with what a function says: one Allow lets in, a Deny of either does not", async () => {
        await start(statement("Allow", "open"));
        const silent = [await gate("Allow"), await gate("Allow", ELSEWHERE), await gate("Deny")];
        await api.close();
        await start(statement("Allow", "gate"));
        const allowing = [await gate("Allow"), await gate("Allow", ELSEWHERE), await gate("Deny")];

        assert.deepEqual(
            [silent, allowing].map((replies) => replies.map(({ status }) => status)),
            [
                [200, 403, 403],
                [200, 200, 403],
            ],
        );
    });

    it("deny before a function is asked", async () => {
        await start(statement("Deny", "gate"));

        const reply = await gate("Allow");

        assert.equal(reply.status, 403);
        assert.match(
            messageOf(reply),
            /^User: anonymous .*GET\/gate with an explicit deny in a resource-based policy$/,
        );
        assert.equal(api.invocations.length, 0);
    });

    it("stop the start when they are no policies", async () => {
        await assert.rejects(start({ Effect: "Perhaps" }), /The resource policy of .*api1234567: .* statement 1/);
        await start();
    });
});
