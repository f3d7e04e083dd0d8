import * as crypto from "node:crypto";
import { awsError } from "../../errors";
import type { AwsError } from "../../errors";
import type { Checksum } from "../../sigv4/checksums";
import type { AwsCall } from "../../gateway/types";
import { checkContentMd5, checksumsOf, createChecksum, promisesChecksum } from "./checksums";
import type { Checksums } from "./checksums";
import { headerOf } from "./headers";
import type { Received } from "./store/blobs";
import type { BucketRequest } from "./types";
import type { ObjectContent } from "./writeObject";
import { malformedXml, parseXml } from "./xml";
import type { XmlElement } from "./xml";

/** Largest object of one upload or copy, in bytes. Source: S3 quotas. */
export const maxUpload = 5 * 1024 ** 3;
/** Largest XML body: 10 000 parts with checksums need about 3 MiB. */
const maxXml = 8 * 1024 ** 2;

/**
 * Length of the payload as the request declares it, in bytes.
 *
 * @param most by default 5 GiB
 * @throws MissingContentLength, EntityTooLarge over `most`
 */
export function uploadLength(call: AwsCall, most = maxUpload): number {
    const declared = headerOf(call, "x-amz-decoded-content-length") ?? headerOf(call, "content-length");
    if (declared === undefined || !/^\d{1,15}$/.test(declared)) {
        throw awsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
    }
    const length = Number(declared);
    if (length > most) throw entityTooLarge(length, maxUpload);
    return length;
}

/** The error for more bytes than are allowed. */
export function entityTooLarge(size: number, most: number): AwsError {
    const details = { ProposedSize: String(size), MaxSizeAllowed: String(most) };
    return awsError("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size", details);
}

/** Streams an object to disk, verified. One that comes without a checksum gets CRC64NVME, as in S3. */
export async function receiveObject(request: BucketRequest, length: number): Promise<ObjectContent> {
    const { call } = request;
    const sum = promisesChecksum(call) ? undefined : createChecksum("crc64nvme");
    const received = await receiveUpload(request, length, sum);
    return contentOf(received, sum === undefined ? checksumsOf(call) : { "x-amz-checksum-crc64nvme": sum.digest() });
}

/** What an object of one blob has. */
export function contentOf({ id, size, md5 }: Received, checksums: Checksums | undefined): ObjectContent {
    return { size, etag: md5, blobs: [{ id, size }], ...(checksums && { checksums, checksumType: "FULL_OBJECT" }) };
}

/**
 * Streams the payload to disk, verified; nothing is left of one that fails.
 *
 * @param sum is given all bytes
 */
export async function receiveUpload(
    { bucket, call }: BucketRequest,
    length: number,
    sum?: Checksum,
): Promise<Received> {
    // The rest of a refused body must still be read, so that the answer is.
    const body = call.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    const received = await bucket.store.blobs.receive(body, length, sum);
    try {
        checkContentMd5(call, received.md5);
    } catch (error) {
        await bucket.store.blobs.discard([received]);
        throw error;
    }
    return received;
}

/**
 * Reads an XML payload, with the MD5 of its bytes in hex.
 *
 * @throws MalformedXML, also for one over 8 MiB
 */
export async function readXml(call: AwsCall): Promise<{ root: XmlElement; md5: string }> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of call.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length > maxXml) throw malformedXml();
        chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    return { root: parseXml(bytes.toString("utf8")), md5: crypto.createHash("md5").update(bytes).digest("hex") };
}
