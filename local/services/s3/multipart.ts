import * as crypto from "node:crypto";
import { authorizeObject } from "./access";
import { receiveUpload, uploadLength } from "./bodies";
import { checksumElements, checksumsOf } from "./checksums";
import { authorizeKey, encryptionHeaders, encryptionOf } from "./encryption";
import { invalidArgument, noSuchUpload } from "./errors";
import { headerOf } from "./headers";
import { maxKeysOf, ownerOf, page, timeOf } from "./listing";
import { metadataOf, tagsOf } from "./metadata";
import { authorizeWrite } from "./writeObject";
import { sendXml } from "./respond";
import type { Upload } from "./store/types";
import type { BucketRequest } from "./types";

/** CreateMultipartUpload. */
export async function createMultipartUpload(request: BucketRequest): Promise<void> {
    const { bucket, call, key, response } = request;
    const tags = tagsOf(call);
    authorizeWrite(request, "false", {}, tags);
    const metadata = metadataOf(request, tags);
    const encryption = encryptionOf(request);
    authorizeKey(request, "kms:GenerateDataKey", encryption);
    const algorithm = headerOf(call, "x-amz-checksum-algorithm");
    const wholeOnly = algorithm?.toUpperCase() === "CRC64NVME";
    const type = headerOf(call, "x-amz-checksum-type") ?? (wholeOnly ? "FULL_OBJECT" : "COMPOSITE");
    if (type !== "FULL_OBJECT" && type !== "COMPOSITE") {
        throw invalidArgument("Value for x-amz-checksum-type header is invalid.", "x-amz-checksum-type", type);
    }
    const upload: Upload = {
        ...metadata,
        encryption,
        uploadId: crypto.randomBytes(48).toString("base64url"),
        key,
        initiated: Date.now(),
        ...(algorithm === undefined ? {} : { checksumType: type }),
    };
    await bucket.store.commit(key, () => ({ upload }));

    for (const [name, value] of Object.entries(encryptionHeaders(encryption))) response.setHeader(name, value);
    if (algorithm !== undefined)
        response.setHeader("x-amz-checksum-algorithm", algorithm).setHeader("x-amz-checksum-type", type);
    sendXml(response, "InitiateMultipartUploadResult", { Bucket: bucket.name, Key: key, UploadId: upload.uploadId });
}

/** UploadPart: a part may be sent again, the last one counts. */
export async function uploadPart(request: BucketRequest): Promise<void> {
    const { bucket, call, key, response } = request;
    authorizeWrite(request, "false", {}, undefined);
    const upload = findUpload(request);
    authorizeKey(request, "kms:Decrypt", upload.encryption);
    const number = partNumberOf(call.query.get("partNumber") ?? "");
    const length = uploadLength(call);

    const { id, size, md5 } = await receiveUpload(request, length);
    const checksums = checksumsOf(call);
    const decide = () => {
        findUpload(request);
        const part = { id, size, number, etag: md5, modified: Date.now(), ...(checksums && { checksums }) };
        return { part: { uploadId: upload.uploadId, part } };
    };
    await bucket.store.commit(key, decide, [{ id, size }]);

    response.writeHead(200, {
        etag: `"${md5}"`,
        ...encryptionHeaders(upload.encryption),
        ...checksums,
        "content-length": 0,
    });
    response.end();
}

/** AbortMultipartUpload: all parts are removed. */
export async function abortMultipartUpload(request: BucketRequest): Promise<void> {
    const { bucket, key, response } = request;
    authorizeObject(request, "s3:AbortMultipartUpload");
    await bucket.store.commit(key, () => ({ end: findUpload(request).uploadId }));
    response.writeHead(204).end();
}

/** ListParts. */
export function listParts(request: BucketRequest): void {
    const { bucket, call, environment, key, response } = request;
    authorizeObject(request, "s3:ListMultipartUploadParts");
    const { uploadId, storageClass } = findUpload(request);
    const maxParts = maxKeysOf(call.query, "max-parts");
    const marker = Number(call.query.get("part-number-marker") ?? 0);
    const parts = [...bucket.store.parts(uploadId).values()].filter(({ number }) => number > marker);
    const { taken, truncated } = page(
        parts.sort((a, b) => a.number - b.number),
        maxParts,
    );

    sendXml(response, "ListPartsResult", {
        Bucket: bucket.name,
        Key: key,
        UploadId: uploadId,
        PartNumberMarker: marker,
        NextPartNumberMarker: taken[taken.length - 1]?.number ?? 0,
        MaxParts: maxParts,
        IsTruncated: truncated,
        Part: taken.map(({ number, etag, size, modified, checksums }) => ({
            PartNumber: number,
            LastModified: timeOf(modified),
            ETag: `"${etag}"`,
            Size: size,
            ...checksumElements(checksums),
        })),
        Initiator: ownerOf(environment.account),
        Owner: ownerOf(environment.account),
        StorageClass: storageClass ?? "STANDARD",
    });
}

/**
 * The upload that a request names.
 *
 * @throws NoSuchUpload
 */
export function findUpload({ bucket, call, key }: BucketRequest): Upload {
    const uploadId = call.query.get("uploadId") ?? "";
    const upload = bucket.store.uploads.get(uploadId);
    if (upload?.key !== key) throw noSuchUpload(uploadId);
    return upload;
}

function partNumberOf(text: string): number {
    const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= 10_000) return number;
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
}
