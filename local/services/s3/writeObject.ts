import * as crypto from "node:crypto";
import { authorizeObject, requestedTags } from "./access";
import type { Checksums } from "./checksums";
import { checkWrite, writeConditionOf } from "./conditions";
import type { WriteCondition } from "./conditions";
import { authorizeKey, encryptionHeaders, encryptionOf } from "./encryption";
import { metadataOf, setsAcl } from "./metadata";
import type { DeclaredMetadata, Tags } from "./metadata";
import type { ObjectEncryption, ObjectVersion } from "./store/types";
import type { Bucket, BucketRequest, ObjectCreated } from "./types";

/** A write that the caller may make, as far as it can be told before its bytes are there. */
export interface PreparedWrite {
    readonly condition: WriteCondition;
    readonly metadata: DeclaredMetadata;
    readonly encryption: ObjectEncryption;
}

/** The bytes of an object about to be written, durable already. */
export type ObjectContent = Pick<ObjectVersion, "size" | "etag" | "blobs" | "checksums" | "checksumType">;

/**
 * Reads what a request's headers say about the object that it writes, and asks for the permissions to write it.
 *
 * @param tags of the object
 * @throws AccessDenied, PreconditionFailed, and what is wrong with a header
 */
export function prepareWrite(request: BucketRequest, tags: Tags | undefined): PreparedWrite {
    const condition = writeConditionOf(request.call);
    authorizeWrite(request, "true", condition, tags);
    const metadata = metadataOf(request, tags);
    const encryption = encryptionOf(request);
    authorizeKey(request, "kms:GenerateDataKey", encryption);
    checkWrite(condition, request.key, newest(request.bucket, request.key));
    return { condition, metadata, encryption };
}

/**
 * Makes an object visible, as the newest version of its key; its blobs are removed when it cannot be.
 *
 * @throws PreconditionFailed when another writer was quicker
 */
export async function commitObject(
    { bucket, key }: BucketRequest,
    { condition, metadata, encryption }: PreparedWrite,
    content: ObjectContent,
): Promise<ObjectVersion> {
    const decide = () => {
        checkWrite(condition, key, newest(bucket, key));
        const put = {
            ...metadata,
            encryption,
            key,
            versionId: nextVersionId(bucket),
            modified: Date.now(),
            ...content,
        };
        return { put };
    };
    return (await bucket.store.commit(key, decide, content.blobs)).put;
}

/** Tells those who listen to new objects. */
export function announce(request: BucketRequest, object: ObjectVersion, eventName: ObjectCreated["eventName"]): void {
    const { requestId, sourceIp } = request.call;
    request.environment.created({ bucket: request.bucket.name, object, eventName, requestId, sourceIp });
}

/**
 * Asks for the permissions that writing an object takes: also `s3:PutObjectTagging` to set tags, `s3:PutObjectAcl` to set an ACL, and
 * `s3:GetObject` to compare with what is there.
 *
 * @param creates whether an object comes of this call, for `s3:ObjectCreationOperation`
 */
export function authorizeWrite(
    request: BucketRequest,
    creates: "true" | "false",
    condition: WriteCondition,
    tags: Tags | undefined,
): void {
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

/** The headers that an answer to a write has about its object. */
export function writtenHeaders(bucket: Bucket, object: ObjectVersion): Record<string, string> {
    return {
        etag: `"${object.etag}"`,
        ...versionHeader(bucket, object),
        ...encryptionHeaders(object.encryption),
        ...checksumHeaders(object.checksums, object.checksumType),
    };
}

/** `x-amz-version-id`, which a bucket that never had versioning does not send. */
export function versionHeader(bucket: Bucket, { versionId }: ObjectVersion): Record<string, string> {
    return bucket.config.versioning === undefined ? {} : { "x-amz-version-id": versionId };
}

/** Checksum headers, with their type. */
export function checksumHeaders(checksums: Checksums | undefined, type = "FULL_OBJECT"): Record<string, string> {
    return checksums === undefined ? {} : { ...checksums, "x-amz-checksum-type": type };
}
