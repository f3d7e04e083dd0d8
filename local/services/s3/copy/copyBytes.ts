import * as crypto from "node:crypto";
import * as fs from "node:fs";
import { checksumAlgorithmOf, createChecksum } from "../checksums";
import type { Algorithm, Checksums } from "../checksums";
import type { Blobs } from "../store/blobs";
import type { ObjectVersion } from "../store/types";
import type { BucketRequest } from "../types";
import type { ObjectContent } from "../writeObject";
import type { CopySource } from "./copySource";

/**
 * Gives a copy its bytes, which it shares with the source on disk. ETag and checksums are the source's; they are computed anew when the request
 * wants another algorithm, or the source's are of its parts, which a copy does not have.
 */
export async function copyBytes({ bucket, call }: BucketRequest, source: CopySource): Promise<ObjectContent> {
    const { object } = source;
    const { blobs } = source.request.bucket.store;
    const wanted = checksumAlgorithmOf(call);
    const release = blobs.hold(object.blobs);
    try {
        const inParts = object.etag.includes("-");
        const algorithm = wanted ?? (inParts ? algorithmOf(object.checksums) : undefined);
        const { etag, checksums } = algorithm === undefined ? object : await digest(blobs, object, algorithm);
        const files = object.blobs.map(({ id, size }) => ({ path: blobs.path(id), size }));
        return {
            size: object.size,
            etag,
            blobs: await bucket.store.blobs.adopt(files),
            ...(checksums && { checksums, checksumType: "FULL_OBJECT" }),
        };
    } finally {
        release();
    }
}

function algorithmOf(checksums: Checksums = {}): Algorithm {
    const [header = "x-amz-checksum-crc64nvme"] = Object.keys(checksums);
    return header.slice("x-amz-checksum-".length) as Algorithm;
}

async function digest(
    blobs: Blobs,
    { blobs: ofObject }: ObjectVersion,
    algorithm: Algorithm,
): Promise<{ etag: string; checksums: Checksums }> {
    const sum = createChecksum(algorithm);
    const md5 = crypto.createHash("md5");
    for (const { id } of ofObject) {
        const file = fs.createReadStream(blobs.path(id), { highWaterMark: 256 * 1024 });
        for await (const chunk of file as AsyncIterable<Buffer>) {
            sum.update(chunk);
            md5.update(chunk);
        }
    }
    return { etag: md5.digest("hex"), checksums: { [`x-amz-checksum-${algorithm}`]: sum.digest() } };
}
