import * as fs from "node:fs";
import type * as http from "node:http";
import { pipeline } from "node:stream/promises";
import type { Blobs } from "./store/blobs";
import type { Blob } from "./store/types";

/** Up to this many bytes one read is quicker than a stream. */
const readAtOnce = 64 * 1024;

/** Sends bytes of an object, `end` not included. They stay readable to the end, also when the object is overwritten meanwhile. */
export async function sendBytes(
    blobs: Blobs,
    ofObject: readonly Blob[],
    range: { start: number; end: number },
    response: http.ServerResponse,
): Promise<void> {
    const slices = slicesOf(ofObject, range);
    if (range.end - range.start <= readAtOnce) {
        response.end(Buffer.concat(slices.map((slice) => readSlice(blobs, slice))));
        return;
    }
    const release = blobs.hold(ofObject);
    try {
        for (const { id, start, end } of slices) {
            const file = fs.createReadStream(blobs.path(id), { start, end: end - 1, highWaterMark: 256 * 1024 });
            await pipeline(file, response, { end: false });
        }
        response.end();
    } catch (error) {
        if (!callerGone.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    } finally {
        release();
    }
}

/** Errors of a caller that closed the connection: nobody is left to tell. */
const callerGone: ReadonlySet<string> = new Set([
    "ERR_STREAM_PREMATURE_CLOSE",
    "ERR_STREAM_DESTROYED",
    "ECONNRESET",
    "EPIPE",
]);

interface Slice {
    readonly id: string;
    readonly start: number;
    readonly end: number;
}

function slicesOf(blobs: readonly Blob[], { start, end }: { start: number; end: number }): Slice[] {
    const slices: Slice[] = [];
    let offset = 0;
    for (const { id, size } of blobs) {
        const slice = { id, start: Math.max(0, start - offset), end: Math.min(size, end - offset) };
        if (slice.start < slice.end) slices.push(slice);
        offset += size;
    }
    return slices;
}

function readSlice(blobs: Blobs, { id, start, end }: Slice): Buffer {
    const bytes = Buffer.allocUnsafe(end - start);
    const descriptor = fs.openSync(blobs.path(id), "r");
    try {
        const read = fs.readSync(descriptor, bytes, 0, bytes.length, start);
        if (read < bytes.length) throw new Error(`blob ${id} has ${start + read} bytes, ${end} were expected`);
    } finally {
        fs.closeSync(descriptor);
    }
    return bytes;
}
