import * as crypto from "node:crypto";
import { awsError } from "../../errors";
import type { AwsCall } from "../../gateway/types";
import { checkContentMd5 } from "./checksums";
import { headerOf } from "./headers";
import type { Received } from "./store/blobs";
import type { BucketRequest } from "./types";
import { malformedXml, parseXml } from "./xml";
import type { XmlElement } from "./xml";

/** Largest body of PutObject and UploadPart, in bytes. Source: S3 quotas. */
const maxUpload = 5 * 1024 ** 3;
/** Largest XML body: 10 000 parts with checksums need about 3 MiB. */
const maxXml = 8 * 1024 ** 2;

/**
 * Length of the payload as the request declares it, in bytes.
 *
 * @throws MissingContentLength, EntityTooLarge over 5 GiB
 */
export function uploadLength(call: AwsCall): number {
    const declared = headerOf(call, "x-amz-decoded-content-length") ?? headerOf(call, "content-length");
    if (declared === undefined || !/^\d{1,15}$/.test(declared)) {
        throw awsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
    }
    const length = Number(declared);
    if (length > maxUpload) {
        const details = { ProposedSize: declared, MaxSizeAllowed: String(maxUpload) };
        throw awsError("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size", details);
    }
    return length;
}

/** Streams the payload to disk, verified; nothing is left of one that fails. */
export async function receiveUpload({ bucket, call }: BucketRequest, length: number): Promise<Received> {
    const received = await bucket.store.blobs.receive(call.body, length);
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
