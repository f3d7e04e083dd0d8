import * as assert from "node:assert/strict";
import { actionsOf, coversAction, isService, matchesAction } from "../../policy/support/iam/actions";
import { accountOf, hasWildcard, parseArn } from "../../policy/support/iam/arns";
import { conditionsOf, demanded, isOperator } from "../../policy/support/iam/conditions";
import { principalsOf } from "../../policy/support/iam/principals";

describe("conditions", () => {
    it("are read with their qualifiers, in any case, one for each key", () => {
        assert.deepEqual(
            conditionsOf({
                "foranyvalue:stringequals": { "AWS:TagKeys": ["a", "b"] },
                "ForAllValues:StringLikeIfExists": { "aws:TagKeys": "a*" },
                bool: { "aws:SecureTransport": false, "aws:MultiFactorAuthPresent": "true" },
                Unheard: { "aws:x": 1 },
            }),
            [
                {
                    operator: "StringEquals",
                    set: "ForAnyValue",
                    ifExists: false,
                    key: "aws:tagkeys",
                    values: ["a", "b"],
                },
                { operator: "StringLike", set: "ForAllValues", ifExists: true, key: "aws:tagkeys", values: ["a*"] },
                { operator: "Bool", ifExists: false, key: "aws:securetransport", values: ["false"] },
                { operator: "Bool", ifExists: false, key: "aws:multifactorauthpresent", values: ["true"] },
                { operator: "Unheard", ifExists: false, key: "aws:x", values: ["1"] },
            ],
        );
        assert.deepEqual(conditionsOf(undefined), []);
        assert.throws(() => conditionsOf("text"), /should be an object/);
        assert.throws(() => conditionsOf({ StringEquals: { "aws:x": {} } }), /should be a text/);
    });

    for (const [operator, values, expected] of [
        ...[["StringEquals", "a", ["a"]] as const, ["StringEqualsIgnoreCase", ["a", "b"], ["a", "b"]] as const],
        ...[["ForAnyValue:StringEquals", "a", ["a"]] as const, ["StringEquals", "a*", ["a*"]] as const],
        ...[
            ["StringLike", "a", ["a"]] as const,
            ["ArnLike", "arn:a", ["arn:a"]] as const,
            ["Bool", true, ["true"]] as const,
        ],
        ...[["StringLike", "a*"] as const, ["StringLike", ["a", "b?"]] as const, ["ArnEquals", "arn:*"] as const],
        ...[["StringEqualsIfExists", "a"] as const, ["ForAllValues:StringEquals", "a"] as const],
        ...[["StringNotEquals", "a"] as const, ["Null", "false"] as const, ["StringEquals", []] as const],
    ]) {
        it(`demand ${JSON.stringify(expected) ?? "nothing"} by ${operator} ${JSON.stringify(values)}`, () => {
            const conditions = conditionsOf({ [operator]: { "AWS:SourceArn": values } });

            assert.deepEqual(demanded(conditions, "aws:SourceAccount", "aws:sourcearn"), expected);
            assert.equal(demanded(conditions, "aws:SourceAccount"), undefined);
        });
    }

    it("know the operators of IAM in any case", () => {
        assert.deepEqual(["stringequals", "NotIpAddress", "Null", "StringEqual", ""].map(isOperator), [
            ...[true, true, true],
            ...[false, false],
        ]);
    });
});

describe("principals", () => {
    const account = "111111111111";

    for (const [element, expected] of [
        [undefined, []],
        ["*", [{ kind: "*", value: "*" }]],
        [{ AWS: "*" }, [{ kind: "*", value: "*" }]],
        [
            { AWS: ["*"], Service: "a.amazonaws.com" },
            [
                { kind: "*", value: "*" },
                { kind: "Service", value: "a.amazonaws.com" },
            ],
        ],
        [{ AWS: account }, [{ kind: "AWS", value: account, account, wholeAccount: true }]],
        [{ AWS: 111111111111 }, [{ kind: "AWS", value: account, account, wholeAccount: true }]],
        [
            { AWS: `arn:aws:iam::${account}:root` },
            [{ kind: "AWS", value: `arn:aws:iam::${account}:root`, account, wholeAccount: true }],
        ],
        [
            { AWS: `arn:aws:iam::${account}:role/root` },
            [{ kind: "AWS", value: `arn:aws:iam::${account}:role/root`, account }],
        ],
        [{ AWS: "arn:aws:iam::*:root" }, [{ kind: "AWS", value: "arn:aws:iam::*:root" }]],
        [
            { Federated: ["a", "b"] },
            [
                { kind: "Federated", value: "a" },
                { kind: "Federated", value: "b" },
            ],
        ],
        [{ CanonicalUser: "a" }, [{ kind: "CanonicalUser", value: "a" }]],
    ] as const) {
        it(`are read from ${JSON.stringify(element) ?? "nothing"}`, () => {
            assert.deepEqual(principalsOf(element), expected);
        });
    }

    for (const element of [{ Aws: "*" }, ["*"], 5, true]) {
        it(`can't be read from ${JSON.stringify(element)}`, () => {
            assert.throws(() => principalsOf(element), { message: /of no kind that IAM knows|should be an object/ });
        });
    }
});

describe("actions", () => {
    it("are matched in any case, with both wildcards, and nothing else is a pattern", () => {
        for (const pattern of [
            "S3:getobject",
            "s3:Get*",
            "s3:**Object",
            "*",
            "*:*",
            "s?:Get?bject",
            `s3:${"*".repeat(60)}t`,
        ]) {
            assert.ok(matchesAction(pattern, "s3:GetObject"), pattern);
        }
        for (const pattern of [
            "s3:Get",
            "Object",
            "s3:Get.bject",
            "s3:Ge[t]Object",
            "s3:?GetObject",
            `s3:${"*".repeat(60)}x`,
        ]) {
            assert.ok(!matchesAction(pattern, "s3:GetObject"), pattern);
        }
        assert.ok(coversAction(["sqs:*", "s3:*"], "s3:GetObject"));
        assert.ok(!coversAction([], "s3:GetObject"));
    });

    it("are found by name or pattern with what AWS says of them", async () => {
        assert.deepEqual(await actionsOf("SQS:sendmessage"), [
            { name: "sqs:SendMessage", accessLevels: ["Write"], resourceLevel: true },
        ]);
        assert.deepEqual(
            (await actionsOf("xray:putT*")).map(({ name, resourceLevel }) => [name, resourceLevel]),
            [
                ["xray:PutTelemetryRecords", false],
                ["xray:PutTraceSegments", false],
            ],
        );
        assert.deepEqual(await actionsOf("sqs:SendMesage"), []);
        assert.deepEqual(await actionsOf("nothing:*"), []);
    });

    it("are of services that AWS lists, in any case", async () => {
        assert.deepEqual(await Promise.all(["S3", "dsql", "nothing", "*"].map(isService)), [true, true, false, false]);
    });
});

describe("ARNs", () => {
    it("have parts, of which the last takes all further colons", () => {
        const [partition, service, region, account] = ["aws", "logs", "eu-west-1", "111111111111"];

        assert.deepEqual(parseArn(`arn:aws:logs:eu-west-1:${account}:log-group:x:*`), {
            ...{ partition, service, region, account, resource: "log-group:x:*" },
        });
        assert.deepEqual(["*", "arn:aws:s3", "arn:aws:s3:::", "urn:a:b:c:d:e"].map(parseArn), Array(4).fill(undefined));
    });

    it("tell an account only when it is one", () => {
        assert.equal(accountOf("arn:aws:sqs:eu-west-1:111111111111:orders"), "111111111111");
        for (const text of [
            "arn:aws:s3:::orders",
            "arn:aws:iam::*:root",
            "arn:aws:iam::aws:policy/x",
            "111111111111",
        ]) {
            assert.equal(accountOf(text), undefined, text);
        }
    });

    it("have wildcards of two kinds", () => {
        assert.deepEqual(["a*", "a?", "a"].map(hasWildcard), [true, true, false]);
    });
});
