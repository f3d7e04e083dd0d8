import * as crypto from "node:crypto";
import * as zlib from "node:zlib";
import type { AwsCall } from "../../gateway/types";
import { awsError } from "../../errors";
import { checksums as sums } from "../../sigv4/checksums";
import type { Checksum } from "../../sigv4/checksums";
import { createCrc64Nvme } from "../../sigv4/crc64nvme";
import { headerOf } from "./headers";

/** Checksums of a body by header name, as stored and given back. */
export type Checksums = Readonly<Record<string, string>>;

/** An algorithm of `x-amz-checksum-…`. */
export type Algorithm = (typeof algorithms)[number];

/** The checksums that a request gave, verified by the gateway; complete once the body has ended. */
export function checksumsOf(call: AwsCall): Checksums | undefined {
    let found: Record<string, string> | undefined;
    for (const algorithm of algorithms) {
        const name = `x-amz-checksum-${algorithm}`;
        const value = call.trailers[name] ?? headerOf(call, name);
        if (value !== undefined) (found ??= {})[name] = value;
    }
    return found;
}

/** Whether a request brings a checksum, in a header or in a trailer. */
export function promisesChecksum(call: AwsCall): boolean {
    return checksumsOf(call) !== undefined || /x-amz-checksum-/i.test(headerOf(call, "x-amz-trailer") ?? "");
}

/**
 * The algorithm that a request names in `x-amz-checksum-algorithm`, in lower case.
 *
 * @throws InvalidRequest for one that S3 does not have
 */
export function checksumAlgorithmOf(call: AwsCall): Algorithm | undefined {
    const name = headerOf(call, "x-amz-checksum-algorithm")?.toLowerCase();
    const known = algorithms.find((algorithm) => algorithm === name);
    if (name === undefined || known !== undefined) return known;
    const message =
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]";
    throw awsError("InvalidRequest", 400, message);
}

/** Makes a checksum. */
export function createChecksum(algorithm: Algorithm): Checksum {
    return algorithm === "crc64nvme" ? createCrc64Nvme() : sums[algorithm].create();
}

/**
 * Checks `Content-MD5` against the MD5 of what arrived.
 *
 * @throws InvalidDigest, BadDigest
 */
export function checkContentMd5(call: AwsCall, md5: string): void {
    const given = headerOf(call, "content-md5");
    if (given === undefined) return;
    const digest = Buffer.from(given, "base64").toString("hex");
    if (digest.length !== 32) {
        throw awsError("InvalidDigest", 400, "The Content-MD5 you specified was invalid.", { "Content-MD5": given });
    }
    if (digest === md5) return;
    const message = "The Content-MD5 you specified did not match what we received.";
    throw awsError("BadDigest", 400, message, { ExpectedDigest: digest, CalculatedDigest: md5 });
}

/**
 * The composite checksum of a multipart object: the checksum of its parts' checksums and their number. Undefined unless all parts gave
 * the same kind, one that Node can compute (CRC32, SHA-1, SHA-256).
 */
export function compositeChecksums(parts: readonly (Checksums | undefined)[]): Checksums | undefined {
    for (const [algorithm, digest] of Object.entries(digests)) {
        const name = `x-amz-checksum-${algorithm}`;
        const values = parts.map((checksums) => checksums?.[name]);
        if (values.every((value): value is string => value !== undefined)) {
            const bytes = Buffer.concat(values.map((value) => Buffer.from(value, "base64")));
            return { [name]: `${digest(bytes).toString("base64")}-${parts.length}` };
        }
    }
    return undefined;
}

/** Checksums as elements of an XML answer, e.g. `ChecksumSHA256`. */
export function checksumElements(checksums: Checksums | undefined): Record<string, string> {
    const entries = Object.entries(checksums ?? {});
    return Object.fromEntries(entries.map(([name, value]) => [`Checksum${algorithmName(name)}`, value]));
}

/** Names of algorithms as S3 writes them, e.g. `SHA256`. */
export function checksumAlgorithms(checksums: Checksums | undefined): string[] {
    return Object.keys(checksums ?? {}).map(algorithmName);
}

const algorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;

const digests: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    crc32(bytes) {
        const digest = Buffer.alloc(4);
        digest.writeUInt32BE(zlib.crc32(bytes));
        return digest;
    },
    sha1: (bytes) => crypto.createHash("sha1").update(bytes).digest(),
    sha256: (bytes) => crypto.createHash("sha256").update(bytes).digest(),
};

function algorithmName(header: string): string {
    return header.slice("x-amz-checksum-".length).toUpperCase();
}
