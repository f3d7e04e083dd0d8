import * as assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/nested-clients/sts";
import { authenticate } from "../../../local/gateway/authenticate";
import { createCredentials } from "../../../local/gateway/credentials";
import { createAuthorizer } from "../../../local/iam/authorizer";
import { createIam } from "../../../local/services/iam/iam";
import { createSts } from "../../../local/services/sts/sts";
import { signedFetch, type Keys } from "../../support/sign";
import { resource, trustOf } from "./support/resources";

const account = "123456789012";
const arnOf = (role: string) => `arn:aws:iam::${account}:role/${role}`;
const adminKeys: Keys = { accessKeyId: "AKIAADMIN", secretAccessKey: "secret" };

/** Roles of this account by name, with whom they trust. */
const ROLES = {
    caller: trustOf({ Service: "lambda.amazonaws.com" }),
    trusting: trustOf({ AWS: arnOf("caller") }),
    delegating: trustOf({ AWS: account }),
    delegatingToo: trustOf({ AWS: account }),
    secretive: trustOf({ AWS: arnOf("caller") }, { StringEquals: { "sts:ExternalId": "42" } }),
    closed: trustOf({ Service: "lambda.amazonaws.com" }),
};

/** What the caller's own policy lets it assume, as far as the roles' trust policies leave it to the account. */
const CALLERS_POLICY = {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: [arnOf("delegating"), arnOf("closed")] },
};

describe("createSts", () => {
    let server: http.Server;
    let url: string;
    let callerKeys: Keys;
    const clients: STSClient[] = [];

    before(async () => {
        const credentials = createCredentials();
        credentials.addLongTerm({ type: "admin", arn: `arn:aws:iam::${account}:user/local-admin` }, adminKeys);
        callerKeys = credentials.issue(
            { type: "role", roleArn: arnOf("caller"), sessionName: "s1" },
            { durationSeconds: 3600 },
        );
        const roles = createIam();
        for (const [name, assumeRolePolicy] of Object.entries(ROLES)) {
            const role = resource(
                "aws:iam/role:Role",
                { name, assumeRolePolicy },
                { arn: arnOf(name), uniqueId: `AROA${name.toUpperCase()}` },
            );
            await roles.apply[role.type](role);
        }
        const own = resource(
            "aws:iam/rolePolicy:RolePolicy",
            { role: "caller", policy: CALLERS_POLICY },
            { name: "own" },
        );
        await roles.apply[own.type](own);
        await roles.ready?.();
        const authorizer = createAuthorizer({
            account,
            region: "eu-west-1",
            roles,
            trace: () => undefined,
            warn: () => undefined,
        });
        const sts = createSts({ account, credentials, roles, authorizer });
        server = http.createServer((request, response) => {
            authenticate(request, credentials, { requestId: "r1" })
                .then((call) => sts.handle(call, response))
                .catch((error: unknown) =>
                    sts.writeError(error, { requestId: "r1", method: "POST", path: "/" }, response),
                );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    after((done) => {
        clients.forEach((client) => client.destroy());
        server.close(done);
        server.closeAllConnections();
    });

    const connect = (credentials: Keys) => {
        const client = new STSClient({ endpoint: url, region: "eu-west-1", credentials, maxAttempts: 1 });
        clients.push(client);
        return client;
    };
    const assume = (role: string, more: object = {}, keys = callerKeys) =>
        connect(keys).send(new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: "s2", ...more }));
    const call = async (action: string, keys: Keys) => {
        const body = `Action=${action}&Version=2011-06-15`;
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const response = await signedFetch({ method: "POST", url, headers, body }, { service: "sts", keys });
        return { status: response.status, text: await response.text() };
    };

    it("issues credentials of a role that trusts the caller, and they are that role's", async () => {
        const { Credentials, AssumedRoleUser } = await assume("trusting", { DurationSeconds: 900 });

        assert.deepEqual(AssumedRoleUser, {
            Arn: `arn:aws:sts::${account}:assumed-role/trusting/s2`,
            AssumedRoleId: "AROATRUSTING:s2",
        });
        assert.ok(
            Credentials?.AccessKeyId &&
                Credentials.SecretAccessKey &&
                Credentials.SessionToken &&
                Credentials.Expiration,
        );
        assert.ok(Math.abs(Credentials.Expiration.getTime() - Date.now() - 900_000) < 5000);
        const keys = {
            accessKeyId: Credentials.AccessKeyId,
            secretAccessKey: Credentials.SecretAccessKey,
            sessionToken: Credentials.SessionToken,
        };
        const { text } = await call("GetCallerIdentity", keys);
        assert.match(
            text,
            /<Arn>arn:aws:sts::123456789012:assumed-role\/trusting\/s2<\/Arn><UserId>AROATRUSTING:s2<\/UserId>/,
        );
    });

    it("issues credentials of any declared role to the administrator", async () => {
        const { AssumedRoleUser } = await assume("closed", {}, adminKeys);
        assert.equal(AssumedRoleUser?.Arn, `arn:aws:sts::${account}:assumed-role/closed/s2`);
    });

    it("issues credentials of a role that trusts the account, when a policy of the caller allows it", async () => {
        const { AssumedRoleUser } = await assume("delegating");
        assert.equal(AssumedRoleUser?.AssumedRoleId, "AROADELEGATING:s2");
    });

    it("wants the external id that a trust policy names", async () => {
        await assume("secretive", { ExternalId: "42" });
        await assert.rejects(assume("secretive", { ExternalId: "43" }), { name: "AccessDenied" });
        await assert.rejects(assume("secretive"), { name: "AccessDenied" });
    });

    const refused: [string, string, object, object][] = [
        [
            "a role that trusts a service only, whatever the caller's policy allows",
            "closed",
            {},
            { name: "AccessDenied", message: /not authorized to perform: sts:AssumeRole on resource/ },
        ],
        [
            "a role that trusts the account, when no policy of the caller allows it",
            "delegatingToo",
            {},
            { name: "AccessDenied" },
        ],
        ["a role that is not declared", "none", {}, { name: "AccessDenied" }],
        ["a session name with a space", "trusting", { RoleSessionName: "a b" }, { name: "ValidationError" }],
        ["a session shorter than 15 minutes", "trusting", { DurationSeconds: 899 }, { name: "ValidationError" }],
        [
            "a session longer than the role's longest",
            "trusting",
            { DurationSeconds: 3601 },
            { name: "ValidationError", message: /MaxSessionDuration/ },
        ],
        [
            "a session policy, which would be ignored",
            "trusting",
            { Policy: "{}" },
            { name: "NotImplemented", message: /AssumeRole with Policy/ },
        ],
        [
            "session tags, which would be ignored",
            "trusting",
            { Tags: [{ Key: "a", Value: "b" }] },
            { name: "NotImplemented" },
        ],
    ];
    for (const [what, role, more, error] of refused) {
        it(`refuses ${what}`, () => assert.rejects(assume(role, more), error));
    }

    it("tells anybody who they are, without a permission", async () => {
        const { status, text } = await call("GetCallerIdentity", adminKeys);
        assert.equal(status, 200);
        assert.match(text, /<Arn>arn:aws:iam::123456789012:user\/local-admin<\/Arn>.*<Account>123456789012<\/Account>/);
    });

    it("answers another action with its name and 501", async () => {
        const { status, text } = await call("GetSessionToken", callerKeys);
        assert.equal(status, 501);
        assert.match(text, /<Code>NotImplemented<\/Code><Message>[^<]*GetSessionToken/);
    });
});
