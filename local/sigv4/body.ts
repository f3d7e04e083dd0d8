import { Readable } from "node:stream";
import { awsError } from "../errors";
import { createChunkedDecoder } from "./chunked";
import type { ChunkSigning } from "./chunkSignatures";
import { createDigests, type Promises } from "./digests";

export interface BodyOptions extends Omit<Promises, "trailers"> {
    /** What `aws-chunked` needs; absent for a plain payload. */
    readonly chunked?:
        | {
              readonly signing?: ChunkSigning | undefined;
              readonly decodedLength: number;
              readonly trailers: readonly string[];
          }
        | undefined;
    /** True when no byte can follow, as for most GETs: then everything is checked at once. */
    readonly empty: boolean;
}

export interface DecodedBody {
    /** The payload. Errors at its end, with an AwsError, when the bytes are not those that the sender promised. */
    readonly body: Readable;
    /** Complete when {@link body} has ended. */
    readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Decodes and checks a request's payload while it flows.
 *
 * Nothing is read from the source before somebody reads the body. Destroying the body lets the rest of the source run out, so
 * that an answer can still be sent on the same connection.
 */
export function decodeBody(source: Readable, options: BodyOptions): DecodedBody {
    const trailers: Record<string, string> = {};
    const digests = createDigests({ ...options, trailers: options.chunked?.trailers ?? [] });
    if (options.empty && !options.chunked) {
        digests.verify(trailers);
        return { body: Readable.from([]), trailers };
    }
    let started = false;
    const emit = (data: Buffer) => {
        digests.update(data);
        if (!body.push(data)) {
            source.pause();
        }
    };
    const chunks = options.chunked && createChunkedDecoder({ ...options.chunked, emit });
    const attempt = (step: () => void) => {
        try {
            step();
        } catch (error) {
            body.destroy(error as Error);
        }
    };
    const onData = (data: Buffer) => attempt(() => (chunks ? chunks.write(data) : emit(data)));
    const onEnd = () =>
        attempt(() => {
            Object.assign(trailers, chunks?.end());
            digests.verify(trailers);
            body.push(null);
        });
    const onCut = () => {
        if (!source.readableEnded) {
            body.destroy(
                awsError(
                    "IncompleteBody",
                    400,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header",
                ),
            );
        }
    };
    const body = new Readable({
        read() {
            if (!started) {
                started = true;
                source.on("data", onData).on("end", onEnd).on("error", onCut).on("close", onCut);
            }
            source.resume();
        },
        destroy(error, callback) {
            source.off("data", onData).off("end", onEnd);
            source.resume();
            callback(error);
        },
    });
    return { body, trailers };
}
