import * as crypto from "node:crypto";
import type { InvocationResult } from "./types";

/** An accepted call of a function, from its place in the queue to its answer. */
export interface PendingInvocation {
    readonly requestId: string;
    /** ARN as invoked, with the alias if there is one. */
    readonly invokedArn: string;
    /** JSON text. */
    readonly payload: string;
    /** `X-Amzn-Trace-Id` as the function sees it. */
    readonly traceId: string;
    /** `performance.now()` of its arrival. */
    readonly queuedAt: number;
    /** Lines that it caused, kept when the caller asked for the log's tail. */
    readonly tail?: string[];
    /** Answers the caller. */
    settle(result: InvocationResult): void;
    /** Tells the caller that Lambda itself failed. */
    reject(error: Error): void;
}

/** Largest payload of a synchronous invocation, in bytes. */
export const LARGEST_PAYLOAD = 6 * 1024 * 1024;

/** A function error, with the body that Lambda makes for one that is not the handler's own. */
export function functionError(errorType: string, errorMessage: string): InvocationResult {
    return { payload: JSON.stringify({ errorType, errorMessage }), functionError: "Unhandled" };
}

/** The type of a function error; `Unknown` where the runtime sent another body. */
export function errorTypeOf(payload: string): string {
    try {
        return String((JSON.parse(payload) as { errorType?: unknown } | null)?.errorType ?? "Unknown");
    } catch {
        // A runtime of another make may send any text.
        return "Unknown";
    }
}

/** A trace header for a call that brought none; nothing is sampled here. */
export function newTraceId(): string {
    const id = crypto.randomUUID();
    const time = Math.floor(Date.now() / 1000).toString(16);
    return `Root=1-${time}-${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(24)};Parent=${id.slice(19, 23)}${id.slice(24)};Sampled=0`;
}
