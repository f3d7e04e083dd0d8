import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/pulumi/pulumi-state-bucket";
import type { Rule } from "../../../policy/support/rule";
import { bucket, bucketSetting } from "../support/buckets";
import { analyzeStack, judgeStack, UNKNOWN, type Declared } from "../support/judge";

/** The rule in a stack whose configuration names a bucket. */
const named = (name: string): Rule => ({
    ...rule,
    options: { bucket: { ...rule.options!.bucket, dev: name, prod: name } },
});

const TYPES = {
    block: "bucketPublicAccessBlock:BucketPublicAccessBlock",
    ownership: "bucketOwnershipControls:BucketOwnershipControls",
    policy: "bucketPolicy:BucketPolicy",
    sse: "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    versioning: "bucketVersioning:BucketVersioning",
    logging: "bucketLogging:BucketLogging",
    life: "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
};

const SWITCHES = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
};

const DENIAL = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const AES = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };

const SETTINGS: Readonly<Record<keyof typeof TYPES, Record<string, unknown>>> = {
    block: SWITCHES,
    ownership: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    policy: { policy: JSON.stringify({ Statement: [DENIAL] }) },
    sse: {
        rules: [
            {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/state" },
                bucketKeyEnabled: true,
            },
        ],
    },
    versioning: { versioningConfiguration: { status: "Enabled" } },
    logging: { targetBucket: "logs" },
    life: { rules: [{ id: "a", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }] },
};

const locked = { ...bucket(), protect: true };

/** The bucket and its settings, some of them changed, or left out where `undefined`. */
function state(changes: Partial<Record<keyof typeof TYPES, Record<string, unknown> | undefined>> = {}): Declared[] {
    const all = { ...SETTINGS, ...changes };
    const kinds = Object.keys(TYPES) as (keyof typeof TYPES)[];
    return [locked, ...kinds.flatMap((kind) => (all[kind] ? [bucketSetting(TYPES[kind], all[kind])] : []))];
}

describe("pulumi-state-bucket", () => {
    for (const name of ["data", "elsewhere"]) {
        it(`says nothing of a bucket ${name} while no bucket is named`, async () => {
            assert.deepEqual(await judgeStack(rule, [bucket({ forceDestroy: true }, name)]), []);
        });
    }

    it("takes a bucket that keeps all rules", async () => {
        assert.deepEqual(await judgeStack(named("data"), state()), []);
    });

    it("says when the named bucket is not in the stack", async () => {
        assert.deepEqual(
            await judgeStack(named("state"), [locked, { ...bucket({}, "new"), props: { bucket: UNKNOWN } }]),
            [
                "The stack has no bucket state. Set the rule's option bucket to the name that the bucket of the state declares.",
            ],
        );
    });

    it("demands protection, of the bucket alone", async () => {
        const [, ...settings] = state();
        assert.deepEqual(await judgeStack(named("data"), [bucket(), ...settings, bucket({}, "logs")]), [
            "data holds the state, but is not protected. Set Pulumi's option protect: true. [protect]",
        ]);
    });

    for (const [kind, finding] of [
        ["block", "s3-public-access-block"],
        ["ownership", "s3-acls-disabled"],
        ["policy", "s3-tls-only"],
        ["sse", "s3-encryption"],
        ["versioning", "s3-versioning"],
        ["logging", "s3-access-logging"],
        ["life", "s3-lifecycle"],
    ] as const) {
        it(`demands ${finding} on dev as on prod`, async () => {
            for (const stack of ["dev", "prod"]) {
                const found = await analyzeStack([named("data")], state({ [kind]: undefined }), stack);
                assert.deepEqual(
                    found.map(({ level, resource, message }) => [level, resource, /\[(.+)\]$/.exec(message)?.[1]]),
                    [["mandatory", "data", finding]],
                );
            }
        });
    }

    it("names the rule, the finding and the mend, for the resource that is wrong", async () => {
        const cors = bucketSetting("bucketCorsConfiguration:BucketCorsConfiguration", {
            corsRules: [{ allowedMethods: ["POST"], allowedOrigins: ["*"] }],
        });
        const changes = { block: { ...SWITCHES, blockPublicAcls: false }, sse: { rules: [AES] } };
        assert.deepEqual(await judgeStack(named("data"), [...state(changes), cors]), [
            "setting leaves blockPublicAcls off. Set blockPublicAcls: true. [s3-public-access-block:blockPublicAcls]",
            "data is encrypted by AES256 instead of a KMS key. Give the bucket an " +
                "aws.s3.BucketServerSideEncryptionConfiguration with the algorithm aws:kms, a kmsMasterKeyId and " +
                "bucketKeyEnabled: true. [s3-encryption:AES256]",
            "setting allows POST from the origin * in CORS rule 1. Name in allowedOrigins the origins of your own sites. " +
                "[s3-cors-no-wildcard:*]",
        ]);
    });

    it("excuses the bucket from nothing when another logs to it", async () => {
        const other = {
            ...bucketSetting(TYPES.logging, {}),
            name: "other",
            props: { bucket: "logs", targetBucket: "data" },
        };
        const found = await judgeStack(named("data"), [...state({ logging: undefined }), other]);
        assert.deepEqual(
            found.map((message) => /\[(.+)\]$/.exec(message)?.[1]),
            ["s3-access-logging"],
        );
    });

    it("judges by the other rules when an unknown value keeps one from it", async () => {
        const found = await judgeStack(named("data"), state({ policy: { policy: UNKNOWN }, versioning: undefined }));
        assert.deepEqual(
            found.map((message) => /\[(.+)\]$/.exec(message)?.[1]),
            ["s3-tls-only:unknown:policy", "s3-versioning"],
        );
    });
});
