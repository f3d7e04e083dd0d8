import * as assert from "node:assert/strict";
import { createAuthorizer } from "../../../local/iam/authorizer";
import { compilePolicy } from "../../../local/iam/policy";
import type { Context, Principal } from "../../../local/iam/types";

const roleArn = "arn:aws:iam::111111111111:role/app/writer";
const role: Principal = { type: "role", roleArn, sessionName: "s1" };

/** Operator and key, the policy's values, contexts in which the condition holds, and contexts in which it does not. */
type Case = [condition: string, key: string, values: unknown, holds: Context[], fails: Context[]];

const cases: Case[] = [
    ["StringEquals", "k", ["a", "b"], [{ k: "a" }, { K: "b" }], [{ k: "A" }, { k: "ab" }, {}]],
    ["StringNotEquals", "k", ["a", "b"], [{ k: "c" }, {}], [{ k: "a" }, { k: "b" }]],
    ["StringEqualsIgnoreCase", "k", "Ab", [{ k: "aB" }], [{ k: "a" }, {}]],
    ["StringNotEqualsIgnoreCase", "k", "Ab", [{ k: "a" }, {}], [{ k: "aB" }]],
    ["StringLike", "k", "a*c?", [{ k: "abcd" }, { k: "ac*" }], [{ k: "ac" }, { k: "xabcd" }, {}]],
    ["StringNotLike", "k", "a*", [{ k: "b" }, {}], [{ k: "ab" }]],
    ["StringEquals", "k", "a*", [{ k: "a*" }], [{ k: "ab" }]],
    ["StringEqualsIfExists", "k", "a", [{ k: "a" }, {}], [{ k: "b" }]],
    ["StringEquals", "k", "${aws:PrincipalTag/team}", [{ k: "red" }], [{ k: "blue" }, {}]],
    ["StringEqualsIgnoreCase", "k", "${aws:PrincipalTag/team}", [{ k: "RED" }], [{ k: "blue" }]],
    ["NumericEquals", "n", 10, [{ n: "10" }, { n: "10.0" }], [{ n: "11" }, { n: "ten" }, {}]],
    ["NumericNotEquals", "n", "10", [{ n: "11" }, {}], [{ n: "10" }]],
    ["NumericLessThan", "n", "10", [{ n: "9" }, { n: "-1" }], [{ n: "10" }, {}]],
    ["NumericLessThanEquals", "n", "10", [{ n: "10" }], [{ n: "10.1" }]],
    ["NumericGreaterThan", "n", "9", [{ n: "10" }], [{ n: "9" }]],
    ["NumericGreaterThanEquals", "n", "9", [{ n: "9" }], [{ n: "8" }]],
    [
        "DateLessThan",
        "d",
        "2026-01-31T12:00:00Z",
        [{ d: "2026-01-31T11:59:59Z" }, { d: "1000000000" }],
        [{ d: "2026-01-31T12:00:00Z" }, { d: "soon" }],
    ],
    ["DateGreaterThanEquals", "d", "2026-01-31", [{ d: "2026-01-31T00:00:00Z" }], [{ d: "2026-01-30T23:59:59Z" }]],
    ["DateEquals", "d", "1769860800", [{ d: "2026-01-31T12:00:00Z" }], [{ d: "2026-01-31T12:00:01Z" }]],
    ["DateGreaterThan", "aws:CurrentTime", "2020-01-01", [{}], [{ "aws:CurrentTime": "2019-01-01T00:00:00Z" }]],
    ["Bool", "b", true, [{ b: "true" }, { b: "TRUE" }], [{ b: "false" }, {}]],
    ["BoolIfExists", "b", "true", [{ b: "true" }, {}], [{ b: "false" }]],
    ["BinaryEquals", "b", "aGk=", [{ b: "aGk=" }], [{ b: "aGl=" }, {}]],
    [
        "IpAddress",
        "aws:SourceIp",
        ["10.0.0.0/8", "2001:db8::/32"],
        [{ "aws:SourceIp": "10.1.2.3" }, { "aws:SourceIp": "2001:db8::1" }],
        [{ "aws:SourceIp": "11.0.0.1" }, { "aws:SourceIp": "?" }, {}],
    ],
    ["NotIpAddress", "aws:SourceIp", "127.0.0.1", [{ "aws:SourceIp": "127.0.0.2" }], [{}]],
    [
        "ArnLike",
        "a",
        "arn:aws:sqs:*:1:q*",
        [{ a: "arn:aws:sqs:eu:1:q2" }],
        [{ a: "arn:aws:sqs:eu:2:1:q2" }, { a: "q2" }, {}],
    ],
    ["ArnEquals", "a", "arn:aws:sqs:*:1:q", [{ a: "arn:aws:sqs:eu:1:q" }], [{ a: "arn:aws:sqs:eu:1:q2" }]],
    ["ArnNotLike", "a", "arn:aws:sqs:*:1:q*", [{ a: "arn:aws:sqs:eu:2:q" }, {}], [{ a: "arn:aws:sqs:eu:1:q" }]],
    ["Null", "k", "true", [{}, { k: [] }], [{ k: "" }]],
    ["Null", "k", false, [{ k: "x" }], [{}]],
    ["ForAllValues:StringEquals", "k", ["a", "b"], [{ k: ["a", "b"] }, { k: "a" }, { k: [] }, {}], [{ k: ["a", "c"] }]],
    ["ForAllValues:StringNotEquals", "k", ["a"], [{ k: ["b", "c"] }, {}], [{ k: ["b", "a"] }]],
    ["ForAnyValue:StringEquals", "k", ["a", "b"], [{ k: ["c", "b"] }], [{ k: ["c"] }, { k: [] }, {}]],
    ["ForAnyValue:StringNotEquals", "k", ["a"], [{ k: ["a", "b"] }], [{ k: ["a"] }, {}]],
    ["ForAnyValue:StringLikeIfExists", "k", "a*", [{ k: ["x", "ab"] }, {}], [{ k: ["x"] }]],
    ["StringNotEquals", "k", "a", [{ k: ["b", "c"] }], [{ k: ["a", "b"] }]],
    ["StringEquals", "aws:PrincipalArn", roleArn, [{}], [{ "aws:PrincipalArn": "other" }]],
    ["StringEquals", "aws:PrincipalAccount", "111111111111", [{}], []],
    ["StringEquals", "aws:PrincipalType", "AssumedRole", [{}], []],
    ["StringEquals", "aws:userid", "AROAWRITER:s1", [{}], []],
    ["StringEquals", "aws:RequestedRegion", "eu-west-1", [{}], []],
    ["Bool", "aws:SecureTransport", "false", [{ "aws:SecureTransport": "false" }], [{}]],
    ["Bool", "aws:PrincipalIsAWSService", "false", [{}], []],
    ["NumericGreaterThan", "aws:EpochTime", "1500000000", [{}], []],
];

describe("createAuthorizer: conditions", () => {
    for (const [operator, key, values, holds, fails] of cases) {
        it(`${operator} ${key} ${JSON.stringify(values)} holds and fails where it should`, () => {
            const Condition = { [operator]: { [key]: values } };
            for (const context of holds) {
                assert.equal(allowed(Condition, context), true, `holds for ${JSON.stringify(context)}`);
            }
            for (const context of fails) {
                assert.equal(allowed(Condition, context), false, `fails for ${JSON.stringify(context)}`);
            }
        });
    }

    it("wants all operators and all keys to hold", () => {
        const Condition = { StringEquals: { a: "1", b: "2" }, Bool: { c: "true" } };
        assert.equal(allowed(Condition, { a: "1", b: "2", c: "true" }), true);
        assert.equal(allowed(Condition, { a: "1", b: "3", c: "true" }), false);
        assert.equal(allowed(Condition, { a: "1", b: "2", c: "false" }), false);
    });
});

describe("compilePolicy", () => {
    const good = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const refused: [string, unknown, RegExp][] = [
        ["text that is no JSON", "{", /policy p: the policy document is not valid/],
        ["another version", { Version: "2020-01-01", Statement: good }, /Version must be one of/],
        ["no statements", { Version: "2012-10-17" }, /Statement is missing/],
        ["a misspelt member", { Version: "2012-10-17", Statement: good, Sid: "x" }, /Sid is no element of a policy/],
        ["a misspelt element", statement({ ...good, Conditions: {} }), /statement 1: Conditions is no element/],
        ["an effect that is none", statement({ ...good, Effect: "allow" }), /Effect must be/],
        ["no action", statement({ Effect: "Allow", Resource: "*" }), /Action must be/],
        ["an action without a service", statement({ ...good, Action: "GetObject" }), /"GetObject" is no action/],
        ["Action beside NotAction", statement({ ...good, NotAction: "s3:*" }), /exclude each other/],
        ["no resource", statement({ Effect: "Allow", Action: "s3:*" }), /Resource must be/],
        ["a resource that is no ARN", statement({ ...good, Resource: "bucket" }), /"bucket" is no ARN/],
        ["a principal in an identity's policy", statement({ ...good, Principal: "*" }), /names no principal/],
        [
            "an unknown operator",
            statement({ ...good, Sid: "S", Condition: { StringMatches: { k: "v" } } }),
            /statement S: StringMatches is no condition operator/,
        ],
        [
            "NullIfExists",
            statement({ ...good, Condition: { NullIfExists: { k: "true" } } }),
            /NullIfExists is no condition operator/,
        ],
        [
            "a number that is none",
            statement({ ...good, Condition: { NumericEquals: { k: "ten" } } }),
            /"ten" is no number/,
        ],
        ["a date that is none", statement({ ...good, Condition: { DateEquals: { k: "soon" } } }), /"soon" is no date/],
        [
            "an address range that is none",
            statement({ ...good, Condition: { IpAddress: { k: "10.0.0.0/33" } } }),
            /no IP address/,
        ],
        ["a boolean that is none", statement({ ...good, Condition: { Bool: { k: "yes" } } }), /neither true nor false/],
        ["a condition without values", statement({ ...good, Condition: { StringEquals: { k: [] } } }), /needs texts/],
    ];
    for (const [what, document, message] of refused) {
        it(`refuses ${what}, naming the policy`, () => {
            const compile = () => compilePolicy(document, "policy p", "identity");
            assert.throws(compile, message);
            assert.throws(compile, /^Error: policy p: /);
        });
    }

    const principals: [string, unknown][] = [
        ["no principal", undefined],
        ["an unknown kind", { Role: "x" }],
        ["a wildcard within an ARN", { AWS: "arn:aws:iam::111111111111:role/*" }],
        ["a text", "arn:aws:iam::111111111111:root"],
    ];
    for (const [what, Principal] of principals) {
        it(`refuses a resource's policy with ${what} for a principal`, () => {
            assert.throws(
                () => compilePolicy(statement({ ...good, Principal }), "policy of bucket b", "resource"),
                /^Error: policy of bucket b/,
            );
        });
    }

    it("compiles the same text once", () => {
        const text = JSON.stringify(statement(good));
        assert.equal(compilePolicy(text, "p", "identity"), compilePolicy(`${text}`, "q", "identity"));
    });
});

function statement(Statement: object): object {
    return { Version: "2012-10-17", Statement };
}

function allowed(Condition: object, context: Context): boolean {
    const policy = compilePolicy(
        statement({ Effect: "Allow", Action: "x:Do", Resource: "*", Condition }),
        "p",
        "identity",
    );
    const record = {
        arn: roleArn,
        name: "writer",
        id: "AROAWRITER",
        trust: { place: "trust", policy },
        policies: [{ place: "p", policy }],
        tags: { Team: "red" },
        maxSessionDuration: 3600,
    };
    const authorizer = createAuthorizer({
        account: "111111111111",
        region: "eu-west-1",
        roles: { find: () => record },
        trace: () => undefined,
        warn: () => undefined,
    });
    return authorizer.decide({ principal: role, action: "x:Do", resource: "*", context }).allowed;
}
