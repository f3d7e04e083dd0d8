import { BUCKET_LOGGING, bucketSettings, isLogTarget } from "../../support/s3/buckets";
import { namesOwnKey } from "../../support/kms/keys";
import type { Fault, Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { isTrue, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "s3-encryption",
    title: "Buckets say how objects are encrypted, and those with data use a KMS key of their owner's and a bucket key.",
    why: "With S3's own keys everybody who may read an object can decrypt it; a key of one's own is a second lock with its own policy and log. Without a bucket key each object costs a request to KMS.",
    mend: "Give the bucket an aws.s3.BucketServerSideEncryptionConfiguration with the algorithm aws:kms, a kmsMasterKeyId and bucketKeyEnabled: true.",
    sources: [
        "cdk-nag S3DefaultEncryptionKMS",
        "Security Hub S3.17",
        "checkov CKV_AWS_145",
        "Pulumi s3-bucket-encryption",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", BUCKET_LOGGING],
    options: {
        ownKey: {
            what: "Whether buckets need a KMS key of their owner's, but for those that take access logs",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *checkInStack(bucket, stack, { ownKey }) {
        const { separate, inline } = bucketSettings(bucket, stack, {
            type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            property: "rule",
            inline: "serverSideEncryptionConfiguration",
        });
        const rules = [...separate, ...inline.flatMap((configuration) => settings(configuration, "rule"))];
        const defaults = rules.flatMap((each) => settings(each, "applyServerSideEncryptionByDefault"));
        if (defaults.length === 0) {
            yield { fault: "does not say how its objects are encrypted" };
        }
        if (ownKey === true && !isLogTarget(bucket, stack)) {
            yield* defaults.flatMap(foreignKey);
        }
        if (defaults.some(({ sseAlgorithm }) => sseAlgorithm === "aws:kms") && !rules.some(hasBucketKey)) {
            yield {
                fault: "asks KMS for each object",
                finding: "bucketKeyEnabled",
                mend: "Set bucketKeyEnabled: true.",
            };
        }
    },
};

function foreignKey(defaults: Props): Fault[] {
    const algorithm = textOf(defaults.sseAlgorithm) ?? "nothing";
    if (!algorithm.startsWith("aws:kms")) {
        return [{ fault: `is encrypted by ${algorithm} instead of a KMS key`, finding: algorithm }];
    }
    return namesOwnKey(defaults, "kmsMasterKeyId")
        ? []
        : [{ fault: "is encrypted with a KMS key of AWS's", finding: "kmsMasterKeyId" }];
}

function hasBucketKey({ bucketKeyEnabled }: Props): boolean {
    return isTrue(bucketKeyEnabled);
}
