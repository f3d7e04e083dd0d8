import type { FoundCredentials } from "../gateway/credentials";
import { awsError, type AwsError } from "../errors";

/** Errors of authentication, each in the words of the service that was called. */
export interface Refusals {
    /** Access key unknown, session token wrong or expired. */
    credentials(status: Exclude<FoundCredentials["status"], "valid">): AwsError;
    signature(): AwsError;
    /** Signed too long ago, or for a time too far ahead. */
    skew(detail: string): AwsError;
    /** A signature that cannot be read. */
    malformed(detail: string): AwsError;
    /** Headers that have to be signed and are not. */
    unsigned(names: readonly string[]): AwsError;
}

/** @param service Signing name. */
export function refusalsOf(service: string): Refusals {
    return service === "s3" ? s3 : QUERY_SERVICES.has(service) ? query : json;
}

/** Those whose errors keep the names of the query protocol, also when they speak JSON today. */
const QUERY_SERVICES = new Set(["sts", "sqs", "iam", "sns"]);

const INVALID_KEY = "The security token included in the request is invalid.";
const EXPIRED = "The security token included in the request is expired";
const MISMATCH =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

const s3: Refusals = {
    credentials: (status) =>
        ({
            unknown: awsError(
                "InvalidAccessKeyId",
                403,
                "The AWS Access Key Id you provided does not exist in our records.",
            ),
            wrongToken: awsError("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
            expired: awsError("ExpiredToken", 400, "The provided token has expired."),
        })[status],
    signature: () =>
        awsError(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        ),
    skew: () =>
        awsError(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
    malformed: (detail) =>
        awsError("AuthorizationHeaderMalformed", 400, `The authorization header is malformed; ${detail}`),
    unsigned: (names) =>
        awsError("AccessDenied", 403, "There were headers present in the request which were not signed", {
            HeadersNotSigned: names.join(", "),
        }),
};

const query: Refusals = {
    credentials: (status) =>
        status === "expired"
            ? awsError("ExpiredToken", 403, EXPIRED)
            : awsError("InvalidClientTokenId", 403, INVALID_KEY),
    signature: () => awsError("SignatureDoesNotMatch", 403, MISMATCH),
    skew: (detail) => awsError("SignatureDoesNotMatch", 403, detail),
    malformed: (detail) => awsError("IncompleteSignature", 400, detail),
    unsigned: (names) => awsError("SignatureDoesNotMatch", 403, unsignedDetail(names)),
};

const json: Refusals = {
    credentials: (status) =>
        status === "expired"
            ? awsError("ExpiredTokenException", 403, EXPIRED)
            : awsError("UnrecognizedClientException", 403, INVALID_KEY),
    signature: () => awsError("InvalidSignatureException", 403, MISMATCH),
    skew: (detail) => awsError("InvalidSignatureException", 403, detail),
    malformed: (detail) => awsError("IncompleteSignatureException", 400, detail),
    unsigned: (names) => awsError("InvalidSignatureException", 403, unsignedDetail(names)),
};

function unsignedDetail(names: readonly string[]): string {
    return `'${names.join("', '")}' must be a 'SignedHeader' in the AWS Authorization.`;
}
