import * as assert from "node:assert/strict";
import { createAuthorizer } from "../../../local/iam/authorizer";
import type { AccessRequest, Authorizer, Principal } from "../../../local/iam/types";
import { createIam } from "../../../local/services/iam/iam";
import type { TraceEntry } from "../../../local/trace";
import type { PlannedResource } from "../../../plan/types";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const worker: Principal = { type: "role", roleArn: ROLE, sessionName: "one" };
const anonymous: Principal = { type: "anonymous" };
const gateway: Principal = { type: "service", service: "apigateway.amazonaws.com" };
const admin: Principal = { type: "admin", arn: `arn:aws:iam::${ACCOUNT}:user/local-admin` };

const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
    Effect: "Allow",
    Action,
    Resource,
    ...more,
});
const deny = (Action: unknown, Resource: unknown, more: object = {}) => ({ Effect: "Deny", Action, Resource, ...more });
const object = "arn:aws:s3:::bucket/up/file";

/** An authorizer in an account whose role `worker` has these statements. */
async function authorizerWith(
    statements: unknown,
    more: { boundary?: unknown } = {},
): Promise<{ authorizer: Authorizer; lines: string[]; trace: TraceEntry[] }> {
    const [lines, trace]: [string[], TraceEntry[]] = [[], []];
    const iam = createIam();
    const boundaryArn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const resources = [
        ...(more.boundary
            ? [
                  resource(
                      "aws:iam/policy:Policy",
                      "boundary",
                      { policy: document(more.boundary) },
                      { arn: boundaryArn, name: "boundary" },
                  ),
              ]
            : []),
        resource(
            "aws:iam/role:Role",
            "worker",
            {
                name: "worker",
                assumeRolePolicy: document({
                    Effect: "Allow",
                    Principal: { Service: "lambda.amazonaws.com" },
                    Action: "sts:AssumeRole",
                }),
                tags: { team: "blue" },
                ...(more.boundary ? { permissionsBoundary: boundaryArn } : {}),
            },
            { arn: ROLE, name: "worker", uniqueId: "AROATEST" },
        ),
        resource(
            "aws:iam/rolePolicy:RolePolicy",
            "own",
            { name: "own", role: "worker", policy: document(statements) },
            { name: "own" },
        ),
    ];
    for (const one of resources) await iam.apply[one.type](one);
    await iam.ready?.();
    const authorizer = createAuthorizer({
        account: ACCOUNT,
        region: "eu-west-1",
        roles: iam,
        trace: (entry) => trace.push(entry),
        warn: (line) => lines.push(line),
    });
    return { authorizer, lines, trace };
}

function document(statements: unknown): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function resource(
    type: string,
    name: string,
    inputs: Record<string, unknown>,
    outputs: Record<string, unknown>,
): PlannedResource {
    return {
        urn: `urn:${name}`,
        type,
        name,
        custom: true,
        inputs,
        id: name,
        outputs: { ...inputs, ...outputs },
        dependsOn: [],
        protect: false,
    };
}

const ask = (more: Partial<AccessRequest> = {}): AccessRequest => ({
    principal: worker,
    action: "s3:PutObject",
    resource: object,
    ...more,
});

describe("IAM: what a role's own policies decide", () => {
    const cases: [string, unknown, Partial<AccessRequest>, "allow" | "implicitDeny" | "explicitDeny"][] = [
        ["nothing that no statement allows", allow("s3:GetObject", "*"), {}, "implicitDeny"],
        ["what a statement names", allow("s3:PutObject", object), {}, "allow"],
        ["actions without regard to case", allow("S3:putobject", object), {}, "allow"],
        [
            "lists of actions and resources",
            allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::other/*", "arn:aws:s3:::bucket/up/*"]),
            {},
            "allow",
        ],
        ["wildcards in actions", allow("s3:Put*", "*"), {}, "allow"],
        [
            "no longer path than a wildcard's prefix",
            allow("s3:PutObject", "arn:aws:s3:::bucket/up/*"),
            { resource: "arn:aws:s3:::bucket/upper" },
            "implicitDeny",
        ],
        ["a question mark for one character", allow("s3:PutObject", "arn:aws:s3:::bucket/up/fil?"), {}, "allow"],
        ["deny over allow, whatever the order", [deny("s3:*", object), allow("*", "*")], {}, "explicitDeny"],
        [
            "a literal star in a key as no wildcard",
            [
                allow("s3:PutObject", "arn:aws:s3:::bucket/up/*"),
                deny("s3:PutObject", "arn:aws:s3:::bucket/up/secret/*"),
            ],
            { resource: "arn:aws:s3:::bucket/up/*" },
            "allow",
        ],
        [
            "a key that is a star as outside of a prefix",
            allow("s3:PutObject", "arn:aws:s3:::bucket/up/*"),
            { resource: "arn:aws:s3:::bucket/*" },
            "implicitDeny",
        ],
        ["all but NotAction", { Effect: "Allow", NotAction: "s3:Delete*", Resource: "*" }, {}, "allow"],
        ["nothing of NotAction", { Effect: "Allow", NotAction: "s3:Put*", Resource: "*" }, {}, "implicitDeny"],
        [
            "all but NotResource",
            { Effect: "Deny", Action: "*", NotResource: "arn:aws:s3:::bucket/up/*" },
            {},
            "implicitDeny",
        ],
        [
            "a policy variable",
            allow("s3:PutObject", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"),
            { resource: "arn:aws:s3:::bucket/blue/x" },
            "allow",
        ],
        [
            "a policy variable of another value",
            allow("s3:PutObject", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*"),
            { resource: "arn:aws:s3:::bucket/red/x" },
            "implicitDeny",
        ],
        [
            "StringEquals on a key that is there",
            allow("*", "*", { Condition: { StringEquals: { "s3:prefix": ["a/", "b/"] } } }),
            { context: { "s3:prefix": "b/" } },
            "allow",
        ],
        [
            "StringEquals on a key that is missing",
            allow("*", "*", { Condition: { StringEquals: { "s3:prefix": "a/" } } }),
            {},
            "implicitDeny",
        ],
        [
            "StringNotEquals on a key that is missing",
            allow("*", "*", { Condition: { StringNotEquals: { "s3:prefix": "a/" } } }),
            {},
            "allow",
        ],
        [
            "…IfExists on a key that is missing",
            allow("*", "*", { Condition: { StringEqualsIfExists: { "s3:prefix": "a/" } } }),
            {},
            "allow",
        ],
        [
            "StringLike with wildcards",
            allow("*", "*", { Condition: { StringLike: { "s3:prefix": "a/*" } } }),
            { context: { "s3:prefix": "a/b" } },
            "allow",
        ],
        [
            "Null true on a key that is missing",
            deny("*", "*", { Condition: { Null: { "s3:if-none-match": "true" } } }),
            {},
            "explicitDeny",
        ],
        [
            "Bool on TLS, which the local run counts as given",
            deny("*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
            {},
            "implicitDeny",
        ],
        [
            "NumericLessThan",
            allow("*", "*", { Condition: { NumericLessThan: { "s3:max-keys": "10" } } }),
            { context: { "s3:max-keys": "9" } },
            "allow",
        ],
        [
            "DateGreaterThan on the clock",
            allow("*", "*", { Condition: { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } } }),
            {},
            "allow",
        ],
        [
            "IpAddress in a range",
            allow("*", "*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
            { context: { "aws:SourceIp": "10.1.2.3" } },
            "allow",
        ],
        [
            "IpAddress outside of a range",
            allow("*", "*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
            { context: { "aws:SourceIp": "11.1.2.3" } },
            "implicitDeny",
        ],
        [
            "ArnLike",
            allow("*", "*", { Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/w*` } } }),
            {},
            "allow",
        ],
        [
            "all conditions of a statement together",
            allow("*", "*", { Condition: { StringEquals: { a: "1", b: "2" } } }),
            { context: { a: "1", b: "3" } },
            "implicitDeny",
        ],
        [
            "ForAnyValue",
            allow("*", "*", { Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": "b" } } }),
            { context: { "aws:TagKeys": ["a", "b"] } },
            "allow",
        ],
        [
            "ForAllValues",
            allow("*", "*", { Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } } }),
            { context: { "aws:TagKeys": ["a", "c"] } },
            "implicitDeny",
        ],
        [
            "names of condition keys without regard to case",
            allow("*", "*", { Condition: { StringEquals: { "S3:Prefix": "x" } } }),
            { context: { "s3:prefix": "x" } },
            "allow",
        ],
    ];
    for (const [what, statements, request, expected] of cases) {
        it(`follows ${what}: ${expected}`, async () => {
            const { authorizer } = await authorizerWith(statements);

            assert.equal(authorizer.decide(ask(request)).result, expected);
        });
    }

    it("is bounded by the boundary, and a role that is not declared may do nothing", async () => {
        const { authorizer } = await authorizerWith(allow("*", "*"), { boundary: allow("s3:PutObject", "*") });

        assert.equal(authorizer.decide(ask()).allowed, true);
        assert.equal(authorizer.decide(ask({ action: "s3:GetObject" })).allowed, false);
        assert.equal(authorizer.decide(ask({ principal: { ...worker, roleArn: `${ROLE}-other` } })).allowed, false);
    });

    it("stops the start at a document that is no policy, naming it", async () => {
        await assert.rejects(
            authorizerWith(allow("s3:PutObject", "*", { Condition: { StringAlmost: { a: "b" } } })),
            /own.*StringAlmost|StringAlmost.*own/s,
        );
        await assert.rejects(authorizerWith({ Effect: "Perhaps", Action: "*", Resource: "*" }), /own/);
    });
});

describe("IAM: what a resource's policy decides", () => {
    const policy = (...statements: unknown[]) => document(statements);

    it("lets in whom it names, also where the role's own policies say nothing, and only them", async () => {
        const { authorizer } = await authorizerWith([]);
        const names = (AWS: string) =>
            policy({ Effect: "Allow", Principal: { AWS }, Action: "s3:PutObject", Resource: object });

        assert.equal(authorizer.decide(ask({ resourcePolicy: names(ROLE) })).allowed, true);
        assert.equal(authorizer.decide(ask({ resourcePolicy: names(`${ROLE}-other`) })).allowed, false);
        assert.equal(
            authorizer.decide(ask({ resourcePolicy: names(`arn:aws:iam::${ACCOUNT}:root`) })).allowed,
            false,
            "the account delegates only",
        );
    });

    it("denies over what the role's own policies allow, and over the administrator", async () => {
        const { authorizer } = await authorizerWith(allow("*", "*"));
        const resourcePolicy = policy({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "arn:aws:s3:::bucket/*",
        });

        assert.equal(authorizer.decide(ask({ resourcePolicy })).result, "explicitDeny");
        assert.equal(authorizer.decide(ask({ principal: admin })).allowed, true);
        assert.equal(authorizer.decide(ask({ principal: admin, resourcePolicy })).allowed, false);
    });

    it("decides alone for anonymous callers and for services, by the source that it names", async () => {
        const { authorizer } = await authorizerWith([]);
        const open = policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: object });
        const permission = policy({
            Effect: "Allow",
            Principal: { Service: "apigateway.amazonaws.com" },
            Action: "lambda:InvokeFunction",
            Resource: "*",
            Condition: { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:eu-west-1:1:abc/live/GET/*" } },
        });
        const invoke = (source: string) =>
            ask({
                principal: gateway,
                action: "lambda:InvokeFunction",
                resource: "arn:f",
                resourcePolicy: permission,
                context: { "aws:SourceArn": source },
            });

        assert.equal(
            authorizer.decide(ask({ principal: anonymous, action: "s3:GetObject", resourcePolicy: open })).allowed,
            true,
        );
        assert.equal(authorizer.decide(ask({ principal: anonymous, resourcePolicy: open })).allowed, false);
        assert.equal(authorizer.decide(ask({ principal: anonymous })).allowed, false);
        assert.equal(authorizer.decide(invoke("arn:aws:execute-api:eu-west-1:1:abc/live/GET/x")).allowed, true);
        assert.equal(authorizer.decide(invoke("arn:aws:execute-api:eu-west-1:1:abc/live/POST/x")).allowed, false);
    });

    it("of a key must allow the role itself, or the account, before the role's own policies count", async () => {
        const { authorizer } = await authorizerWith(allow("kms:*", "*"));
        const key = (principal: string) =>
            policy({ Effect: "Allow", Principal: { AWS: principal }, Action: "kms:Decrypt", Resource: "*" });
        const use = (resourcePolicy: string) =>
            authorizer.decide(ask({ action: "kms:Decrypt", resource: "arn:key", resourcePolicy, combine: "resource" }))
                .allowed;

        assert.deepEqual(
            [use(key(ROLE)), use(key(`arn:aws:iam::${ACCOUNT}:root`)), use(key(`${ROLE}-other`))],
            [true, true, false],
        );
        const { authorizer: without } = await authorizerWith([]);
        const delegated = ask({
            action: "kms:Decrypt",
            resource: "arn:key",
            resourcePolicy: key(`arn:aws:iam::${ACCOUNT}:root`),
            combine: "resource",
        });
        assert.equal(without.decide(delegated).allowed, false);
    });
});

describe("IAM: what it says of a decision", () => {
    it("is AWS's AccessDenied for the caller, the missing statement for the developer, and a line in the trace", async () => {
        const { authorizer, lines, trace } = await authorizerWith(allow("s3:GetObject", "*"));

        assert.throws(() => authorizer.authorize(ask(), "r-1"), {
            code: "AccessDenied",
            status: 403,
            message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/one is not authorized to perform: s3:PutObject on resource: "${object}" because no identity-based policy allows the s3:PutObject action`,
        });
        assert.deepEqual(lines, [
            `AccessDenied: role worker, s3:PutObject on ${object}: missing in the policies of role worker: {"Effect":"Allow","Action":"s3:PutObject","Resource":"${object}"}`,
        ]);
        assert.deepEqual(
            trace.map(({ requestId, action, decision }) => [requestId, action, decision]),
            [["r-1", "s3:PutObject", "implicitDeny"]],
        );
    });

    it("names the statement that denies", async () => {
        const { authorizer, lines } = await authorizerWith([
            allow("*", "*"),
            deny("s3:PutObject", "*", { Sid: "NoWrites" }),
        ]);

        assert.throws(() => authorizer.authorize(ask(), "r-2"), /with an explicit deny in an identity-based policy$/);
        assert.match(lines[0], /denied by statement NoWrites of policy own of role worker$/);
    });
});
