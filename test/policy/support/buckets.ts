import type { Declared } from "./judge";

/** A bucket, by default named `data` in the program and in AWS. */
export function bucket(props: Record<string, unknown> = {}, name = "data"): Declared {
    return { type: "aws:s3/bucket:Bucket", name, props: { bucket: name, ...props } };
}

/** A setting of the bucket `data` as a resource of its own. */
export function bucketSetting(type: string, props: Record<string, unknown>): Declared {
    return { type: `aws:s3/${type}`, name: "setting", props: { bucket: "data", ...props } };
}

/** A resource of S3 by its old token. */
export function old(resource: Declared): Declared {
    return { ...resource, type: resource.type.replace(/^(.*):(.*)$/, "$1V2:$2V2") };
}

/** The message about a bucket of which an unknown value decides. */
export function unknownOfBucket(path: string): string {
    return (
        `data could not be judged, since ${path} is known only after a deployment. ` +
        "Compute the value from names and config instead of outputs, so that a preview can read it. " +
        `[unknown:${path}]`
    );
}
