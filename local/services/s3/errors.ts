import { awsError } from "../../errors";
import type { AwsError } from "../../errors";

/** S3's errors that more than one operation answers with; codes, statuses and messages are AWS's own. */
export function noSuchKey(key: string): AwsError {
    return awsError("NoSuchKey", 404, "The specified key does not exist.", { Key: key });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
    return awsError("NoSuchVersion", 404, "The specified version does not exist.", { Key: key, VersionId: versionId });
}

export function noSuchBucket(bucket: string): AwsError {
    return awsError("NoSuchBucket", 404, "The specified bucket does not exist", { BucketName: bucket });
}

export function noSuchUpload(uploadId: string): AwsError {
    const message =
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
    return awsError("NoSuchUpload", 404, message, { UploadId: uploadId });
}

export function preconditionFailed(condition: string): AwsError {
    const message = "At least one of the pre-conditions you specified did not hold";
    return awsError("PreconditionFailed", 412, message, { Condition: condition });
}

export function invalidArgument(message: string, name: string, value: string): AwsError {
    return awsError("InvalidArgument", 400, message, { ArgumentName: name, ArgumentValue: value });
}

export function accessDenied(message = "Access Denied"): AwsError {
    return awsError("AccessDenied", 403, message);
}

/** For an operation, or a part of one, that the local run does not have. */
export function notImplemented(what: string): AwsError {
    return awsError("NotImplemented", 501, `${what} is not implemented by the local run`);
}

/** For a header whose value S3 itself does not take. */
export function headerNotImplemented(header: string): AwsError {
    const message = "A header you provided implies functionality that is not implemented";
    return awsError("NotImplemented", 501, message, { Header: header });
}
