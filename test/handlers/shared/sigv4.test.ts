import * as assert from "node:assert/strict";
import { mock } from "node:test";
import { databaseToken, requestSigner, type UnsignedRequest } from "../../../handlers/shared/sigv4";
import { isAwsError } from "../../../local/errors";
import { createCredentials, type IssuedCredentials } from "../../../local/gateway/credentials";
import { readSignature } from "../../../local/sigv4/signature";
import { EMPTY_HASH } from "../../../local/sigv4/signing";
import { verify } from "../../../local/sigv4/verify";
import { role, startAuthServer, type AuthServer } from "../../local/sigv4/support/authServer";

/** Makes a signer as a function with these credentials does. */
function asFunction<T>(keys: IssuedCredentials, make: () => T): T {
    const variables = {
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
    };
    const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, variables);
    try {
        return make();
    } finally {
        for (const [name, value] of before) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
        }
    }
}

describe("a request signed by a function", () => {
    let server: AuthServer;
    let sign: ReturnType<typeof requestSigner>;
    let report: UnsignedRequest & { body: string };
    before(async () => {
        server = await startAuthServer();
        sign = asFunction(server.keys, () => requestSigner("execute-api"));
        report = {
            method: "POST",
            url: `${server.url}/dev/update-status?b=2&a=1%2F2`,
            headers: { "content-type": "application/json", "x-request-id": "r-1" },
            body: '{"name":"ä"}',
        };
    });
    after(() => server.close());

    const send = async (headers: Record<string, string>, changed: Partial<UnsignedRequest> = {}) => {
        const { url, method, body } = { ...report, ...changed };
        const response = await fetch(url, { method, headers, body });
        await response.arrayBuffer();
        return `${response.status} ${response.headers.get("x-amzn-errortype") ?? "let in"}`;
    };

    it("is let in as the function's role, for the service and the function's region", async () => {
        assert.equal(await send(await sign(report)), "200 let in");

        const { call, body } = server.last();
        assert.deepEqual(call.principal, role);
        assert.deepEqual([call.service, call.region], ["execute-api", "eu-central-1"]);
        assert.equal(call.headers["x-request-id"], "r-1");
        assert.equal(body.toString(), report.body);
    });

    it("may have no body", async () => {
        const { url } = report;
        const headers = await sign({ method: "GET", url, headers: {} });

        assert.equal(await send(headers, { method: "GET", body: undefined }), "200 let in");
    });

    const tampered: Record<string, Partial<UnsignedRequest> | (() => Partial<UnsignedRequest>)> = {
        body: { body: '{"name":"o"}' },
        path: () => ({ url: `${server.url}/dev/consult-status?b=2&a=1%2F2` }),
        query: () => ({ url: `${server.url}/dev/update-status?b=3&a=1%2F2` }),
    };
    for (const [part, changed] of Object.entries(tampered)) {
        it(`is refused with another ${part}`, async () => {
            const headers = await sign(report);

            const answer = await send(headers, typeof changed === "function" ? changed() : changed);

            assert.match(answer, /^403 .*Signature/);
        });
    }

    it("is refused with another value of a header that the function gave", async () => {
        const headers = await sign(report);

        assert.match(await send({ ...headers, "x-request-id": "r-2" }), /^403 .*Signature/);
    });

    it("is refused without the session's token, and with another one", async () => {
        const headers = await sign(report);
        const { "x-amz-security-token": token, ...rest } = headers;

        assert.equal(token, server.keys.sessionToken);
        assert.match(await send(rest), /^403 /);
        assert.match(await send({ ...headers, "x-amz-security-token": `${token}x` }), /^403 /);
    });
});

describe("a token for a database", () => {
    const host = "abcdefghijklmnopqrstuvwxyz.dsql.eu-central-1.on.aws";
    const credentials = createCredentials();
    const keys = credentials.issue(role, { durationSeconds: 3600 });
    const tokenOf = (action: "DbConnect" | "DbConnectAdmin") => asFunction(keys, () => databaseToken(host, action))();

    /** Who presents the token, as a server of that host name finds out. */
    const verified = (token: string, { now = Date.now(), at = host } = {}) => {
        const { pathname, search } = new URL(`https://${token}`);
        const request = { method: "GET", url: pathname + search, headers: new Map([["host", at]]) };
        return verify(request, readSignature(request)!, credentials, { now, payloadHash: EMPTY_HASH });
    };
    const isRefused = (action: () => unknown) =>
        assert.throws(action, (error: unknown) => isAwsError(error) && error.status === 403);

    it("proves the function's role to the host, for DSQL in the function's region", async () => {
        const { principal, signature } = verified(await tokenOf("DbConnect"));

        assert.deepEqual(principal, role);
        assert.deepEqual([signature.service, signature.region], ["dsql", "eu-central-1"]);
        assert.deepEqual(signature.signedHeaders, ["host"]);
    });

    it("has no scheme, begins with the host, and names the action", async () => {
        for (const action of ["DbConnect", "DbConnectAdmin"] as const) {
            const token = await tokenOf(action);

            assert.ok(token.startsWith(`${host}/?`));
            assert.equal(new URL(`https://${token}`).searchParams.get("Action"), action);
        }
    });

    it("is good for 15 minutes", async () => {
        const token = await tokenOf("DbConnect");
        const { time, expires } = readSignature({ method: "GET", url: token, headers: new Map() })!;

        assert.equal(expires, 900);
        verified(token, { now: time + 899_000 });
        isRefused(() => verified(token, { now: time + 901_000 }));
    });

    it("is refused for another action, and by another host", async () => {
        const token = await tokenOf("DbConnect");

        isRefused(() => verified(token.replace("Action=DbConnect", "Action=DbConnectAdmin")));
        isRefused(() => verified(token, { at: `other${host}` }));
    });

    afterEach(() => mock.timers.reset());

    it("is made anew for each connection", async () => {
        const make = asFunction(keys, () => databaseToken(host, "DbConnect"));
        const now = Date.UTC(2026, 0, 31);
        mock.timers.enable({ apis: ["Date"], now });

        const first = await make();
        mock.timers.tick(3_600_000);
        const second = await make();

        assert.equal(verified(first, { now }).signature.time, now);
        assert.equal(verified(second, { now: now + 3_600_000 }).signature.time, now + 3_600_000);
    });
});
