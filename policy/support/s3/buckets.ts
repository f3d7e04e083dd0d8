import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { settings } from "../settings";
import type { Props } from "../values";

/** The objects of a bucket's setting, in resources of their own and inline. */
export function bucketSettings(
    bucket: StackResource,
    stack: Stack,
    { type, property, inline }: { type: string; property: string; inline: string },
): { readonly separate: readonly Props[]; readonly inline: readonly Props[] } {
    return {
        separate: stack.naming(bucket, "bucket", type).flatMap(({ props }) => settings(props, property)),
        inline: settings(bucket.props, inline),
    };
}

/** Whether a bucket takes the access logs of another bucket of the stack. S3 delivers them to no bucket with a KMS key. */
export function isLogTarget(bucket: StackResource, stack: Stack): boolean {
    const own = stack.naming(bucket, "bucket", BUCKET_LOGGING);
    return (
        stack.naming(bucket, "targetBucket", BUCKET_LOGGING).some((logging) => !own.includes(logging)) ||
        stack.ofType("aws:s3/bucket:Bucket").some((other) => other !== bucket && logsInline(other, bucket))
    );
}

export const BUCKET_LOGGING = "aws:s3/bucketLogging:BucketLogging";

function logsInline(bucket: StackResource, target: StackResource): boolean {
    if (["logging", "loggings"].some((property) => bucket.referred(property).includes(target.urn))) {
        return true;
    }
    const name = ifKnown(() => target.outputs.bucket);
    const targets = ifKnown(() => settings(bucket.props, "logging").map(({ targetBucket }) => targetBucket));
    return name !== undefined && targets !== undefined && targets.includes(name);
}
