import * as assert from "node:assert/strict";
import { rule as noPublic } from "../../../policy/rules/resource-policy/resource-policy-no-public-principal";
import { document, unknown } from "../support/iamRoles";
import { judge, UNKNOWN, type Declared } from "../support/judge";

const bucket = "arn:aws:s3:::orders";
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/*`, Principal: "*" };
const own = "111111111111";
const attached = (type: string, ...statements: unknown[]): Declared => ({
    type: `aws:${type}`,
    props: { policy: document(...statements) },
});
const bucketPolicy = (...statements: unknown[]) => attached("s3/bucketPolicy:BucketPolicy", ...statements);

describe("resource-policy-no-public-principal", () => {
    const mend = "Name principals, or demand a fixed account, organization, role, endpoint or source.";
    const refusal = (place = "statement 1", finding = place) =>
        `it allows s3:GetObject to everybody in ${place} of policy. ${mend} [${finding}]`;
    const denial = (Condition: object, more: object = {}) => ({
        ...read,
        Effect: "Deny",
        Action: "s3:*",
        Condition,
        ...more,
    });
    const outsideEndpoint = { StringNotEquals: { "aws:SourceVpce": "vpce-1" } };

    for (const [title, ...statements] of [
        ["named principals", { ...read, Principal: { AWS: own, Service: "cloudfront.amazonaws.com" } }],
        ["a denial", { ...read, Effect: "Deny" }],
        ["a denial of all but an endpoint", read, denial(outsideEndpoint)],
        [
            "a denial of all but an endpoint and a range",
            read,
            denial(
                { ...outsideEndpoint, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
                { Resource: [bucket, "*"] },
            ),
        ],
        ...Object.entries({
            StringEquals: { "aws:PrincipalOrgID": "o-quartet" },
            StringLike: { "aws:PrincipalAccount": own },
            ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` },
            ArnEquals: { "aws:SourceArn": `arn:aws:sns:eu-west-1:${own}:*` },
            "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-quartet/r-1/*" },
            IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32", "203.0.113.7"] },
        }).map(([operator, keys]) => [
            `${operator} of ${Object.keys(keys)[0]}`,
            { ...read, Condition: { [operator]: keys } },
        ]),
    ] as [string, ...object[]][]) {
        it(`takes a policy with ${title}`, async () => {
            assert.deepEqual(await judge(noPublic, bucketPolicy(...statements)), []);
        });
    }

    for (const [title, ...statements] of [
        ["everybody", read],
        ["everybody as AWS principal", { ...read, Principal: { AWS: [own, "*"] } }],
        ...Object.entries({
            StringEquals: { "aws:SourceAccount": "${aws:PrincipalAccount}" },
            StringLike: { "aws:PrincipalOrgID": "o-*" },
            ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/orders" },
            ArnEquals: { "aws:SourceArn": "arn:aws:sns:*:*:orders" },
            StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" },
            StringNotEquals: { "aws:SourceVpce": "vpce-1" },
            "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-quartet" },
            IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"] },
            Bool: { "aws:SecureTransport": "true" },
            StringEqualsIgnoreCase: { "aws:UserAgent": "quartet" },
        }).map(([operator, keys]) => [
            `${operator} of ${Object.keys(keys)[0]}`,
            { ...read, Condition: { [operator]: keys } },
        ]),
        ["a denial that everybody escapes", read, denial({ StringNotLike: { "aws:SourceVpce": "*" } })],
        [
            "a denial that a further condition weakens",
            read,
            denial({ ...outsideEndpoint, Bool: { "aws:SecureTransport": "false" } }),
        ],
        [
            "a denial where a set of values may be empty",
            read,
            denial({ "ForAnyValue:StringNotEquals": { "aws:SourceVpce": "vpce-1" } }),
        ],
        ["a denial without a condition on callers", read, denial({})],
        ["a denial of other actions", read, denial(outsideEndpoint, { Action: "s3:Put*" })],
        ["a denial for other objects", read, denial(outsideEndpoint, { Resource: `${bucket}/secret/*` })],
        ["a denial for others", read, denial(outsideEndpoint, { Principal: { AWS: own } })],
        [
            "an Allow that looks like such a denial",
            read,
            { ...denial(outsideEndpoint), Effect: "Allow", Principal: { AWS: own } },
        ],
    ] as [string, ...object[]][]) {
        it(`refuses a policy with ${title}`, async () => {
            assert.deepEqual(await judge(noPublic, bucketPolicy(...statements)), [refusal()]);
        });
    }

    it("names all actions, and the Sid where there is one", async () => {
        const statement = { ...read, Sid: "Open", Action: ["s3:GetObject", "s3:PutObject"] };
        assert.deepEqual(await judge(noPublic, bucketPolicy(statement)), [
            `it allows s3:GetObject and s3:PutObject to everybody in statement 1 (Open) of policy. ${mend} [Open]`,
        ]);
    });

    it("judges each statement of text, and does not take one that is known only after a deployment", async () => {
        const props = { policy: JSON.stringify(document({ ...read, Principal: { AWS: own } }, read)) };
        assert.deepEqual(await judge(noPublic, { type: "aws:s3/bucketV2:BucketV2", props }), [refusal("statement 2")]);
        assert.deepEqual(
            await judge(
                noPublic,
                bucketPolicy({ ...read, Condition: { StringEquals: { "aws:SourceVpce": UNKNOWN } } }, read),
            ),
            [`it ${unknown("policy.Statement.0.Condition.StringEquals.aws:SourceVpce")}`, refusal("statement 2")],
        );
    });
});

describe("resource-policy-no-public-principal for VPC endpoints", () => {
    const mend = "Name ARNs in Resource, or demand aws:PrincipalArn, aws:PrincipalOrgID or aws:ResourceAccount.";
    const all = { Effect: "Allow", Action: "*", Resource: "*", Principal: "*" };

    for (const type of ["ec2/vpcEndpoint:VpcEndpoint", "ec2/vpcEndpointPolicy:VpcEndpointPolicy"]) {
        it(`takes everybody in a ${type.split(":")[1]} where resources or conditions narrow it`, async () => {
            for (const more of [
                { Resource: "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*" },
                { Condition: { ArnEquals: { "aws:PrincipalArn": [`arn:aws:iam::${own}:role/orders`] } } },
                { Condition: { StringEquals: { "aws:ResourceAccount": own } } },
            ]) {
                assert.deepEqual(await judge(noPublic, attached(type, { ...all, ...more })), []);
            }
            assert.deepEqual(await judge(noPublic, { type: `aws:${type}` }), []);
        });

        it(`refuses everybody in a ${type.split(":")[1]} where nothing narrows it`, async () => {
            const { Resource: _, ...rest } = all;
            for (const statement of [
                all,
                { ...all, Resource: ["arn:aws:s3:::orders/*", "arn:aws:s3:::*"] },
                { ...rest, NotResource: "arn:aws:s3:::orders/*" },
                { ...all, Condition: { StringEquals: { "aws:PrincipalTag/team": "orders" } } },
            ]) {
                assert.deepEqual(await judge(noPublic, attached(type, statement)), [
                    `it lets everybody reach everything in statement 1 of policy. ${mend} [statement 1]`,
                ]);
            }
        });
    }
});

describe("resource-policy-no-public-principal for REST APIs", () => {
    const mend = "Name principals, or demand a fixed account, organization, role, endpoint or source.";
    const call = (Resource: unknown) => ({ Effect: "Allow", Action: "execute-api:Invoke", Principal: "*", Resource });
    const signed = { security: [{ iam: [] }] };
    const api = (statement: object, props: object = {}, ...more: object[]): Declared => ({
        type: "aws:apigateway/restApi:RestApi",
        props: {
            body: JSON.stringify({
                paths: {
                    "/orders": { get: {}, post: signed },
                    "/any/{id}": { "x-amazon-apigateway-any-method": signed },
                },
                components: {
                    securitySchemes: { iam: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" } },
                },
                "x-amazon-apigateway-policy": document(statement, ...more),
            }),
            ...props,
        },
    });
    const at = "in statement 1 of body.x-amazon-apigateway-policy";

    it("takes everybody on routes that are open without a policy, too", async () => {
        for (const route of [
            "execute-api:/prod/GET/orders",
            "execute-api:/prod/GET/any/1/orders",
            `arn:aws:execute-api:eu-west-1:${own}:a1/*/GET/order?`,
        ]) {
            assert.deepEqual(await judge(noPublic, api(call(route))), []);
        }
    });

    for (const [resource, routes] of [
        ["execute-api:/prod/POST/orders", "POST /orders"],
        ["execute-api:/*/*/orders", "POST /orders and ANY /any/{id}"],
        [`arn:aws:execute-api:eu-west-1:${own}:a1/prod/POST/*`, "POST /orders and ANY /any/{id}"],
        ["execute-api:/*", "POST /orders and ANY /any/{id}"],
        ["*", "POST /orders and ANY /any/{id}"],
        ["execute-api:/prod/DELETE/any/*", "ANY /any/{id}"],
        ["execute-api:/prod/*/any/1?", "ANY /any/{id}"],
    ]) {
        it(`refuses everybody on ${resource}, where callers sign`, async () => {
            assert.deepEqual(await judge(noPublic, api(call(resource))), [
                `it allows ${routes} to everybody ${at}. ${mend} [statement 1]`,
            ]);
        });
    }

    it("refuses everybody in a private API, and in one that does not tell its routes", async () => {
        const statement = call("execute-api:/prod/GET/orders");
        for (const types of ["PRIVATE", ["PRIVATE"]]) {
            assert.deepEqual(await judge(noPublic, api(statement, { endpointConfiguration: { types } })), [
                `it allows routes to everybody ${at}. ${mend} [statement 1]`,
            ]);
        }
        const { type } = api(statement);
        assert.deepEqual(await judge(noPublic, { type, props: { policy: document(statement) } }), [
            `it allows routes to everybody in statement 1 of policy. ${mend} [statement 1]`,
        ]);
        assert.deepEqual(await judge(noPublic, attached("apigateway/restApiPolicy:RestApiPolicy", statement)), [
            `it allows execute-api:Invoke to everybody in statement 1 of policy. ${mend} [statement 1]`,
        ]);
    });

    it("leaves aside the routes that a denial keeps to fixed callers", async () => {
        const routes = ["execute-api:/prod/POST/orders", "execute-api:/prod/POST/any/1"];
        const condition = { ArnNotEquals: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/a` } };
        const denial = { ...call(routes[0]), Effect: "Deny", Condition: condition };
        assert.deepEqual(await judge(noPublic, api(call(routes), {}, denial)), [
            `it allows ANY /any/{id} to everybody ${at}. ${mend} [statement 1]`,
        ]);
        assert.deepEqual(await judge(noPublic, api(call(routes[0]), {}, denial)), []);
    });

    it("takes a private API that refuses all but an endpoint", async () => {
        const all = call("execute-api:/*");
        const denial = { ...all, Effect: "Deny", Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } };
        assert.deepEqual(await judge(noPublic, attached("apigateway/restApiPolicy:RestApiPolicy", all, denial)), []);
    });
});
