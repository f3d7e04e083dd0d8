import type { Resource } from "../../support/resources";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { isFalse, isTrue, type Props } from "../../support/values";

export const rule: Rule = {
    id: "s3-public-access-block",
    title: "Each bucket has a block of public access with all four switches on, and nothing switches one off.",
    why: "Without it, one policy or ACL written by mistake opens a bucket to everybody.",
    mend: "Give the bucket an aws.s3.BucketPublicAccessBlock with blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets: true.",
    sources: [
        "cdk-nag AwsSolutions-S2",
        "Security Hub S3.1",
        "Security Hub S3.8",
        "Security Hub S3.19",
        "Security Hub S3.24",
        "checkov CKV2_AWS_6",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:s3/accessPoint:AccessPoint",
        "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
    ],
    *check(resource) {
        const isOff = OFF_BY_DEFAULT.includes(resource.type) ? (value: unknown) => !isTrue(value) : isFalse;
        for (const block of blocksOf(resource)) {
            yield* each(SWITCHES, function* (name): Generator<Fault> {
                if (isOff(block[name])) {
                    yield { fault: `leaves ${name} off`, finding: name, mend: `Set ${name}: true.` };
                }
            });
        }
    },
    *checkInStack(bucket, stack) {
        const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
        if (bucket.type === "aws:s3/bucket:Bucket" && stack.naming(bucket, "bucket", block).length === 0) {
            yield { fault: "has no block of public access" };
        }
    },
};

const SWITCHES = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** Access points have all switches on unless they are told otherwise. */
const OFF_BY_DEFAULT = [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
];

function blocksOf({ type, props }: Resource): readonly Props[] {
    switch (type) {
        case "aws:s3/bucket:Bucket":
            return [];
        case "aws:s3/accessPoint:AccessPoint":
            return settings(props, "publicAccessBlockConfiguration");
        case "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint":
            return settings(props, "details").flatMap((details) => settings(details, "publicAccessBlock"));
        default:
            return [props];
    }
}
