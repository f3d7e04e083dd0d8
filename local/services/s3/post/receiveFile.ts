import { awsError } from "../../../errors";
import { createDigests } from "../../../sigv4/digests";
import type { Digests } from "../../../sigv4/digests";
import { contentOf, entityTooLarge } from "../bodies";
import { checksumAlgorithmOf, checksumsOf, createChecksum } from "../checksums";
import { headerOf } from "../headers";
import type { BucketRequest } from "../types";
import type { ObjectContent } from "../writeObject";
import type { SizeRange } from "./policy";

/**
 * Streams a form's file to disk, with the checksum that the form's fields promise, or name, or else CRC64NVME. Nothing is left of a file that
 * is refused.
 *
 * @throws EntityTooLarge, EntityTooSmall, BadDigest, InvalidDigest, InvalidRequest
 */
export async function receiveFile(
    { bucket, call }: BucketRequest,
    file: AsyncIterable<Buffer>,
    range: SizeRange,
): Promise<ObjectContent> {
    const algorithm = checksumAlgorithmOf(call);
    const given = checksumsOf(call);
    const digests = createDigests({
        mismatch: () => awsError("BadDigest", 400, "The digest you specified did not match what we received."),
        header: (name) => headerOf(call, name),
        trailers: [],
    });
    if (given !== undefined && algorithm !== undefined && given[`x-amz-checksum-${algorithm}`] === undefined) {
        const message = "Value for x-amz-checksum-algorithm header is invalid.";
        throw awsError("InvalidRequest", 400, message);
    }
    const verified = verify(file, range, digests);
    if (given !== undefined) return contentOf(await bucket.store.blobs.receive(verified), given);
    const computed = algorithm ?? "crc64nvme";
    const sum = createChecksum(computed);
    const received = await bucket.store.blobs.receive(verified, undefined, sum);
    return contentOf(received, { [`x-amz-checksum-${computed}`]: sum.digest() });
}

async function* verify(file: AsyncIterable<Buffer>, { min, max }: SizeRange, digests: Digests): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of file) {
        size += chunk.length;
        // What is too large is read to its end all the same: the error tells the size.
        if (size > max) continue;
        digests.update(chunk);
        yield chunk;
    }
    if (size > max) throw entityTooLarge(size, max);
    if (size < min) {
        const details = { ProposedSize: String(size), MinSizeAllowed: String(min) };
        throw awsError("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size", details);
    }
    digests.verify({});
}
