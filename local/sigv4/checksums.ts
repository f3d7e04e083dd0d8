import * as crypto from "node:crypto";
import * as zlib from "node:zlib";

/** A checksum in the making. */
export interface Checksum {
    update(data: Buffer): void;
    /** Base64, as S3's headers have it. */
    digest(): string;
}

/** S3's `x-amz-checksum-…` algorithms, and the bytes that their values have. */
export const checksums: Readonly<Record<string, { readonly bytes: number; readonly create: () => Checksum }>> = {
    crc32: { bytes: 4, create: () => createCrc32(zlib.crc32) },
    crc32c: { bytes: 4, create: () => createCrc32(crc32c) },
    crc64nvme: { bytes: 8, create: createCrc64 },
    sha1: { bytes: 20, create: () => createHash("sha1") },
    sha256: { bytes: 32, create: () => createHash("sha256") },
};

/** A checksum by an algorithm of `node:crypto`. */
export function createHash(algorithm: "md5" | "sha1" | "sha256"): Checksum {
    const hash = crypto.createHash(algorithm);
    return { update: (data) => void hash.update(data), digest: () => hash.digest("base64") };
}

function createCrc32(next: (data: Buffer, value: number) => number): Checksum {
    let value = 0;
    return {
        update(data) {
            value = next(data, value);
        },
        digest() {
            const bytes = Buffer.alloc(4);
            bytes.writeUInt32BE(value >>> 0);
            return bytes.toString("base64");
        },
    };
}

/** CRC-32C (Castagnoli), RFC 3720, continued from an earlier value. */
function crc32c(data: Buffer, value: number): number {
    castagnoli ??= Uint32Array.from({ length: 256 }, (_, byte) => {
        let rest = byte;
        for (let bit = 0; bit < 8; bit++) {
            rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
        }
        return rest;
    });
    let crc = ~value;
    for (const byte of data) {
        crc = (crc >>> 8) ^ castagnoli[(crc ^ byte) & 0xff];
    }
    return ~crc >>> 0;
}

let castagnoli: Uint32Array | undefined;

/** CRC-64/NVME. Worked in two halves of 32 bits, since BigInt would be some fifty times slower. */
function createCrc64(): Checksum {
    nvme ??= nvmeTable();
    const { high: highs, low: lows } = nvme;
    let high = -1;
    let low = -1;
    return {
        update(data) {
            for (const byte of data) {
                const index = (low ^ byte) & 0xff;
                low = ((low >>> 8) | (high << 24)) ^ lows[index];
                high = (high >>> 8) ^ highs[index];
            }
        },
        digest() {
            const bytes = Buffer.alloc(8);
            bytes.writeUInt32BE(~high >>> 0, 0);
            bytes.writeUInt32BE(~low >>> 0, 4);
            return bytes.toString("base64");
        },
    };
}

let nvme: { high: Uint32Array; low: Uint32Array } | undefined;

function nvmeTable(): { high: Uint32Array; low: Uint32Array } {
    const table = Array.from({ length: 256 }, (_, byte) => {
        let rest = BigInt(byte);
        for (let bit = 0; bit < 8; bit++) {
            rest = rest & 1n ? (rest >> 1n) ^ 0x9a6c9329ac4bc9b5n : rest >> 1n;
        }
        return rest;
    });
    return {
        high: Uint32Array.from(table, (value) => Number(value >> 32n)),
        low: Uint32Array.from(table, (value) => Number(value & 0xffffffffn)),
    };
}
