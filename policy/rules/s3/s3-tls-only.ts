import { deniesWithoutTls } from "../../support/iam/tlsOnly";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "s3-tls-only",
    title: "Buckets refuse requests without TLS.",
    why: "A request over plain HTTP shows its object, and the signature of its caller, to everybody on the way.",
    mend: "Give the bucket a policy that denies s3:* to everybody where aws:SecureTransport is false, for the bucket and its objects.",
    sources: ["cdk-nag AwsSolutions-S10", "Security Hub S3.5", "checkov CKV_AWS_379"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: ["aws:s3/bucketPolicy:BucketPolicy"],
    *checkInStack(bucket, stack) {
        const policies = [bucket, ...stack.naming(bucket, "bucket", "aws:s3/bucketPolicy:BucketPolicy")];
        if (!policies.some((policy) => deniesWithoutTls(policy, ["s3:*"], ["", "/*"]))) {
            yield { fault: "has no policy that refuses requests without TLS" };
        }
    },
};
