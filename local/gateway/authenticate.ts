import type * as http from "node:http";
import { Readable } from "node:stream";
import { awsError } from "../errors";
import type { Principal } from "../iam/types";
import { decodeBody, type BodyOptions } from "../sigv4/body";
import { verifyForm, type FormCall } from "../sigv4/formPolicy";
import { refusalsOf } from "../sigv4/refusals";
import { readHeaders, readSignature, type Signature, type SignedRequest } from "../sigv4/signature";
import { EMPTY_HASH, sha256 } from "../sigv4/signing";
import { verify, type Verified } from "../sigv4/verify";
import type { CredentialStore } from "./credentials";
import type { AwsCall } from "./types";

export interface AuthenticateOptions {
    readonly requestId: string;
    /** Milliseconds since 1970. @default the clock */
    readonly now?: number;
}

/**
 * Verifies who makes a request, by signature in headers or in the query. Without a signature the call is anonymous, and S3's; a POST is
 * then a FormCall, since a form carries its signature in its body.
 *
 * Rejects with the AwsError of the service that the request names (`claimedService` tells which one). When a service other
 * than S3 is called without `x-amz-content-sha256`, as the AWS CLI does, the payload is read first, since its hash is signed.
 */
export async function authenticate(
    request: http.IncomingMessage,
    credentials: CredentialStore,
    { requestId, now = Date.now() }: AuthenticateOptions,
): Promise<AwsCall> {
    const signed = signedRequest(request);
    const signature = readSignature(signed);
    const query = new URLSearchParams(signed.url.slice(pathOf(signed.url).length));
    const call = {
        method: signed.method,
        path: pathOf(signed.url),
        query,
        headers: request.headers,
        requestId,
        sourceIp: (request.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
    };
    if (!signature) {
        const payloadHash = signed.headers.get("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
        const decoded = decodeBody(request, s3Body(signed, query, payloadHash));
        const anonymous: AwsCall = { ...call, ...decoded, service: "s3", region: "", principal: ANONYMOUS };
        return signed.method === "POST" ? formCall(anonymous, credentials, now) : anonymous;
    }
    const { service, region } = signature;
    if (service === "s3") {
        const payloadHash = s3PayloadHash(signed, query, signature);
        const verified = verify(signed, signature, credentials, { now, payloadHash });
        const decoded = decodeBody(request, s3Body(signed, query, payloadHash, verified));
        return { ...call, ...decoded, service, region, principal: verified.principal };
    }
    const declared = signed.headers.get("x-amz-content-sha256");
    const received = declared === undefined && !isEmpty(signed) ? await readAll(request) : undefined;
    const payloadHash = declared ?? (received ? sha256(received) : EMPTY_HASH);
    const { principal } = verify(signed, signature, credentials, { now, payloadHash });
    const { body, trailers } = received
        ? { body: Readable.from([received]), trailers: {} }
        : decodeBody(request, { sha256: payloadHash, mismatch: refusalsOf(service).signature, empty: isEmpty(signed) });
    return { ...call, body, trailers, service, region, principal };
}

const ANONYMOUS: Principal = { type: "anonymous" };

function formCall(call: AwsCall, credentials: CredentialStore, now: number): FormCall {
    return { ...call, verifyForm: (fields) => verifyForm(fields, credentials, now) };
}

/** The parts of a request that its signature is about. */
export function signedRequest(request: http.IncomingMessage): SignedRequest {
    const { method = "GET", url = "/" } = request;
    if (!url.startsWith("/")) {
        throw awsError("InvalidURI", 400, "Couldn't parse the specified URI.");
    }
    return { method, url, headers: readHeaders(request.rawHeaders) };
}

function pathOf(url: string): string {
    const start = url.indexOf("?");
    return start < 0 ? url : url.slice(0, start);
}

function isEmpty({ headers }: SignedRequest): boolean {
    return !headers.has("transfer-encoding") && Number(headers.get("content-length") ?? 0) === 0;
}

function s3PayloadHash({ headers }: SignedRequest, query: URLSearchParams, { expires }: Signature): string {
    const given = headers.get("x-amz-content-sha256") ?? query.get("X-Amz-Content-Sha256") ?? undefined;
    if (given === undefined && expires === undefined) {
        throw awsError("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
    }
    return given ?? UNSIGNED;
}

const UNSIGNED = "UNSIGNED-PAYLOAD";
const UNSIGNED_CHUNKS = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

function s3Body(signed: SignedRequest, query: URLSearchParams, payloadHash: string, verified?: Verified): BodyOptions {
    const { headers, method } = signed;
    // The checksums of CompleteMultipartUpload are the object's, not the request's.
    const ofObject = method === "POST" && query.has("uploadId");
    const header = (name: string) =>
        headers.get(name) ?? (verified?.signature.expires ? parameter(query, name) : undefined);
    return {
        sha256: wholeHash(payloadHash),
        mismatch: (computed) =>
            awsError(
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                {
                    ClientComputedContentSHA256: payloadHash,
                    S3ComputedContentSHA256: computed,
                },
            ),
        header: ofObject ? undefined : header,
        chunked: payloadHash.startsWith("STREAMING-") ? chunkedOptions(headers, payloadHash, verified) : undefined,
        empty: isEmpty(signed),
    };
}

/** Presigned URLs carry headers that were hoisted into the query, in any case of letters. */
function parameter(query: URLSearchParams, name: string): string | undefined {
    for (const [key, value] of query) {
        if (key.toLowerCase() === name) {
            return value;
        }
    }
    return undefined;
}

function wholeHash(payloadHash: string): string | undefined {
    if ([UNSIGNED, UNSIGNED_CHUNKS, SIGNED_CHUNKS, `${SIGNED_CHUNKS}-TRAILER`].includes(payloadHash)) {
        return undefined;
    }
    if (!/^[0-9a-f]{64}$/.test(payloadHash)) {
        throw awsError(
            "InvalidArgument",
            400,
            `x-amz-content-sha256 must be ${UNSIGNED}, ${UNSIGNED_CHUNKS}, ${SIGNED_CHUNKS}, or a valid sha256 value.`,
        );
    }
    return payloadHash;
}

function chunkedOptions(
    headers: SignedRequest["headers"],
    payloadHash: string,
    verified: Verified | undefined,
): BodyOptions["chunked"] {
    const length = headers.get("x-amz-decoded-content-length") ?? "";
    if (!/^\d{1,15}$/.test(length)) {
        throw awsError("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");
    }
    const names = (headers.get("x-amz-trailer") ?? "").toLowerCase();
    const trailers =
        payloadHash.endsWith("-TRAILER") && names !== "" ? names.split(",").map((name) => name.trim()) : [];
    if (payloadHash === UNSIGNED_CHUNKS) {
        return { decodedLength: Number(length), trailers };
    }
    if (!verified) {
        throw awsError("InvalidRequest", 400, "Chunks can only be signed in a request that is signed.");
    }
    const { date, scope, signature } = verified.signature;
    return {
        decodedLength: Number(length),
        trailers,
        signing: { key: verified.signingKey, date, scope, seed: signature },
    };
}

/** Longest payload that is read before its signature is verified, in bytes. */
const LONGEST_UNVERIFIED = 16_777_216;

async function readAll(request: http.IncomingMessage): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    // Without this, leaving the loop would end the connection before the error is answered.
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        length += piece.length;
        if (length > LONGEST_UNVERIFIED) {
            request.resume();
            throw awsError("RequestEntityTooLarge", 413, `The request is longer than ${LONGEST_UNVERIFIED} bytes.`);
        }
        pieces.push(piece);
    }
    return Buffer.concat(pieces);
}
