import * as s3 from "@aws-sdk/client-s3";
import { headObject, type UploadBucket } from "./arrived";
import { defect } from "./defect";

/**
 * Copies an object within a bucket and makes sure that the copy has its length and checksums. When an earlier attempt left a good copy,
 * that is taken.
 *
 * @throws A defect when the object is gone, or the copy differs from it.
 */
export async function copyVerified(bucket: UploadBucket, from: string, to: string): Promise<void> {
    const source = await headObject(bucket, from);
    if (!source) {
        throw defect("What was uploaded is gone");
    }
    if (await isCopy(bucket, to, source)) {
        return;
    }
    await bucket.client.send(
        new s3.CopyObjectCommand({
            Bucket: bucket.name,
            CopySource: `${bucket.name}/${from.split("/").map(encodeURIComponent).join("/")}`,
            // What is copied is what was looked at, though the client may send its form once more meanwhile.
            CopySourceIfMatch: source.ETag,
            Key: to,
        }),
    );
    if (!(await isCopy(bucket, to, source))) {
        throw defect("The copy differs from what was uploaded");
    }
}

/** Removes the temporary object; that it is gone already is as good. */
export async function removeTemporary(bucket: UploadBucket, key: string): Promise<void> {
    await bucket.client.send(new s3.DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
}

/** Both objects have a checksum: S3 makes one for what comes without. */
async function isCopy(bucket: UploadBucket, key: string, source: s3.HeadObjectOutput): Promise<boolean> {
    const copy = await headObject(bucket, key);
    return (
        copy !== undefined &&
        copy.ContentLength === source.ContentLength &&
        checksumsOf(source).some(([, value]) => value !== undefined) &&
        checksumsOf(source).every(([name, value]) => copy[name] === value)
    );
}

function checksumsOf(head: s3.HeadObjectOutput) {
    const names = ["ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256"] as const;
    return names.map((name) => [name, head[name]] as const);
}
