import { awsError, type AwsError } from "../../errors";

export function validation(message: string): AwsError {
    return awsError("ValidationException", 400, message);
}

export function tableNotFound(): AwsError {
    return awsError("ResourceNotFoundException", 400, "Requested resource not found");
}

/** An operation that DynamoDB does not have, or the local run does not. */
export function unknownOperation(reason: string): AwsError {
    return awsError("UnknownOperationException", 400, reason);
}

/** An error of the gateway or the authorizer, by the code that DynamoDB has for it ("Common Errors" of its API Reference; all are 400). */
export function dynamoDbCode(code: string): string {
    return codes[code] ?? code;
}

const codes: Readonly<Record<string, string>> = {
    AccessDenied: "AccessDeniedException",
    SignatureDoesNotMatch: "InvalidSignatureException",
    RequestTimeTooSkewed: "InvalidSignatureException",
    XAmzContentSHA256Mismatch: "InvalidSignatureException",
    AuthorizationHeaderMalformed: "IncompleteSignatureException",
    InvalidAccessKeyId: "UnrecognizedClientException",
    InvalidClientTokenId: "UnrecognizedClientException",
    InvalidToken: "UnrecognizedClientException",
    ExpiredToken: "ExpiredTokenException",
    MissingAuthenticationToken: "MissingAuthenticationTokenException",
};
