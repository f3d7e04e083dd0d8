import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/s3/s3-tls-only";
import { deniesWithoutTls } from "../../../policy/support/iam/tlsOnly";
import { judgeStack, UNKNOWN } from "../support/judge";

const ARN = "arn:aws:s3:::data";

const DENIAL = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [ARN, `${ARN}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const document = (...statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });

describe("s3-tls-only", () => {
    const bucket = (props: Record<string, unknown> = {}) => ({
        type: "aws:s3/bucket:Bucket",
        name: "data",
        props: { bucket: "data", ...props },
    });
    const policy = (value: unknown, on = "data") => ({
        type: "aws:s3/bucketPolicy:BucketPolicy",
        name: "policy",
        props: { bucket: on, policy: value },
    });
    const NONE =
        "data has no policy that refuses requests without TLS. Give the bucket a policy that denies s3:* to everybody " +
        "where aws:SecureTransport is false, for the bucket and its objects.";

    it("takes a bucket with a policy as text", async () => {
        assert.deepEqual(await judgeStack(rule, [bucket(), policy(JSON.stringify(document(DENIAL)))]), []);
    });

    it("takes a bucket with a policy as object", async () => {
        assert.deepEqual(await judgeStack(rule, [bucket(), policy(document(DENIAL))]), []);
    });

    it("takes a bucket whose own property is the policy", async () => {
        assert.deepEqual(await judgeStack(rule, [bucket({ policy: JSON.stringify(document(DENIAL)) })]), []);
    });

    it("finds the policy by an unknown output", async () => {
        const data = { ...bucket(), props: {}, outputs: { id: UNKNOWN, bucket: UNKNOWN, policy: UNKNOWN } };
        const ofData = { ...policy(document(DENIAL), UNKNOWN), refers: { bucket: ["data"] } };
        assert.deepEqual(await judgeStack(rule, [{ ...data, props: { forceDestroy: false } }, ofData]), []);
    });

    it("refuses a bucket without a policy, though the provider answers something unknown", async () => {
        const data = { ...bucket(), outputs: { policy: UNKNOWN } };
        assert.deepEqual(await judgeStack(rule, [data, policy(document(DENIAL), "other")]), [NONE]);
    });

    it("refuses a policy without a denial, also of the old type", async () => {
        const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${ARN}/*` };
        const data = { ...bucket(), type: "aws:s3/bucketV2:BucketV2" };
        assert.deepEqual(await judgeStack(rule, [data, policy(document(allow))]), [NONE]);
    });

    it("refuses a policy for the bucket that leaves its objects out", async () => {
        assert.deepEqual(await judgeStack(rule, [bucket(), policy(document({ ...DENIAL, Resource: ARN }))]), [NONE]);
    });

    it("does not take an unknown policy for one that refuses", async () => {
        assert.deepEqual(await judgeStack(rule, [bucket(), policy(UNKNOWN)]), [
            "data could not be judged, since policy is known only after a deployment. " +
                "Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:policy]",
        ]);
    });

    it("does not take text that is no policy for one that refuses", async () => {
        const [message] = await judgeStack(rule, [bucket(), policy("secret: yes")]);
        assert.match(message, /^data could not be judged: policy is no JSON\./);
    });
});

describe("a policy", () => {
    const refuses = (...statements: readonly unknown[]) =>
        deniesWithoutTls(
            {
                ...{ urn: "", name: "", options: { protect: false } },
                type: "aws:s3/bucketPolicy:BucketPolicy",
                props: { policy: document(...statements) },
            },
            ["s3:*"],
            ["", "/*"],
        );
    const denial = (changes: Record<string, unknown>) => ({ ...DENIAL, ...changes });
    const when = (operator: string, values: unknown, key = "aws:SecureTransport") =>
        denial({ Condition: { [operator]: { [key]: values } } });

    for (const [title, statements] of [
        ["the denial that AWS shows", [DENIAL]],
        ["all principals as a list", [denial({ Principal: { AWS: ["*"] } })]],
        ["all actions, in other cases", [denial({ Action: ["S3:*"] })]],
        ["all actions of all services", [denial({ Action: "*" })]],
        ["all resources", [denial({ Resource: "*" })]],
        ["the bucket and its objects by one pattern", [denial({ Resource: `${ARN}*` })]],
        [
            "two denials that cover the bucket and its objects",
            [denial({ Resource: ARN }), denial({ Resource: `${ARN}/*` })],
        ],
        ["a condition with a boolean and a key of another case", [when("Bool", false, "AWS:securetransport")]],
        ["a condition with a list", [when("Bool", ["False"])]],
        ["a condition that also holds without the key", [when("BoolIfExists", "false")]],
        ["a denial of everything", [denial({ Condition: undefined })]],
        ["a denial behind an allowance", [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }, DENIAL]],
    ] as const) {
        it(`refuses plain HTTP by ${title}`, () => {
            assert.equal(refuses(...statements), true);
        });
    }

    for (const [title, statements] of [
        ["an allowance with TLS", [{ ...when("Bool", "true"), Effect: "Allow" }]],
        ["an allowance without TLS", [denial({ Effect: "Allow" })]],
        ["a denial to one principal", [denial({ Principal: { AWS: "arn:aws:iam::111111111111:root" } })]],
        ["a denial to all but one principal", [denial({ Principal: undefined, NotPrincipal: { AWS: "*" } })]],
        ["a denial of some actions", [denial({ Action: ["s3:Get*", "s3:PutObject"] })]],
        ["a denial of all actions but some", [denial({ Action: undefined, NotAction: "s3:GetObject" })]],
        ["a denial for the bucket alone", [denial({ Resource: ARN })]],
        ["a denial for the objects alone", [denial({ Resource: `${ARN}/*` })]],
        ["a denial for the objects of one folder", [denial({ Resource: [ARN, `${ARN}/temp/*`] })]],
        ["a denial for some objects", [denial({ Resource: [ARN, `${ARN}/*.html`] })]],
        ["a denial for what some bucket matches", [denial({ Resource: ["arn:aws:s3:::dat?", "arn:aws:s3:::dat?/*"] })]],
        ["a denial for what may be objects", [denial({ Resource: ["arn:aws:s3:::d*a", "arn:aws:s3:::d*a/*"] })]],
        ["a denial for what is no ARN", [denial({ Resource: ["data", "data/*"] })]],
        ["a denial for all but some", [denial({ Resource: undefined, NotResource: `${ARN}/public/*` })]],
        ["a denial with TLS", [when("Bool", "true")]],
        ["a condition without values", [when("Bool", [])]],
        ["a condition of another key", [when("Bool", "false", "aws:ViaAWSService")]],
        ["a condition of another operator", [when("StringNotLike", "false")]],
        ["a condition for all values", [when("ForAllValues:Bool", "false")]],
        [
            "a further condition",
            [denial({ Condition: { ...DENIAL.Condition, StringEquals: { "aws:PrincipalTag/team": "a" } } })],
        ],
    ] as const) {
        it(`does not refuse plain HTTP by ${title}`, () => {
            assert.equal(refuses(...statements), false);
        });
    }
});
