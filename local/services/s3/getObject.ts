import { awsError } from "../../errors";
import { authorizeBucket, authorizeObject, existingTags } from "./access";
import { isNotModified } from "./conditions";
import { authorizeKey, encryptionHeaders } from "./encryption";
import { noSuchKey, noSuchVersion, notImplemented } from "./errors";
import { headerOf } from "./headers";
import { checksumHeaders, versionHeader } from "./writeObject";
import { rangeOf } from "./range";
import { responseOverrides } from "./responseOverrides";
import { sendBytes } from "./sendBytes";
import type { ObjectVersion } from "./store/types";
import type { Bucket, BucketRequest } from "./types";

/** GetObject: the whole object or one range of it, as a stream. */
export async function getObject(request: BucketRequest): Promise<void> {
    const object = findObject(request);
    if (object === undefined) return;
    authorizeKey(request, "kms:Decrypt", object.encryption);
    const range = writeHead(request, object);
    await sendBytes(request.bucket.store.blobs, object.blobs, range, request.response);
}

/** HeadObject: the headers of {@link getObject}. Needs no key, as nothing is decrypted, unless checksums are asked for. */
export function headObject(request: BucketRequest): void {
    const object = findObject(request);
    if (object === undefined) return;
    if (wantsChecksums(request)) authorizeKey(request, "kms:Decrypt", object.encryption);
    writeHead(request, object);
    request.response.end();
}

/** The object that may be read; undefined when the answer was 304. */
function findObject(request: BucketRequest): ObjectVersion | undefined {
    const { bucket, call, response } = request;
    const versionId = call.query.get("versionId") ?? undefined;
    if (call.query.has("partNumber")) throw notImplemented("GetObject with partNumber");
    const object = readableVersion(request, versionId);
    if (object.deleteMarker) throw deleted(request, object, versionId);

    if (!isNotModified(call, object)) return object;
    response.writeHead(304, { ...validators(object), ...versionHeader(bucket, object) }).end();
    return undefined;
}

/**
 * The version that the caller may read, which may be a delete marker; the newest without `versionId`.
 *
 * @throws AccessDenied, NoSuchKey, NoSuchVersion
 */
export function readableVersion(request: BucketRequest, versionId: string | undefined): ObjectVersion {
    const { bucket, key } = request;
    const versions = bucket.store.index.versions(key);
    const object =
        versionId === undefined ? versions?.[0] : versions?.find((version) => version.versionId === versionId);

    const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    authorizeObject(request, action, {
        ...existingTags(object?.tags),
        ...(versionId && { "s3:VersionId": versionId }),
    });
    // Without the right to list, a caller must not learn whether a key exists.
    if (object === undefined || object.deleteMarker)
        authorizeBucket(request, versionId === undefined ? "s3:ListBucket" : "s3:ListBucketVersions");
    if (object === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
    return object;
}

function deleted(
    { bucket, key, response }: BucketRequest,
    marker: ObjectVersion,
    versionId: string | undefined,
): Error {
    response.setHeader("x-amz-delete-marker", "true");
    for (const [name, value] of Object.entries(versionHeader(bucket, marker))) response.setHeader(name, value);
    if (versionId === undefined) return noSuchKey(key);
    response.setHeader("allow", "DELETE");
    response.setHeader("last-modified", new Date(marker.modified).toUTCString());
    const details = { Method: "GET", ResourceType: "DeleteMarker" };
    return awsError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.", details);
}

/** Writes status and headers; answers the range of bytes to send. */
function writeHead(request: BucketRequest, object: ObjectVersion): { start: number; end: number } {
    const { bucket, call, response } = request;
    const range = rangeOf(headerOf(call, "range"), object.size);
    const { start, end } = range ?? { start: 0, end: object.size };
    response.writeHead(range === undefined ? 200 : 206, {
        ...validators(object),
        ...object.headers,
        ...responseOverrides(call),
        "accept-ranges": "bytes",
        "content-length": end - start,
        ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${object.size}` }),
        ...objectHeaders(bucket, object),
        // A checksum of the whole would not match a range.
        ...(range === undefined && wantsChecksums(request)
            ? checksumHeaders(object.checksums, object.checksumType)
            : {}),
    });
    return { start, end };
}

function validators({ etag, modified }: ObjectVersion): Record<string, string> {
    return { "last-modified": new Date(modified).toUTCString(), etag: `"${etag}"` };
}

function objectHeaders(bucket: Bucket, object: ObjectVersion): Record<string, string> {
    return {
        ...versionHeader(bucket, object),
        ...encryptionHeaders(object.encryption),
        ...(object.storageClass === undefined ? {} : { "x-amz-storage-class": object.storageClass }),
        ...(object.tags === undefined ? {} : { "x-amz-tagging-count": String(Object.keys(object.tags).length) }),
    };
}

function wantsChecksums({ call }: BucketRequest): boolean {
    return headerOf(call, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
}
