/** Reads pieces of a body between delimiters, keeping no more of it than one of its chunks and what the caller asks for. */
export interface DelimitedReader {
    /** All bytes before the next `delimiter`, which is taken too. */
    take(delimiter: Buffer): Promise<Buffer>;
    takeBytes(count: number): Promise<Buffer>;
    /** Like {@link take}, as a stream, however much there is. */
    stream(delimiter: Buffer): AsyncGenerator<Buffer>;
    /** Reads to the end of the body. */
    skipRest(): Promise<void>;
}

export interface DelimitedReaderOptions {
    /** Most bytes that all calls of `take` together may read. */
    readonly most: number;
    /** The error for more. */
    readonly tooMuch: () => Error;
    /** The error when the body ends early. */
    readonly cutOff: () => Error;
}

/** Makes a reader of a body. */
export function createDelimitedReader(
    body: AsyncIterator<Buffer>,
    { most, tooMuch, cutOff }: DelimitedReaderOptions,
): DelimitedReader {
    let held: Buffer = Buffer.alloc(0);
    let taken = 0;

    async function readOn(): Promise<void> {
        const next = await body.next();
        if (next.done) throw cutOff();
        held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    }

    function cut(end: number, next: number): Buffer {
        const piece = held.subarray(0, end);
        held = held.subarray(next);
        return piece;
    }

    return {
        async take(delimiter) {
            for (;;) {
                const end = held.indexOf(delimiter);
                const next = end < 0 ? held.length : end + delimiter.length;
                if (taken + next > most) throw tooMuch();
                if (end >= 0) {
                    taken += next;
                    return cut(end, next);
                }
                await readOn();
            }
        },
        async takeBytes(count) {
            while (held.length < count) await readOn();
            taken += count;
            return cut(count, count);
        },
        async *stream(delimiter) {
            for (;;) {
                const end = held.indexOf(delimiter);
                const safe = end < 0 ? beforePartOf(delimiter, held) : end;
                const piece = cut(safe, end < 0 ? safe : end + delimiter.length);
                if (piece.length > 0) yield piece;
                if (end >= 0) return;
                await readOn();
            }
        },
        async skipRest() {
            held = Buffer.alloc(0);
            while (!(await body.next()).done);
        },
    };
}

/** Where a delimiter might begin that more bytes may complete; the end when nowhere. */
function beforePartOf(delimiter: Buffer, bytes: Buffer): number {
    const start = bytes.indexOf(delimiter[0], Math.max(0, bytes.length - delimiter.length + 1));
    return start < 0 ? bytes.length : start;
}
