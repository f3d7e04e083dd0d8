import { isAwsError, type AwsError } from "../../../errors";
import type { CredentialStore } from "../../../gateway/credentials";
import type { Principal } from "../../../iam/types";
import { readHeaders, readSignature, type Signature } from "../../../sigv4/signature";
import { sha256 } from "../../../sigv4/signing";
import { verify } from "../../../sigv4/verify";
import { faults, type Fault } from "../faults";
import type { Exchange } from "../types";
import { malformation } from "./malformation";

export type Credentials = Pick<CredentialStore, "find">;

/** Whose signature a request bears. */
export interface Authenticated {
    readonly principal: Principal;
    readonly accessKeyId: string;
}

/**
 * Verifies a request's Signature Version 4, in headers or in the query, over the request as it was sent to this machine. The body
 * must be there: its hash is computed, whatever `x-amz-content-sha256` says, since API Gateway takes no unsigned payload.
 */
export function authenticate(exchange: Exchange, credentials: Credentials): Authenticated | Fault {
    const { request, verb, body, region } = exchange;
    const signed = { method: verb, url: request.url ?? "/", headers: readHeaders(request.rawHeaders) };
    const malformed = malformation(signed.headers);
    if (malformed !== undefined) {
        return invalid("IncompleteSignatureException", malformed);
    }
    try {
        const signature = readSignature(signed);
        if (!signature) {
            return faults.missingAuthenticationToken;
        }
        const misplaced = scopeComplaint(signature, region);
        if (misplaced !== "") {
            return invalid("InvalidSignatureException", misplaced);
        }
        const { principal } = verify(signed, signature, credentials, {
            now: exchange.now(),
            payloadHash: sha256(body ?? ""),
        });
        return { principal, accessKeyId: signature.accessKeyId };
    } catch (error) {
        if (!isAwsError(error)) {
            throw error;
        }
        return faultOf(error);
    }
}

function scopeComplaint({ service, region: signedFor }: Signature, region: string): string {
    return [
        signedFor === region ? "" : "Credential should be scoped to a valid region. ",
        service === "execute-api" ? "" : "Credential should be scoped to correct service: 'execute-api'. ",
    ].join("");
}

const KNOWN = new Set(["InvalidSignatureException", "UnrecognizedClientException"]);

/** What else went wrong is a signature that can't be read. */
function faultOf({ code, message }: AwsError): Fault {
    return code === "ExpiredTokenException"
        ? { type: "EXPIRED_TOKEN", message }
        : invalid(KNOWN.has(code) ? code : "IncompleteSignatureException", message);
}

function invalid(errorType: string, message: string): Fault {
    return { type: "INVALID_SIGNATURE", errorType, message };
}
