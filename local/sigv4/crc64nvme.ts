import * as os from "node:os";
import type { Checksum } from "./checksums";

/** Makes a CRC-64/NVME, eight bytes at a step and in halves of 32 bits: some 1300 MB/s, where one byte at a step has 250. */
export function createCrc64Nvme(): Checksum {
    const { high: H, low: L } = (tables ??= makeTables());
    let high = -1;
    let low = -1;

    function bytewise(data: Buffer): void {
        for (const byte of data) {
            const index = (low ^ byte) & 0xff;
            low = ((low >>> 8) | (high << 24)) ^ L[index];
            high = (high >>> 8) ^ H[index];
        }
    }

    function wordwise(words: Int32Array): void {
        let h = high;
        let l = low;
        for (let at = 0; at < words.length; at += 2) {
            const first = l ^ words[at];
            const second = h ^ words[at + 1];
            const a = 0x700 | (first & 0xff);
            const b = 0x600 | ((first >>> 8) & 0xff);
            const c = 0x500 | ((first >>> 16) & 0xff);
            const d = 0x400 | (first >>> 24);
            const e = 0x300 | (second & 0xff);
            const f = 0x200 | ((second >>> 8) & 0xff);
            const g = 0x100 | ((second >>> 16) & 0xff);
            const i = second >>> 24;
            l = L[a] ^ L[b] ^ L[c] ^ L[d] ^ L[e] ^ L[f] ^ L[g] ^ L[i];
            h = H[a] ^ H[b] ^ H[c] ^ H[d] ^ H[e] ^ H[f] ^ H[g] ^ H[i];
        }
        high = h;
        low = l;
    }

    return {
        update(data) {
            const start = Math.min(data.length, -data.byteOffset & 3);
            const pairs = littleEndian ? (data.length - start) >> 3 : 0;
            bytewise(data.subarray(0, start));
            if (pairs > 0) wordwise(new Int32Array(data.buffer, data.byteOffset + start, 2 * pairs));
            bytewise(data.subarray(start + 8 * pairs));
        },
        digest() {
            const bytes = Buffer.alloc(8);
            bytes.writeInt32BE(~high, 0);
            bytes.writeInt32BE(~low, 4);
            return bytes.toString("base64");
        },
    };
}

/** Whether a word of memory is one of the algorithm. */
const littleEndian = os.endianness() === "LE";

interface Tables {
    readonly high: Int32Array;
    readonly low: Int32Array;
}

let tables: Tables | undefined;

/** Eight tables of 256 values one after the other; the n-th is for a byte with n more bytes behind it. */
function makeTables(): Tables {
    const values: bigint[] = [];
    for (let byte = 0; byte < 256; byte++) {
        let rest = BigInt(byte);
        for (let bit = 0; bit < 8; bit++) rest = rest & 1n ? (rest >> 1n) ^ polynomial : rest >> 1n;
        values.push(rest);
    }
    for (let index = 256; index < 8 * 256; index++) {
        const before = values[index - 256];
        values.push((before >> 8n) ^ values[Number(before & 0xffn)]);
    }
    return {
        high: Int32Array.from(values, (value) => Number(BigInt.asIntN(32, value >> 32n))),
        low: Int32Array.from(values, (value) => Number(BigInt.asIntN(32, value))),
    };
}

/** Reflected, as in the NVM Express specification. */
const polynomial = 0x9a6c9329ac4bc9b5n;
