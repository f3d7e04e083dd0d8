/** An error that an AWS service answers with: its code, its HTTP status, and the message the caller reads. */
export interface AwsError extends Error {
    readonly code: string;
    readonly status: number;
    /** Further elements of an S3 error body, e.g. `{ Condition: "If-None-Match" }`. */
    readonly details?: Readonly<Record<string, string>>;
}

/** Makes an {@link AwsError}. */
export function awsError(code: string, status: number, message: string, details?: Record<string, string>): AwsError {
    return Object.assign(new Error(message), { name: code, code, status, ...(details ? { details } : {}) });
}

export function isAwsError(error: unknown): error is AwsError {
    return (
        error instanceof Error &&
        typeof (error as AwsError).code === "string" &&
        typeof (error as AwsError).status === "number"
    );
}
