import * as crypto from "node:crypto";
import { awsError } from "../../errors";
import { readXml } from "./bodies";
import { checksumElements, compositeChecksums } from "./checksums";
import { checkWrite, writeConditionOf } from "./conditions";
import { authorizeKey, encryptionHeaders } from "./encryption";
import { findUpload } from "./multipart";
import { authorizeWrite, newest, nextVersionId, versionHeader } from "./writeObject";
import { sendXml } from "./respond";
import type { Part, Upload } from "./store/types";
import type { BucketRequest } from "./types";
import { malformedXml } from "./xml";
import type { XmlElement } from "./xml";

/** Smallest part but the last, in bytes. Source: S3 quotas. */
const minPart = 5 * 1024 ** 2;

/**
 * CompleteMultipartUpload: the object is made of the parts' files, which are not copied. A checksum of the whole is made for composite
 * types only; one of type FULL_OBJECT is neither verified nor kept.
 */
export async function completeMultipartUpload(request: BucketRequest): Promise<void> {
    const { bucket, call, environment, key, response } = request;
    const condition = writeConditionOf(call);
    authorizeWrite(request, "true", condition, undefined);
    const upload = findUpload(request);
    authorizeKey(request, "kms:Decrypt", upload.encryption);
    const wanted = wantedParts((await readXml(call)).root);

    const decide = () => {
        findUpload(request);
        checkWrite(condition, key, newest(bucket, key));
        const parts = choose(wanted, bucket.store.parts(upload.uploadId));
        return { put: objectOf(upload, parts, nextVersionId(bucket)), end: upload.uploadId };
    };
    const { put: object } = await bucket.store.commit(key, decide);

    const headers = { ...versionHeader(bucket, object), ...encryptionHeaders(object.encryption) };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendXml(response, "CompleteMultipartUploadResult", {
        Location: `${environment.endpoint()}/${bucket.name}/${encodeURIComponent(key)}`,
        Bucket: bucket.name,
        Key: key,
        ETag: `"${object.etag}"`,
        ...checksumElements(object.checksums),
        ChecksumType: object.checksumType,
    });
    const { requestId, sourceIp } = call;
    const eventName = "ObjectCreated:CompleteMultipartUpload";
    environment.created({ bucket: bucket.name, object, eventName, requestId, sourceIp });
}

interface WantedPart {
    readonly number: number;
    readonly etag: string;
}

function wantedParts(root: XmlElement): WantedPart[] {
    const wanted = root.children
        .filter(({ name }) => name === "Part")
        .map(({ children }) => {
            const text = (name: string) => children.find((child) => child.name === name)?.text ?? "";
            return { number: Number(text("PartNumber")), etag: text("ETag").replace(/"/g, "") };
        });
    if (root.name !== "CompleteMultipartUpload" || wanted.length === 0) throw malformedXml();
    if (wanted.some(({ number }, index) => index > 0 && number <= wanted[index - 1].number)) {
        const message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        throw awsError("InvalidPartOrder", 400, message);
    }
    return wanted;
}

function choose(wanted: readonly WantedPart[], received: ReadonlyMap<number, Part>): Part[] {
    return wanted.map(({ number, etag }, index) => {
        const part = received.get(number);
        if (part === undefined || part.etag !== etag) {
            const message =
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
            throw awsError("InvalidPart", 400, message, { PartNumber: String(number), ETag: etag });
        }
        if (part.size < minPart && index < wanted.length - 1) {
            const details = {
                ProposedSize: String(part.size),
                MinSizeAllowed: String(minPart),
                PartNumber: String(number),
            };
            throw awsError(
                "EntityTooSmall",
                400,
                "Your proposed upload is smaller than the minimum allowed size",
                details,
            );
        }
        return part;
    });
}

function objectOf(upload: Upload, parts: readonly Part[], versionId: string) {
    const { headers, encryption, tags, storageClass, key, checksumType } = upload;
    const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
    const composite =
        checksumType === "COMPOSITE" ? compositeChecksums(parts.map(({ checksums }) => checksums)) : undefined;
    return {
        headers,
        encryption,
        ...(tags && { tags }),
        ...(storageClass && { storageClass }),
        key,
        versionId,
        modified: Date.now(),
        size: parts.reduce((sum, { size }) => sum + size, 0),
        etag: `${crypto.createHash("md5").update(digests).digest("hex")}-${parts.length}`,
        blobs: parts.map(({ id, size }) => ({ id, size })),
        ...(composite && { checksums: composite, checksumType: "COMPOSITE" as const }),
    };
}
