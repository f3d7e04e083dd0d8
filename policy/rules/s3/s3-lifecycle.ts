import { bucketSettings } from "../../support/s3/buckets";
import type { Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { isTrue, numberOf, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "s3-lifecycle",
    title: "Buckets have a life cycle that ends unfinished uploads.",
    why: "Parts of uploads that nobody finished are not listed and are paid for without end.",
    mend: "Give the bucket an aws.s3.BucketLifecycleConfiguration with an enabled rule of abortIncompleteMultipartUpload for all objects.",
    sources: ["Security Hub S3.13", "checkov CKV2_AWS_61", "checkov CKV_AWS_300"],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
    *checkInStack(bucket, stack) {
        const { separate, inline } = bucketSettings(bucket, stack, {
            type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            property: "rule",
            inline: "lifecycleRule",
        });
        if (separate.length + inline.length === 0) {
            yield { fault: "has no life cycle" };
        } else if (!separate.some(endsUploads) && !inline.some(endsUploadsInline)) {
            yield { fault: "keeps the parts of unfinished uploads" };
        }
    },
};

function endsUploads(rule: Props): boolean {
    return (
        textOf(rule.status) === "Enabled" &&
        settings(rule, "abortIncompleteMultipartUpload").some(
            ({ daysAfterInitiation }) => (numberOf(daysAfterInitiation) ?? 0) > 0,
        ) &&
        [rule, ...settings(rule, "filter")].every(isUnfiltered)
    );
}

function endsUploadsInline(rule: Props): boolean {
    return isTrue(rule.enabled) && (numberOf(rule.abortIncompleteMultipartUploadDays) ?? 0) > 0 && isUnfiltered(rule);
}

/** Of filters only those by prefix may go with this action. */
function isUnfiltered(filter: Props): boolean {
    return (textOf(filter.prefix) ?? "") === "";
}
