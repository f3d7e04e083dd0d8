import * as childProcess from "node:child_process";
import * as crypto from "node:crypto";
import * as path from "node:path";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

/** Where a handler comes from: a bundled file, or a factory in a source file. */
export type HandlerForm =
    | { readonly bundle: string }
    | { readonly module: string; readonly factory: string; readonly args: readonly unknown[] };

/** What one invocation gave. */
export interface Invocation {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** The body as sent. */
    readonly text: string;
    /** The body parsed; `undefined` when empty. */
    readonly body: any;
    /** All that the handler wrote to stdout and stderr. */
    readonly output: string;
    /** Most memory that the process ever had. */
    readonly peakBytes: number;
}

/** A request, as far as it differs from `GET /`. */
export interface TestRequest {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    /** Text is sent as it is, bytes as API Gateway sends binary media types. */
    readonly body?: string | Uint8Array;
    readonly requestId?: string;
    /** Client that the API's authorizer let in. @default - none */
    readonly client?: string;
    /** Time left when the invocation starts. @default 10000 */
    readonly remainingMs?: number;
}

/** What one invocation with an event of any service gave: a result, or the message of what the handler threw. */
export interface RawInvocation {
    readonly result?: any;
    readonly error?: string;
    /** What the handler wrote to stdout and stderr, by call: one for each call of `console`. */
    readonly writes: readonly string[];
}

/** A handler in a process of its own. */
export interface RunningHandler {
    readonly invoke: (request: TestRequest) => Promise<Invocation>;
    /** Invokes with an event as it is, e.g. one of SQS. @param remainingMs Time left when the invocation starts. @default 10000 */
    readonly invokeEvent: (event: object, remainingMs?: number) => Promise<RawInvocation>;
    readonly stop: () => Promise<void>;
}

/**
 * Starts a handler in a fresh process that has the variables given and no others.
 *
 * @throws With the message of what its factory threw.
 */
export async function startHandler(form: HandlerForm, env: Readonly<Record<string, string>>): Promise<RunningHandler> {
    const child = childProcess.fork(path.join(__dirname, "handlerChild.cjs"), [JSON.stringify(form)], {
        env: {
            PATH: process.env.PATH,
            AWS_REGION: "eu-central-1",
            AWS_ACCESS_KEY_ID: "AKIDTEST",
            AWS_SECRET_ACCESS_KEY: "wJalr",
            ...env,
        },
        execArgv: [],
    });
    const started = await message(child);
    if (started.failed) {
        throw new Error(started.failed);
    }
    const send = (event: object, remainingMs = 10_000) => {
        child.send({ event, remainingMs });
        return message(child);
    };
    return {
        invoke: async (request) => {
            const { answer, error, writes, peakBytes } = await send(proxyEvent(request), request.remainingMs);
            if (!answer) {
                throw new Error(`the handler threw: ${error}`);
            }
            return { ...invocation(answer), output: writes.join(""), peakBytes };
        },
        invokeEvent: async (event, remainingMs) => {
            const { answer, error, writes } = await send(event, remainingMs);
            return { result: answer, error, writes };
        },
        stop: () =>
            new Promise((resolve) => {
                child.once("exit", () => resolve());
                child.kill();
            }),
    };
}

/** The event that API Gateway's REST API makes of a request. */
export function proxyEvent(request: TestRequest): APIGatewayProxyEvent {
    const {
        method = "GET",
        path: requestPath = "/",
        headers = {},
        query,
        body,
        requestId = crypto.randomUUID(),
    } = request;
    const isBase64Encoded = body instanceof Uint8Array;
    return {
        resource: requestPath,
        path: requestPath,
        httpMethod: method,
        headers,
        multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        queryStringParameters: query ?? null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null,
        requestContext: {
            ...{ requestId, stage: "dev", httpMethod: method, path: `/dev${requestPath}` },
            ...(request.client === undefined ? {} : { authorizer: { principalId: request.client } }),
        } as APIGatewayProxyEvent["requestContext"],
        body: isBase64Encoded ? Buffer.from(body).toString("base64") : (body ?? null),
        isBase64Encoded,
    };
}

function message(child: childProcess.ChildProcess): Promise<any> {
    return new Promise((resolve, reject) => {
        const onExit = (code: number | null) => reject(new Error(`the handler's process ended with ${code}`));
        child.once("exit", onExit);
        child.once("message", (value) => {
            child.off("exit", onExit);
            resolve(value);
        });
    });
}

function invocation(answer: APIGatewayProxyResult) {
    return {
        status: answer.statusCode,
        headers: answer.headers as Record<string, string>,
        text: answer.body,
        body: answer.body === "" ? undefined : JSON.parse(answer.body),
    };
}
