import type { Principal } from "../../iam/types";

export interface Invocation {
    /** Function ARN or name. */
    readonly functionName: string;
    /** JSON text, at most 6 MB. */
    readonly payload: string | Buffer;
    readonly principal: Principal;
    /** ARN of what calls, when a service calls (gives `aws:SourceArn` and `aws:SourceAccount` to the function's resource policy). */
    readonly sourceArn?: string;
    /** Time the caller waits, in milliseconds. @default the function's own time-out only */
    readonly timeoutMs?: number;
    /** `X-Amzn-Trace-Id` to hand on to the function. */
    readonly traceId?: string;
}

export interface InvocationResult {
    /** What the handler returned, as JSON text; for a function error its `{errorType, errorMessage, trace}`. */
    readonly payload: string;
    /** `Unhandled` when the handler threw, timed out or its process ended. */
    readonly functionError?: "Unhandled";
}

/** Invokes functions as Lambda does, after checking identity and resource policies. */
export interface LambdaInvoker {
    /** Throws AwsError: `AccessDeniedException` 403, `ResourceNotFoundException` 404, `TooManyRequestsException` 429, `RequestTooLargeException` 413. */
    invoke(invocation: Invocation): Promise<InvocationResult>;
}

/** What the caller wants besides the answer. */
export interface InvokeOptions {
    /** Keep the log lines of the invocation. */
    readonly tail?: boolean;
}
