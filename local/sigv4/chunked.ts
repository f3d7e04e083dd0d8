import { awsError } from "../errors";
import { createChunkSignatures, type ChunkSigning } from "./chunkSignatures";

export interface ChunkedOptions {
    /** Absent when the chunks are not signed. */
    readonly signing?: ChunkSigning | undefined;
    /** Length of the payload without the framing, in bytes. */
    readonly decodedLength: number;
    /** Names of the trailers that must follow the last chunk. */
    readonly trailers: readonly string[];
    /** Receives the payload, piece by piece. */
    readonly emit: (data: Buffer) => void;
}

/** Takes `aws-chunked` off a payload that arrives in pieces. */
export interface ChunkedDecoder {
    /** Throws an AwsError as soon as the framing, a signature or the length is wrong. */
    write(data: Buffer): void;
    /** Throws an AwsError when the payload is not complete; returns the trailers. */
    end(): Record<string, string>;
}

/** Longest line of the framing, in bytes. */
const LONGEST_LINE = 8192;

/** Makes a decoder for one payload. Nothing is kept but the line that is being read. */
export function createChunkedDecoder({
    signing,
    decodedLength,
    trailers: expected,
    emit,
}: ChunkedOptions): ChunkedDecoder {
    const signatures = signing && createChunkSignatures(signing);
    const trailers: Record<string, string> = {};
    let state: "size" | "data" | "dataEnd" | "trailers" | "done" = "size";
    let line = "";
    let claimed = "";
    let remaining = 0;
    let decoded = 0;
    let trailerText = "";

    const beginChunk = (text: string) => {
        const [, size, signature] = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text) ?? [];
        if (size === undefined || (signatures && signature === undefined)) {
            throw incomplete("The size of a chunk cannot be read.");
        }
        remaining = parseInt(size, 16);
        claimed = signature ?? "";
        if (remaining > decodedLength - decoded) {
            throw incomplete("The payload is longer than x-amz-decoded-content-length.");
        }
        if (remaining > 0) {
            state = "data";
        } else {
            signatures?.endChunk(claimed);
            state = "trailers";
        }
    };
    const readTrailer = (text: string) => {
        const colon = Math.max(text.indexOf(":"), 0);
        const name = text.slice(0, colon).trim().toLowerCase();
        const value = text.slice(colon + 1).trim();
        if (text === "") {
            // Signed trailers may have an empty line before their signature.
            state = signatures && expected.length > 0 ? "trailers" : "done";
        } else if (signatures && name === SIGNATURE) {
            signatures.endTrailers(trailerText, value);
            state = "done";
        } else if (expected.includes(name) && trailers[name] === undefined) {
            trailers[name] = value;
            trailerText += `${name}:${value}\n`;
        } else {
            throw malformedTrailer();
        }
    };
    const endLine = (text: string) => {
        if (state === "size") {
            beginChunk(text);
        } else if (state === "trailers") {
            readTrailer(text);
        } else if (text !== "") {
            throw incomplete("The framing of the payload cannot be read.");
        } else if (state === "dataEnd") {
            state = "size";
        }
    };
    /** Returns how many bytes were taken. */
    const readData = (data: Buffer, position: number) => {
        const piece = data.subarray(position, position + remaining);
        signatures?.update(piece);
        emit(piece);
        decoded += piece.length;
        remaining -= piece.length;
        if (remaining === 0) {
            signatures?.endChunk(claimed);
            state = "dataEnd";
        }
        return piece.length;
    };
    /** Returns how many bytes were taken. */
    const readLine = (data: Buffer, position: number) => {
        const newline = data.indexOf("\n", position);
        const end = newline < 0 ? data.length : newline;
        line += data.toString("latin1", position, end);
        if (line.length > LONGEST_LINE) {
            throw incomplete("The framing of the payload cannot be read.");
        }
        if (newline >= 0) {
            const text = line.endsWith("\r") ? line.slice(0, -1) : line;
            line = "";
            endLine(text);
        }
        return end - position + 1;
    };

    return {
        write(data) {
            for (let position = 0; position < data.length;) {
                position += state === "data" ? readData(data, position) : readLine(data, position);
            }
        },
        end() {
            if (state !== "done" || decoded !== decodedLength) {
                throw incomplete(
                    "The payload ended before its last chunk, or is shorter than x-amz-decoded-content-length.",
                );
            }
            if (expected.some((name) => trailers[name] === undefined)) {
                throw malformedTrailer();
            }
            return trailers;
        },
    };
}

const SIGNATURE = "x-amz-trailer-signature";

function incomplete(message: string): Error {
    return awsError("IncompleteBody", 400, message);
}

function malformedTrailer(): Error {
    return awsError(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    );
}
