import * as assert from "node:assert/strict";
import { signHeaders } from "../../support/sign";
import { ACCOUNT, proxy, REGION, START, startApi, type Reply, type TestApi } from "./support/api";
import {
    keysOf,
    presignedTarget,
    sendSigned,
    signedHeaders,
    YEARS,
    type Keys,
    type SignedRequest,
} from "./support/signing";

const ARN = `arn:aws:execute-api:${REGION}:${ACCOUNT}:api1234567/live`;
const signed = { security: [{ sigv4: [] }] };
const sigv4 = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" };
const invoke = (Resource: string, Effect = "Allow") => ({ Effect, Action: "execute-api:Invoke", Resource });

describe("API Gateway: methods that IAM authorises", () => {
    let api: TestApi;
    let caller: Keys & { sessionToken: string };

    const start = async (body: Record<string, unknown> = {}) => {
        api = await startApi({
            paths: {
                "/open": { get: proxy() },
                "/status/{id}": { get: proxy(signed), post: proxy(signed) },
                "/ext": { get: proxy({ "x-amazon-apigateway-auth": { type: "AWS_IAM" } }) },
            },
            body: { components: { securitySchemes: { sigv4 } }, ...body },
            roles: {
                caller: [invoke(`${ARN}/*/status/*`), invoke(`${ARN}/GET/ext`), invoke(`${ARN}/GET/status/9`, "Deny")],
                stranger: [],
            },
            logFormat: [
                "$context.identity.userArn $context.identity.caller $context.identity.user $context.identity.accountId",
                "$context.error.responseType $context.error.messageString",
            ].join(" "),
        });
        caller = keysOf(api, "caller");
    };
    beforeEach(() => start());
    afterEach(() => api.close());

    const send = (request: Partial<SignedRequest> = {}) =>
        sendSigned(api, { path: "/status/1", keys: caller, ...request });
    const outcome = ({ status, headers, text }: Reply) => [status, headers["x-amzn-errortype"], JSON.parse(text)];
    const refused = (reply: Reply, errorType: string, body: unknown) => {
        assert.deepEqual(outcome(reply), [403, errorType, body]);
        assert.equal(api.invocations.length, 0);
    };

    it("let in a role that its own policy allows, by AWS's signer with a body, a query and characters to be encoded", async () => {
        const query = { q: "a b&c", "": "x" };

        const posted = await send({ method: "POST", path: "/status/a%20b~(1)", query, body: '{"state":"Überholt"}' });
        const extended = await send({ path: "/ext" });

        assert.deepEqual([posted.status, extended.status], [200, 200]);
        assert.equal(api.invocations[0].event.body, '{"state":"Überholt"}');
    });

    it("compute the body's hash where the client does not send it, and take another signer's", async () => {
        const request = { method: "POST", body: '{"state":"good"}' };
        const bare = { path: "/status/1", keys: caller, applyChecksum: false, ...request };
        const headers = signHeaders(
            { url: `${api.url}/status/1`, ...request },
            { keys: caller, service: "execute-api", region: REGION, date: START },
        );

        const unhashed = await send(bare);
        const tampered = await api.send("/status/1", {
            ...request,
            body: "{}",
            headers: await signedHeaders(api, bare),
        });
        const other = await api.send("/status/1", { ...request, headers });

        assert.ok(!("x-amz-content-sha256" in (await signedHeaders(api, bare))));
        assert.deepEqual([unhashed.status, tampered.status, other.status], [200, 403, 200]);
        assert.equal(tampered.headers["x-amzn-errortype"], "InvalidSignatureException");
    });

    it("take a signature in the query, and refuse it when it is too old or the query was changed", async () => {
        const target = await presignedTarget(api, { path: "/status/1", query: { q: "1" }, keys: caller });

        const fresh = await api.send(target);
        const changed = await api.send(target.replace("q=1", "q=2"));
        api.pass(61_000);
        const old = await api.send(target);

        assert.equal(fresh.status, 200);
        assert.equal(changed.headers["x-amzn-errortype"], "InvalidSignatureException");
        assert.deepEqual(
            [old.status, old.headers["x-amzn-errortype"], /Signature expired/.test(old.text)],
            [403, "InvalidSignatureException", true],
        );
        assert.deepEqual(api.invocations[0].event.queryStringParameters?.q, "1");
        assert.ok(!JSON.stringify(api.invocations[0].event).includes(encodeURIComponent(caller.sessionToken)));
    });

    it("refuse a request without a signature as they refuse an unknown route, and leave others open", async () => {
        refused(await api.send("/status/1"), "MissingAuthenticationTokenException", {
            message: "Missing Authentication Token",
        });
        assert.equal((await api.send("/open")).status, 200);
    });

    it("refuse a header that is no signature with what is wrong in it, and without repeating it", async () => {
        const bearer = await api.send("/status/1", { headers: { authorization: "Bearer s3cret" } });
        refused(bearer, "IncompleteSignatureException", {
            message:
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'HsHCa1DV08WNlYMYGvgHZlX+AHVr9yhZQLo2cPmfy6A='.",
        });
        const partial = await api.send("/status/1", {
            headers: { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20260310/eu-west-1/execute-api/aws4_request" },
        });
        assert.match(
            (JSON.parse(partial.text) as { message: string }).message,
            /^Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\. \(Hashed .*=$/,
        );
        const headers = await signedHeaders(api, { path: "/status/1", keys: caller });
        const other = await api.send("/status/1", {
            headers: { ...headers, authorization: headers.authorization.replace("HMAC-SHA256", "HMAC-SHA512") },
        });
        assert.deepEqual([other.status, other.headers["x-amzn-errortype"]], [403, "IncompleteSignatureException"]);
    });

    const mismatch = /^The request signature we calculated does not match the signature you provided\./;
    const tampered: [string, (headers: Record<string, string>) => { path?: string; body?: string; method?: string }][] =
        [
            ["another body", () => ({ body: '{"state":"worse"}' })],
            ["another path", () => ({ path: "/status/2" })],
            ["another verb", () => ({ method: "GET" })],
            ["a header that was signed otherwise", (headers) => ((headers["content-type"] = "text/plain"), {})],
            [
                "a body that is announced as unsigned",
                (headers) => ((headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"), {}),
            ],
        ];
    for (const [what, change] of tampered) {
        it(`refuse a signature over ${what}`, async () => {
            const request = {
                method: "POST",
                body: '{"state":"good"}',
                headers: { "content-type": "application/json" },
            };
            const headers = await signedHeaders(api, { path: "/status/1", keys: caller, ...request });
            const { path = "/status/1", method = "POST", body = request.body } = change(headers);

            const reply = await api.send(path, { method, headers, body });

            assert.deepEqual([reply.status, reply.headers["x-amzn-errortype"]], [403, "InvalidSignatureException"]);
            assert.match((JSON.parse(reply.text) as { message: string }).message, mismatch);
            assert.equal(api.invocations.length, 0);
        });
    }

    it("refuse the right key with another secret", async () => {
        const { status, text } = await send({ keys: { ...caller, secretAccessKey: "another" } });

        assert.equal(status, 403);
        assert.match((JSON.parse(text) as { message: string }).message, mismatch);
    });

    it("refuse keys that nobody has, and a session without its token", async () => {
        const message = "The security token included in the request is invalid.";

        refused(await send({ keys: { ...caller, accessKeyId: "ASIANOBODY" } }), "UnrecognizedClientException", {
            message,
        });
        const { sessionToken: _, ...keys } = caller;
        refused(await send({ keys }), "UnrecognizedClientException", { message });
    });

    it("refuse a session that is over", async () => {
        refused(await send({ keys: keysOf(api, "caller", -YEARS) }), "ExpiredTokenException", {
            message: "The security token included in the request is expired",
        });
    });

    it("refuse a signature of another time, service or region", async () => {
        const past = await send({ date: new Date(START.getTime() - 16 * 60_000) });
        assert.match(
            (JSON.parse(past.text) as { message: string }).message,
            /^Signature expired: 20260310T114400Z is now/,
        );
        const future = await send({ date: new Date(START.getTime() + 16 * 60_000) });
        assert.match((JSON.parse(future.text) as { message: string }).message, /^Signature not yet current: /);
        refused(await send({ service: "s3", region: "us-east-1" }), "InvalidSignatureException", {
            message:
                "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'execute-api'. ",
        });
        assert.deepEqual([past.status, future.status], [403, 403]);
    });

    const denied = (role: string, path: string, why: string) => ({
        Message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/${role}/one is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:${REGION}:********9012:api1234567/live/GET${path} ${why}`,
    });

    it("refuse a role that no policy allows, one that its policy denies, and one that is not declared", async () => {
        const none = "because no identity-based policy allows the execute-api:Invoke action";

        refused(
            await send({ keys: keysOf(api, "stranger") }),
            "AccessDeniedException",
            denied("stranger", "/status/1", none),
        );
        refused(await send({ keys: keysOf(api, "gone") }), "AccessDeniedException", denied("gone", "/status/1", none));
        refused(
            await send({ path: "/status/9" }),
            "AccessDeniedException",
            denied("caller", "/status/9", "with an explicit deny in an identity-based policy"),
        );
        assert.deepEqual(
            api.traced.map(({ principal, decision }) => [principal.split("/")[1], decision]),
            [
                ["stranger", "implicitDeny"],
                ["gone", "implicitDeny"],
                ["caller", "explicitDeny"],
            ],
        );
    });

    it("tell the function and the access log who signed, and neither a secret", async () => {
        const reply = await send();

        const text = JSON.stringify(api.invocations[0].event);
        const { sourceIp: _, userAgent: __, ...identity } = api.invocations[0].event.requestContext.identity;
        const userArn = `arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`;
        assert.equal(reply.status, 200);
        assert.deepEqual(identity, {
            ...{ cognitoIdentityPoolId: null, cognitoIdentityId: null, principalOrgId: null },
            ...{ cognitoAuthenticationType: null, cognitoAuthenticationProvider: null },
            ...{ accessKey: caller.accessKeyId, accountId: ACCOUNT, userArn },
            ...{ caller: "AROACALLER:one", user: "AROACALLER:one" },
        });
        assert.ok(api.logged[0].startsWith(`${userArn} AROACALLER:one AROACALLER:one ${ACCOUNT} `));
        for (const secret of [caller.secretAccessKey, caller.sessionToken, "AWS4-HMAC-SHA256"]) {
            assert.ok(!text.includes(secret) && !api.logged.join("").includes(secret));
        }
    });

    it("let a customised answer replace each of their refusals", async () => {
        await api.close();
        const answer = (name: string) => ({ responseParameters: { "gatewayresponse.header.x-why": `'${name}'` } });
        const types = ["ACCESS_DENIED", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "MISSING_AUTHENTICATION_TOKEN"];
        await start({
            "x-amazon-apigateway-gateway-responses": Object.fromEntries(types.map((name) => [name, answer(name)])),
        });

        const replies = [
            await send({ keys: keysOf(api, "stranger") }),
            await send({ keys: { ...caller, secretAccessKey: "another" } }),
            await send({ keys: keysOf(api, "caller", -YEARS) }),
            await api.send("/status/1"),
        ];

        assert.deepEqual(
            replies.map(({ headers }) => headers["x-why"]),
            types,
        );
    });

    it("stop the start beside an authorizer of another kind", async () => {
        const custom = { ...sigv4, "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": {} };
        const uri = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:${ACCOUNT}:function:f/invocations`;
        const gate = { ...custom, "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: uri } };

        await assert.rejects(
            startApi({
                paths: { "/x": { get: proxy({ security: [{ sigv4: [], gate: [] }] }) } },
                body: { components: { securitySchemes: { sigv4, gate } } },
            }),
            /GET \/x asks for two authorizers/,
        );
    });
});
