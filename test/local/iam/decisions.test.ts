import * as assert from "node:assert/strict";
import { createAuthorizer } from "../../../local/iam/authorizer";
import { compilePolicy } from "../../../local/iam/policy";
import type { RoleRecord } from "../../../local/iam/roles";
import type { AccessRequest, Principal } from "../../../local/iam/types";

const account = "111111111111";
const roleArn = `arn:aws:iam::${account}:role/app/writer`;
const session = `arn:aws:sts::${account}:assumed-role/writer/s1`;
const root = `arn:aws:iam::${account}:root`;
const role: Principal = { type: "role", roleArn, sessionName: "s1" };
const admin: Principal = { type: "admin", arn: `arn:aws:iam::${account}:user/local-admin` };
const service: Principal = { type: "service", service: "events.amazonaws.com" };
const anonymous: Principal = { type: "anonymous" };

const OBJECT = "arn:aws:s3:::b/up/x";
const get = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/up/*" };
const open = { ...get, Principal: "*" };
const deny = { ...open, Effect: "Deny" };

interface Case extends Partial<AccessRequest> {
    readonly title: string;
    readonly identity?: object | readonly object[];
    readonly boundary?: object | readonly object[];
    /** Statements of the resource's policy. */
    readonly on?: object | readonly object[];
    readonly expect: "allow" | "explicitDeny" | "implicitDeny";
}

const cases: Record<string, readonly Case[]> = {
    "identity policies": [
        { title: "a role without policies may do nothing", expect: "implicitDeny" },
        {
            title: "* in an action does not reach another service",
            identity: { ...get, Action: "s3:*" },
            action: "s3x:GetObject",
            expect: "implicitDeny",
        },
        {
            title: "? does not stand for two",
            identity: { ...get, Resource: "arn:aws:s3:::b/up/?" },
            resource: `${OBJECT}y`,
            expect: "implicitDeny",
        },
        {
            title: "resources compare by case",
            identity: { ...get, Resource: "arn:aws:s3:::b/UP/*" },
            expect: "implicitDeny",
        },
        {
            title: "a * in an object key is literal for an Allow",
            identity: { ...get, Resource: "arn:aws:s3:::b/up/x" },
            resource: "arn:aws:s3:::b/up/*",
            expect: "implicitDeny",
        },
        {
            title: "a line break in an object key is a character as others are",
            identity: get,
            resource: "arn:aws:s3:::b/up/a\nb",
            expect: "allow",
        },
        {
            title: "* may stand in the middle",
            identity: { ...get, Resource: "arn:aws:s3:::b/*/x" },
            resource: "arn:aws:s3:::b/1/x/2/x",
            expect: "allow",
        },
        {
            title: "* in a field of an ARN does not reach the next field",
            identity: { ...get, Resource: "arn:aws:*:::b/up/x" },
            resource: "arn:aws:s3:eu:1:b/up/x",
            expect: "implicitDeny",
        },
        {
            title: "* for everything covers a call without a resource",
            identity: { ...get, Resource: "*" },
            resource: "*",
            expect: "allow",
        },
        {
            title: "* in an ARN does not cover a call without a resource",
            identity: { ...get, Resource: "arn:aws:s3:::*" },
            resource: "*",
            expect: "implicitDeny",
        },
        {
            title: "NotResource denies the others",
            identity: [get, { Effect: "Deny", Action: "*", NotResource: "arn:aws:s3:::c/*" }],
            expect: "explicitDeny",
        },
    ],
    "resource policies": [
        { title: "an Allow to the session suffices", on: { ...get, Principal: { AWS: [session] } }, expect: "allow" },
        {
            title: "a Deny to the account concerns all its roles",
            identity: get,
            on: { ...deny, Principal: { AWS: account } },
            expect: "explicitDeny",
        },
        {
            title: "NotPrincipal spares the role it names",
            identity: get,
            on: { ...get, Effect: "Deny", NotPrincipal: { AWS: [roleArn, root] } },
            expect: "allow",
        },
        {
            title: "NotPrincipal concerns the other roles",
            identity: get,
            on: { ...get, Effect: "Deny", NotPrincipal: { AWS: [`${roleArn}2`, root] } },
            expect: "explicitDeny",
        },
        {
            title: "{AWS: *} is everyone, too",
            principal: anonymous,
            on: { ...get, Principal: { AWS: "*" } },
            expect: "allow",
        },
        {
            title: "anonymous callers are no role",
            principal: anonymous,
            on: { ...get, Principal: { AWS: root } },
            expect: "implicitDeny",
        },
        {
            title: "a service needs to be named",
            principal: service,
            on: { ...get, Principal: { Service: "sns.amazonaws.com" } },
            expect: "implicitDeny",
        },
        ...(["arn:aws:events:eu:1:rule/r", "arn:aws:events:eu:1:rule/s", undefined] as const).map((source): Case => ({
            title: `a service is bound to aws:SourceArn, here ${source}`,
            principal: service,
            on: {
                ...get,
                Principal: { Service: "events.amazonaws.com" },
                Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:eu:1:rule/r" } },
            },
            context: source === undefined ? {} : { "AWS:SourceArn": source },
            expect: source?.endsWith("/r") ? "allow" : "implicitDeny",
        })),
        {
            title: "the administrator is not denied what is denied to a role",
            principal: admin,
            on: { ...deny, Principal: { AWS: roleArn } },
            expect: "allow",
        },
    ],
    "key policies": [
        {
            title: "must allow: the role's own policy does not suffice",
            combine: "resource",
            identity: get,
            expect: "implicitDeny",
        },
        {
            title: "that allow another action do not leave this one to the account",
            combine: "resource",
            identity: get,
            on: { ...get, Action: "s3:Put*", Principal: { AWS: root } },
            expect: "implicitDeny",
        },
        { title: "do not bind the administrator", combine: "resource", principal: admin, expect: "allow" },
    ],
    boundaries: [
        { title: "allow nothing by themselves", boundary: get, expect: "implicitDeny" },
        {
            title: "let through what they allow, too",
            identity: get,
            boundary: { ...get, Action: "s3:*" },
            expect: "allow",
        },
        {
            title: "hold back what they do not allow",
            identity: get,
            boundary: { ...get, Action: "sqs:*", Resource: "*" },
            expect: "implicitDeny",
        },
        {
            title: "hold back what a resource allows to the role",
            on: { ...get, Principal: { AWS: roleArn } },
            boundary: { ...get, Action: "sqs:*" },
            expect: "implicitDeny",
        },
        { title: "deny", identity: get, boundary: [get, { ...get, Effect: "Deny" }], expect: "explicitDeny" },
    ],
    variables: [
        {
            title: "without a value match nothing",
            identity: { ...get, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/none}*" },
            expect: "implicitDeny",
        },
        {
            title: "may have a default",
            identity: { ...get, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/none, 'up'}/*" },
            expect: "allow",
        },
        {
            title: "have literal values: a * in them is no wildcard",
            identity: { ...get, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/star}" },
            expect: "implicitDeny",
        },
        {
            title: "can write a literal *",
            identity: { ...get, Resource: "arn:aws:s3:::b/${*}" },
            resource: "arn:aws:s3:::b/*",
            expect: "allow",
        },
        {
            title: "that write a literal * write no wildcard",
            identity: { ...get, Resource: "arn:aws:s3:::b/${*}" },
            expect: "implicitDeny",
        },
    ],
};

describe("createAuthorizer: decisions", () => {
    for (const [group, list] of Object.entries(cases)) {
        describe(group, () => {
            for (const { title, identity, boundary, on, expect, ...request } of list) {
                it(title, () => {
                    const decision = authorizerOf(identity, boundary).decide({
                        principal: role,
                        action: "s3:GetObject",
                        resource: OBJECT,
                        ...request,
                        ...(on && { resourcePolicy: documentOf(on) }),
                    });
                    assert.equal(decision.result, expect, decision.by);
                    assert.equal(decision.allowed, expect === "allow");
                });
            }
        });
    }

    it("does not take a text for variables in a document of version 2008-10-17", () => {
        const Statement = { ...open, Resource: "arn:aws:s3:::b/${aws:username}" };
        const ask = (resource: string) =>
            authorizerOf().decide({ principal: role, action: "s3:GetObject", resource, resourcePolicy: { Statement } })
                .allowed;
        assert.equal(ask("arn:aws:s3:::b/${aws:username}"), true);
    });

    it("allows nothing to a role that is not declared, even where everyone is allowed", () => {
        const principal: Principal = { ...role, roleArn: `${roleArn}-gone` };
        const request = { principal, action: "s3:GetObject", resource: OBJECT, resourcePolicy: documentOf(open) };
        assert.equal(authorizerOf().decide(request).result, "implicitDeny");
    });

    it("takes some microseconds for 32 statements", () => {
        const statements = Array.from({ length: 32 }, (_, index) => ({
            ...get,
            Resource: `arn:aws:s3:::b${index}/*/x*`,
        }));
        const authorizer = authorizerOf(statements);
        const request = { principal: role, action: "s3:GetObject", resource: "arn:aws:s3:::b31/folder/x1" };
        const times = Array.from({ length: 20 }, () => {
            const start = process.hrtime.bigint();
            for (let round = 0; round < 500; round++) {
                assert.ok(authorizer.decide(request).allowed);
            }
            return Number(process.hrtime.bigint() - start) / 500_000;
        });
        // The quickest of many rounds: other work on the machine only ever slows them.
        assert.ok(Math.min(...times) < 20, `${Math.min(...times)} µs`);
    });
});

function authorizerOf(identity?: object, boundary?: object) {
    const placed = (name: string, statements: object) => ({
        place: name,
        policy: compilePolicy(JSON.stringify(documentOf(statements)), name, "identity"),
    });
    const record: RoleRecord = {
        arn: roleArn,
        name: "writer",
        id: "AROAWRITER",
        trust: placed("trust", []),
        policies: identity ? [placed("p", identity)] : [],
        ...(boundary && { boundary: placed("boundary", boundary) }),
        tags: { prefix: "up", star: "*" },
        maxSessionDuration: 3600,
    };
    return createAuthorizer({
        account,
        region: "eu-west-1",
        roles: { find: (arn) => (arn === roleArn ? record : undefined) },
        trace: () => undefined,
        warn: () => undefined,
    });
}

function documentOf(Statement: object): object {
    return { Version: "2012-10-17", Statement };
}
