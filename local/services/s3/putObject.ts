import * as crypto from "node:crypto";
import { authorizeObject, requestedTags } from "./access";
import { receiveUpload, uploadLength } from "./bodies";
import { checksumsOf } from "./checksums";
import type { Checksums } from "./checksums";
import { checkWrite, writeConditionOf } from "./conditions";
import type { WriteCondition } from "./conditions";
import { authorizeKey, encryptionHeaders, encryptionOf } from "./encryption";
import { metadataOf, setsAcl, tagsOf } from "./metadata";
import type { ObjectVersion } from "./store/types";
import type { Bucket, BucketRequest } from "./types";

/** PutObject: visible when all of it is verified and durable; of concurrent writers with `If-None-Match: *` one succeeds. */
export async function putObject(request: BucketRequest): Promise<void> {
    const { bucket, call, environment, key, response } = request;
    const condition = writeConditionOf(call);
    authorizeWrite(request, "true", condition);
    const metadata = metadataOf(request);
    const encryption = encryptionOf(request);
    authorizeKey(request, "kms:GenerateDataKey", encryption);
    const length = uploadLength(call);
    checkWrite(condition, key, newest(bucket, key));

    const { id, size, md5 } = await receiveUpload(request, length);
    const checksums = checksumsOf(call);
    const decide = () => {
        checkWrite(condition, key, newest(bucket, key));
        return {
            put: {
                ...metadata,
                encryption,
                key,
                versionId: nextVersionId(bucket),
                modified: Date.now(),
                size,
                etag: md5,
                blobs: [{ id, size }],
                ...(checksums === undefined ? {} : { checksums, checksumType: "FULL_OBJECT" as const }),
            },
        };
    };
    const { put: object } = await bucket.store.commit(key, decide, [{ id, size }]);

    response.writeHead(200, {
        etag: `"${object.etag}"`,
        ...versionHeader(bucket, object),
        ...encryptionHeaders(encryption),
        ...checksumHeaders(checksums, "FULL_OBJECT"),
        "content-length": 0,
    });
    response.end();
    const { requestId, sourceIp } = call;
    environment.created({ bucket: bucket.name, object, eventName: "ObjectCreated:Put", requestId, sourceIp });
}

/**
 * Asks for the permissions that writing an object takes: also `s3:PutObjectTagging` to set tags, `s3:PutObjectAcl` to set an ACL, and
 * `s3:GetObject` to compare with what is there.
 *
 * @param creates whether an object comes of this call, for `s3:ObjectCreationOperation`
 */
export function authorizeWrite(request: BucketRequest, creates: "true" | "false", condition: WriteCondition): void {
    const tags = tagsOf(request.call);
    const context = { "s3:ObjectCreationOperation": creates, ...requestedTags(tags) };
    authorizeObject(request, "s3:PutObject", context);
    if (tags !== undefined) authorizeObject(request, "s3:PutObjectTagging", context);
    if (setsAcl(request.call)) authorizeObject(request, "s3:PutObjectAcl", context);
    if (condition.ifMatch !== undefined) authorizeObject(request, "s3:GetObject");
}

/** The newest version of a key, which may be a delete marker. */
export function newest(bucket: Bucket, key: string): ObjectVersion | undefined {
    return bucket.store.index.versions(key)?.[0];
}

/** Id for the next version of any key: `null` unless versioning is on. */
export function nextVersionId(bucket: Bucket): string {
    return bucket.config.versioning === "Enabled" ? crypto.randomBytes(24).toString("base64url") : "null";
}

/** `x-amz-version-id`, which a bucket that never had versioning does not send. */
export function versionHeader(bucket: Bucket, { versionId }: ObjectVersion): Record<string, string> {
    return bucket.config.versioning === undefined ? {} : { "x-amz-version-id": versionId };
}

/** Checksum headers, with their type. */
export function checksumHeaders(checksums: Checksums | undefined, type = "FULL_OBJECT"): Record<string, string> {
    return checksums === undefined ? {} : { ...checksums, "x-amz-checksum-type": type };
}
