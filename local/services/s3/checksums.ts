import * as crypto from "node:crypto";
import * as zlib from "node:zlib";
import type { AwsCall } from "../../gateway/types";
import { awsError } from "../../errors";
import { headerOf } from "./headers";

/** Checksums of a body by header name, as stored and given back. */
export type Checksums = Readonly<Record<string, string>>;

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

const algorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

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
