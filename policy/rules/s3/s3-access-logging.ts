import { BUCKET_LOGGING, isLogTarget } from "../../support/s3/buckets";
import type { Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { isSet } from "../../support/values";

export const rule: Rule = {
    id: "s3-access-logging",
    title: "Buckets log who accesses them, but for those that take such logs.",
    why: "Without access logs nobody can tell afterwards which objects an intruder read.",
    mend: "Give the bucket an aws.s3.BucketLogging with the targetBucket that takes its logs.",
    sources: [
        "cdk-nag AwsSolutions-S1",
        "Security Hub S3.9",
        "checkov CKV_AWS_18",
        "awsguard s3-bucket-logging-enabled",
    ],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: [BUCKET_LOGGING],
    *checkInStack(bucket, stack) {
        const loggings = [
            ...stack.naming(bucket, "bucket", BUCKET_LOGGING).map(({ props }) => props),
            ...settings(bucket.props, "logging"),
        ];
        if (!loggings.some((logging) => isSet(logging, "targetBucket")) && !isLogTarget(bucket, stack)) {
            yield { fault: "does not log who accesses it" };
        }
    },
};
