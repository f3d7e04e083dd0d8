import * as crypto from "node:crypto";
import { awsError } from "../../errors";
import type { LambdaFunction } from "./functions";
import { newTraceId } from "./invocation";
import type { Invocation, InvocationResult, InvokeOptions } from "./types";

/** Queues an invocation and waits for its answer. */
export function submit(
    { pool }: LambdaFunction,
    invokedArn: string,
    { payload, traceId, timeoutMs }: Invocation,
    { tail }: InvokeOptions,
): Promise<{ requestId: string; result: InvocationResult; tail?: readonly string[] }> {
    return new Promise((resolve, reject) => {
        const requestId = crypto.randomUUID();
        const lines: string[] | undefined = tail ? [] : undefined;
        let timer: NodeJS.Timeout | undefined;
        const pending = {
            requestId,
            invokedArn,
            payload: typeof payload === "string" ? payload : payload.toString("utf8"),
            traceId: traceId !== undefined && TRACE_ID.test(traceId) ? traceId : newTraceId(),
            queuedAt: performance.now(),
            tail: lines,
            settle(result: InvocationResult) {
                clearTimeout(timer);
                resolve({ requestId, result, tail: lines });
            },
            reject(error: Error) {
                clearTimeout(timer);
                reject(error);
            },
        };
        if (timeoutMs !== undefined) {
            timer = setTimeout(() => {
                pool.withdraw(pending);
                reject(awsError("RequestTimeoutException", 504, `No answer within ${timeoutMs} ms`));
            }, timeoutMs);
        }
        try {
            pool.submit(pending);
        } catch (error) {
            pending.reject(error as Error);
        }
    });
}

/** It becomes a header for the runtime. */
const TRACE_ID = /^[\x20-\x7e]{1,512}$/;
