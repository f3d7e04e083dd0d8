import { awsError, type AwsError } from "../../errors";

/** `InvalidParameterValue`, in SQS's usual words. */
export function invalidValue(value: unknown, parameter: string, reason: string): AwsError {
    return invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function invalidParameter(message: string): AwsError {
    return awsError("InvalidParameterValue", 400, message);
}

export function missingParameter(parameter: string): AwsError {
    return awsError("MissingParameter", 400, `The request must contain the parameter ${parameter}.`);
}

export function noSuchQueue(): AwsError {
    return awsError("QueueDoesNotExist", 400, "The specified queue does not exist.");
}

export function unsupported(what: string): AwsError {
    return awsError("UnsupportedOperation", 400, `The local run does not have ${what} of SQS.`);
}

/**
 * The code that the query protocol has for an error, which current SDKs show as `Code`: most have two names since SQS speaks JSON
 * (trait `awsQueryError` of the service's model).
 */
export function queryCode(code: string): string {
    return queryCodes[code] ?? code;
}

const queryCodes: Readonly<Record<string, string>> = {
    QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
    KmsAccessDenied: "KMS.AccessDeniedException",
    KmsDisabled: "KMS.DisabledException",
    KmsNotFound: "KMS.NotFoundException",
    ...Object.fromEntries(
        [
            "BatchEntryIdsNotDistinct",
            "BatchRequestTooLong",
            "EmptyBatchRequest",
            "InvalidBatchEntryId",
            "MessageNotInflight",
            "PurgeQueueInProgress",
            "TooManyEntriesInBatchRequest",
            "UnsupportedOperation",
        ].map((code) => [code, `AWS.SimpleQueueService.${code}`]),
    ),
};
