import { bucketSettings } from "../../support/s3/buckets";
import type { Rule } from "../../support/rule";
import { isTrue, textOf } from "../../support/values";

export const rule: Rule = {
    id: "s3-versioning",
    title: "Buckets keep the versions of their objects.",
    why: "Without versions an object that was overwritten or deleted, by mistake or by an intruder, is gone.",
    mend: "Give the bucket an aws.s3.BucketVersioning with versioningConfiguration.status: Enabled.",
    sources: [
        "cdk-nag S3BucketVersioningEnabled",
        "Security Hub S3.14",
        "checkov CKV_AWS_21",
        "Pulumi s3-bucket-versioning",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: ["aws:s3/bucketVersioning:BucketVersioning"],
    *checkInStack(bucket, stack) {
        const { separate, inline } = bucketSettings(bucket, stack, {
            type: "aws:s3/bucketVersioning:BucketVersioning",
            property: "versioningConfiguration",
            inline: "versioning",
        });
        const isOn =
            separate.some(({ status }) => textOf(status) === "Enabled") ||
            inline.some(({ enabled }) => isTrue(enabled));
        if (!isOn) {
            yield { fault: "keeps no versions of its objects" };
        }
    },
};
