import * as crypto from "node:crypto";
import { awsError } from "../errors";
import { EMPTY_HASH, sameSignature, sha256, sign } from "./signing";

/** What the signatures of chunks are made with; the first follows on the request's own, the seed. */
export interface ChunkSigning {
    readonly key: Buffer;
    readonly date: string;
    readonly scope: string;
    readonly seed: string;
}

/** Verifies the chain of signatures in a payload of signed chunks. */
export interface ChunkSignatures {
    update(data: Buffer): void;
    /** Throws an AwsError when the chunk that ends here was not signed so. */
    endChunk(claimed: string): void;
    /** @param text The trailers, each as `name:value\n`. */
    endTrailers(text: string, claimed: string): void;
}

/** S3 API reference, "Signature calculations for the Authorization header: transferring payload in multiple chunks". */
export function createChunkSignatures({ key, date, scope, seed }: ChunkSigning): ChunkSignatures {
    let previous = seed;
    let hash = crypto.createHash("sha256");
    const check = (algorithm: string, hashes: string, claimed: string) => {
        previous = sign(key, `${algorithm}\n${date}\n${scope}\n${previous}\n${hashes}`);
        if (!sameSignature(previous, claimed)) {
            throw awsError(
                "SignatureDoesNotMatch",
                403,
                "The signature of a chunk does not match the signature we calculated.",
            );
        }
    };
    return {
        update: (data) => void hash.update(data),
        endChunk(claimed) {
            check("AWS4-HMAC-SHA256-PAYLOAD", `${EMPTY_HASH}\n${hash.digest("hex")}`, claimed);
            hash = crypto.createHash("sha256");
        },
        endTrailers: (text, claimed) => check("AWS4-HMAC-SHA256-TRAILER", sha256(text), claimed),
    };
}
