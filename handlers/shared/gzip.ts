import * as events from "node:events";
import * as zlib from "node:zlib";

/**
 * Packs items as one gzip member. The bytes of an item are only asked for when there is room for them, so that they are
 * never all in memory.
 */
export async function gzip<T>(items: readonly T[], bytesOf: (item: T) => Uint8Array): Promise<Buffer> {
    const packed: Buffer[] = [];
    const packer = zlib.createGzip().on("data", (chunk: Buffer) => packed.push(chunk));
    for (const item of items) {
        if (!packer.write(bytesOf(item))) {
            await events.once(packer, "drain");
        }
    }
    const end = events.once(packer, "end");
    packer.end();
    await end;
    return Buffer.concat(packed);
}

/**
 * Unpacks gzip data.
 *
 * @param most Unpacking stops when there is more than so many bytes.
 * @throws An error with code `ERR_BUFFER_TOO_LARGE`, or one of zlib's about damaged data.
 */
export function gunzip(packed: Buffer, most: number): Buffer {
    // The last four bytes say how many bytes come out. In a chunk of that size they need no joining; a lie only costs speed.
    const size = packed.length < 18 ? 0 : packed.readUInt32LE(packed.length - 4);
    return zlib.gunzipSync(packed, { maxOutputLength: most, chunkSize: Math.max(1024, Math.min(size, most) + 1) });
}
