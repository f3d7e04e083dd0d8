import type { CredentialStore } from "../gateway/credentials";
import { awsError } from "../errors";
import type { Principal } from "../iam/types";
import { canonicalRequest } from "./canonical";
import { refusalsOf, type Refusals } from "./refusals";
import type { Signature, SignedRequest } from "./signature";
import { sameSignature, sha256, sign, signingKey } from "./signing";

/** The proof that a request was signed by a principal, and what the signatures of its chunks start from. */
export interface Verified {
    readonly principal: Principal;
    readonly signature: Signature;
    readonly signingKey: Buffer;
}

export interface VerifyOptions {
    /** Milliseconds since 1970. */
    readonly now: number;
    /** The payload's SHA-256 or the word that stands for it, as the client must have signed it. */
    readonly payloadHash: string;
}

/** How far a clock may be off, in milliseconds. */
const CLOCK_SKEW = 15 * 60_000;

/** Verifies a signature. Throws the service's own error when time, credentials, signed headers or the signature are wrong. */
export function verify(
    request: SignedRequest,
    signature: Signature,
    credentials: Pick<CredentialStore, "find">,
    { now, payloadHash }: VerifyOptions,
): Verified {
    const refusals = refusalsOf(signature.service);
    checkTime(signature, now, refusals);
    const found = credentials.find(signature.accessKeyId, signature.sessionToken, now);
    if (found.status !== "valid") {
        throw refusals.credentials(found.status);
    }
    const unsigned = unsignedHeaders(request, signature);
    if (unsigned.length > 0) {
        throw refusals.unsigned(unsigned);
    }
    const canonical = canonicalRequest(request, signature.service, signature.signedHeaders, payloadHash);
    const key = signingKey(found.secretAccessKey, signature.scope);
    const expected = sign(key, `AWS4-HMAC-SHA256\n${signature.date}\n${signature.scope}\n${sha256(canonical)}`);
    if (!sameSignature(expected, signature.signature)) {
        throw refusals.signature();
    }
    return { principal: found.principal, signature, signingKey: key };
}

function checkTime({ service, time, date, expires }: Signature, now: number, refusals: Refusals): void {
    if (expires === undefined) {
        if (now - time > CLOCK_SKEW) {
            throw refusals.skew(
                `Signature expired: ${date} is now earlier than ${iso(now - CLOCK_SKEW)} (${iso(now)} - 15 min.)`,
            );
        }
        if (time - now > CLOCK_SKEW) {
            throw refusals.skew(
                `Signature not yet current: ${date} is still later than ${iso(now + CLOCK_SKEW)} (${iso(now)} + 15 min.)`,
            );
        }
        return;
    }
    if (time - now > CLOCK_SKEW) {
        throw service === "s3"
            ? awsError("AccessDenied", 403, "Request is not yet valid")
            : refusals.skew(`Signature not yet current: ${date}`);
    }
    if (now > time + expires * 1000) {
        throw service === "s3"
            ? awsError("AccessDenied", 403, "Request has expired", {
                  "X-Amz-Expires": String(expires),
                  Expires: new Date(time + expires * 1000).toISOString().replace(/\.\d+/, ""),
                  ServerTime: new Date(now).toISOString().replace(/\.\d+/, ""),
              })
            : refusals.skew(`Signature expired: ${date}`);
    }
}

function iso(time: number): string {
    return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

function unsignedHeaders({ headers }: SignedRequest, { signedHeaders, expires }: Signature): string[] {
    const unsigned = signedHeaders.includes("host") ? [] : ["host"];
    for (const name of headers.keys()) {
        // The payload's hash is part of every signature by itself.
        const exempt = !name.startsWith("x-amz-") || (expires !== undefined && name === "x-amz-content-sha256");
        if (!exempt && !signedHeaders.includes(name)) {
            unsigned.push(name);
        }
    }
    return unsigned;
}
