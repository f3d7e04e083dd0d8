import * as assert from "node:assert/strict";
import { rule as encryption } from "../../../policy/rules/s3/s3-encryption";
import { bucket, bucketSetting, old, unknownOfBucket } from "../support/buckets";
import { judgeStack, UNKNOWN } from "../support/judge";

const logging = (props: Record<string, unknown>) => bucketSetting("bucketLogging:BucketLogging", props);

describe("s3-encryption", () => {
    const TYPE = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const MEND =
        "Give the bucket an aws.s3.BucketServerSideEncryptionConfiguration with the algorithm aws:kms, a kmsMasterKeyId " +
        "and bucketKeyEnabled: true.";
    const KEY = "arn:aws:kms:eu-west-1:111111111111:key/a5fceaa8-8961-5185-aacd-a8884ce40bbf";
    const apply = (sseAlgorithm: string, kmsMasterKeyId?: string) => ({
        applyServerSideEncryptionByDefault: { sseAlgorithm, ...(kmsMasterKeyId && { kmsMasterKeyId }) },
    });
    const withKey = { ...apply("aws:kms", KEY), bucketKeyEnabled: true };
    const sse = (...rules: readonly unknown[]) => bucketSetting(TYPE, { rules });

    for (const [title, resources] of [
        ["a key and a bucket key", [bucket(), sse(withKey)]],
        ["a key that is made in the same deployment", [bucket(), sse({ ...withKey, ...apply("aws:kms", UNKNOWN) })]],
        ["two layers with a key, which know no bucket key", [bucket(), sse(apply("aws:kms:dsse", KEY))]],
        ["a setting of the old type", [bucket(), old(sse(withKey))]],
        ["a setting of its own property", [bucket({ serverSideEncryptionConfiguration: { rule: withKey } })]],
        [
            "a setting of its own property in the old shape",
            [
                old(
                    bucket({
                        serverSideEncryptionConfigurations: [
                            {
                                rules: [
                                    {
                                        applyServerSideEncryptionByDefaults: [
                                            { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
                                        ],
                                        bucketKeyEnabled: "true",
                                    },
                                ],
                            },
                        ],
                    }),
                ),
            ],
        ],
    ] as const) {
        it(`takes a bucket with ${title}`, async () => {
            assert.deepEqual(await judgeStack(encryption, resources), []);
        });
    }

    for (const rules of [[], [{ bucketKeyEnabled: true }]]) {
        it(`refuses a bucket with the rules ${JSON.stringify(rules)}`, async () => {
            assert.deepEqual(await judgeStack(encryption, [bucket(), sse(...rules)]), [
                `data does not say how its objects are encrypted. ${MEND}`,
            ]);
        });
    }

    it("refuses a bucket that says nothing, on dev too, though the provider answers something unknown", async () => {
        const data = { ...bucket(), outputs: { serverSideEncryptionConfiguration: UNKNOWN } };
        assert.deepEqual(await judgeStack(encryption, [data], "dev"), [
            `data does not say how its objects are encrypted. ${MEND}`,
        ]);
    });

    it("refuses S3's keys for data on prod, but not on dev", async () => {
        const resources = [bucket(), sse(apply("AES256"))];
        assert.deepEqual(await judgeStack(encryption, resources, "dev"), []);
        assert.deepEqual(await judgeStack(encryption, resources), [
            `data is encrypted by AES256 instead of a KMS key. ${MEND} [AES256]`,
        ]);
    });

    for (const kmsMasterKeyId of [undefined, "alias/aws/s3", "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3"]) {
        it(`refuses AWS's key, given as ${kmsMasterKeyId ?? "none"}`, async () => {
            const rule = { ...apply("aws:kms", kmsMasterKeyId), bucketKeyEnabled: true };
            assert.deepEqual(await judgeStack(encryption, [bucket(), sse(rule)]), [
                `data is encrypted with a KMS key of AWS's. ${MEND} [kmsMasterKeyId]`,
            ]);
        });
    }

    it("refuses a key without a bucket key", async () => {
        assert.deepEqual(await judgeStack(encryption, [bucket(), sse(apply("aws:kms", KEY))]), [
            "data asks KMS for each object. Set bucketKeyEnabled: true. [bucketKeyEnabled]",
        ]);
    });

    it("takes S3's keys for a bucket that takes access logs", async () => {
        const logs = bucket({}, "logs");
        const sseOfLogs = { ...sse(apply("AES256")), props: { bucket: "logs", rules: [apply("AES256")] } };
        const target = logging({ targetBucket: "logs" });
        assert.deepEqual(await judgeStack(encryption, [bucket(), sse(withKey), logs, sseOfLogs, target]), []);
    });

    for (const [title, resources] of [
        ["by a resource", [bucket(), logging({ targetBucket: "data" })]],
        ["inline", [bucket({ logging: { targetBucket: "data" } })]],
    ] as const) {
        it(`refuses S3's keys for a bucket that takes only its own logs, ${title}`, async () => {
            assert.deepEqual(await judgeStack(encryption, [...resources, sse(apply("AES256"))]), [
                `data is encrypted by AES256 instead of a KMS key. ${MEND} [AES256]`,
            ]);
        });
    }

    it("does not take an unknown algorithm for one with a key", async () => {
        assert.deepEqual(await judgeStack(encryption, [bucket(), sse(apply(UNKNOWN, KEY))]), [
            unknownOfBucket("rules.0.applyServerSideEncryptionByDefault.sseAlgorithm"),
        ]);
    });
});
