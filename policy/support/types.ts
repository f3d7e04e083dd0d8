/**
 * The current token of a resource type. The provider still answers to older names of the same things, with the same
 * properties: `aws:s3/bucketV2:BucketV2` is `aws:s3/bucket:Bucket`. In version 7 those are S3's alone.
 */
export function currentType(token: string): string {
    return token.replace(/^(aws:s3\/\w+)V2:(\w+)V2$/, "$1:$2");
}
