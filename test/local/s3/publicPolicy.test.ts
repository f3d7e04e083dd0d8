import * as assert from "node:assert/strict";
import { isPublicPolicy } from "../../../local/services/s3/publicPolicy";

const allow = (more: object) => ({ Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...more } });
const everyone = { Principal: "*" };

describe("S3: a public policy", () => {
    for (const [what, policy] of [
        ["an Allow to everyone", allow(everyone)],
        ["everyone among AWS principals", allow({ Principal: { AWS: ["arn:aws:iam::123456789012:root", "*"] } })],
        ["everyone but somebody", allow({ NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" } })],
        [
            "a condition on something else",
            allow({ ...everyone, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
        ],
        [
            "a condition with a wildcard",
            allow({ ...everyone, Condition: { StringLike: { "aws:SourceVpc": "vpc-*" } } }),
        ],
        ["a negated condition", allow({ ...everyone, Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } })],
        ["half of all addresses", allow({ ...everyone, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } } })],
    ] as const) {
        it(`is ${what}`, () => assert.equal(isPublicPolicy(JSON.stringify(policy)), true));
    }

    for (const [what, policy] of [
        ["none", undefined],
        ["a Deny to everyone", { Statement: [{ Effect: "Deny", ...everyone, Action: "s3:*", Resource: "*" }] }],
        ["an Allow to one role", allow({ Principal: { AWS: "arn:aws:iam::123456789012:role/reader" } })],
        ["an Allow to a service", allow({ Principal: { Service: "logging.s3.amazonaws.com" } })],
        ["everyone of one network", allow({ ...everyone, Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } })],
        [
            "everyone of some addresses",
            allow({ ...everyone, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
        ],
    ] as const) {
        it(`is not ${what}`, () => assert.equal(isPublicPolicy(policy), false));
    }
});
