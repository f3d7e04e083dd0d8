import * as crypto from "node:crypto";
import type { PlannedResource } from "../../../plan/types";
import { awsError } from "../../errors";
import type { AwsApi, ResourceProvider } from "../../gateway/types";
import type { Authorizer, Principal } from "../../iam/types";
import type { LogSink } from "../logs/types";
import { createAccess } from "./access";
import { lambdaApi, type InvokeOptions } from "./api";
import { asyncInvocations } from "./asyncInvocations";
import { toConfiguration } from "./configuration";
import { functionLogs } from "./functionLog";
import { parseFunctionName, toStatement } from "./functionPolicy";
import { createFunctions, type LambdaFunction } from "./functions";
import { LARGEST_PAYLOAD, newTraceId } from "./invocation";
import { defaultLimits, type PoolLimits } from "./pool";
import type { Invocation, InvocationResult, LambdaInvoker } from "./types";

/** Arguments for {@link createLambda}. */
export interface LambdaOptions {
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    /** Makes the temporary credentials of environments. */
    readonly credentials: {
        issue(principal: Principal, options: { durationSeconds: number }): IssuedCredentials;
    };
    readonly logs: LogSink;
    /** URL of the AWS APIs, e.g. `http://127.0.0.1:4400`; asked for at each start of an environment. */
    readonly endpoint: () => string;
    /** Rewrites the URLs in values of environment variables to those of this machine. */
    readonly localise: (value: string) => string;
    /** Tells the user something. */
    readonly print: (line: string) => void;
    readonly limits?: Partial<PoolLimits>;
    /** Waits before the second and third attempt of an asynchronous invocation, in milliseconds; AWS waits 1 and 2 minutes. @default 1 and 2 seconds */
    readonly retryDelaysMs?: readonly number[];
}

export interface IssuedCredentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
}

export interface Lambda extends LambdaInvoker, AwsApi, ResourceProvider {
    /** Accepts an event and runs it later, with two more attempts after function errors. Refusals are thrown as by `invoke`. */
    invokeAsync(invocation: Invocation): void;
    close(): Promise<void>;
}

/** Runs declared functions in processes of their own, spoken to by the Runtime API. */
export function createLambda(options: LambdaOptions): Lambda {
    const { account, region } = options;
    const access = createAccess(options.authorizer, account);
    const limits = { ...defaultLimits, ...options.limits };
    const functions = createFunctions({ ...options, limits, openLog: functionLogs(options) });
    const events = asyncInvocations({
        delaysMs: options.retryDelaysMs ?? [1_000, 2_000],
        print: options.print,
        run: (fn, arn, invocation) => submit(fn, arn, invocation, {}).then(({ result }) => result),
    });
    let closed = false;

    const invoke = async (invocation: Invocation, invokeOptions: InvokeOptions = {}) => {
        const { fn, arn } = authorized(invocation, LARGEST_PAYLOAD);
        return submit(fn, arn, invocation, invokeOptions);
    };
    const invokeAsync = (invocation: Invocation) => {
        const { fn, arn } = authorized(invocation, LARGEST_EVENT);
        events.accept(fn, arn, invocation);
    };
    const api = lambdaApi({
        invoke,
        invokeAsync,
        authorizeInvoke: (invocation) => void authorized(invocation, LARGEST_PAYLOAD),
        functions,
        access,
        account,
        region,
    });

    return {
        ...api,
        invoke: (invocation) => invoke(invocation).then(({ result }) => result),
        invokeAsync,
        apply: {
            "aws:lambda/function:Function": (resource) => functions.apply(toConfiguration(resource, account, region)),
            "aws:lambda/alias:Alias": (resource: PlannedResource) => {
                const { functionName, name } = resource.inputs as { functionName: string; name: string };
                functions.addAlias(parseFunctionName(functionName).name, name);
            },
            "aws:lambda/permission:Permission": (resource) => {
                const { functionName, statement } = toStatement(resource, account, region);
                access.permit(functionName, statement);
            },
        },
        ready: () => access.forget(),
        async close() {
            closed = true;
            events.close();
            await functions.close();
        },
    };

    function authorized(
        { functionName, payload, principal, sourceArn }: Invocation,
        largest: number,
    ): { fn: LambdaFunction; arn: string } {
        if (closed) {
            throw awsError("ServiceException", 500, "The local run is ending.");
        }
        const { fn, arn } = functions.resolve(functionName);
        access.authorizeInvoke({
            functionName: fn?.configuration.name ?? "",
            arn,
            principal,
            sourceArn,
            requestId: crypto.randomUUID(),
        });
        if (fn === undefined) {
            throw awsError("ResourceNotFoundException", 404, `Function not found: ${arn}`);
        }
        if (Buffer.byteLength(payload) > largest) {
            const message = `Request must be smaller than ${largest} bytes for the InvokeFunction operation`;
            throw awsError("RequestTooLargeException", 413, message);
        }
        return { fn, arn };
    }
}

/** Largest payload of an asynchronous invocation, in bytes. */
const LARGEST_EVENT = 1024 * 1024;

/** Queues an invocation and waits for its answer. */
function submit(
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
