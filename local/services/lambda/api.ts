import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError } from "../../errors";
import type { AwsApi, AwsCall } from "../../gateway/types";
import type { Access } from "./access";
import { toFunctionConfiguration } from "./description";
import type { Functions } from "./functions";
import { LARGEST_PAYLOAD } from "./invocation";
import type { Invocation, InvocationResult, InvokeOptions } from "./types";

export interface LambdaApiArgs {
    readonly invoke: (
        invocation: Invocation,
        options?: InvokeOptions,
    ) => Promise<{ requestId: string; result: InvocationResult; tail?: readonly string[] }>;
    readonly invokeAsync: (invocation: Invocation) => void;
    /** Everything that `invoke` checks, without running anything. */
    readonly authorizeInvoke: (invocation: Invocation) => void;
    readonly functions: Functions;
    readonly access: Access;
    readonly account: string;
    readonly region: string;
}

/** Lambda's API: Invoke, ListFunctions, GetFunction and GetFunctionConfiguration. */
export function lambdaApi(args: LambdaApiArgs): AwsApi {
    return {
        signingName: "lambda",
        async handle(call, response) {
            const [, encoded, rest] = FUNCTION.exec(call.path) ?? [];
            const name = encoded && decodeURIComponent(encoded);
            if (name && call.method === "POST" && rest === "/invocations") {
                await invoke(args, name, call, response);
            } else if (name && call.method === "GET" && (rest === "" || rest === "/configuration")) {
                get(args, name, rest, call, response);
            } else if (call.method === "GET" && /^\/2015-03-31\/functions\/?$/.test(call.path)) {
                args.access.authorize(call.principal, "lambda:ListFunctions", "*", call.requestId);
                sendJson(response, 200, call.requestId, {
                    Functions: args.functions.list().map(toFunctionConfiguration),
                });
            } else {
                throw awsError(
                    "NotImplemented",
                    501,
                    `The local run has no Lambda operation ${call.method} ${call.path}`,
                );
            }
        },
        writeError(error, { requestId }, response) {
            const { code, status, message, details } = isAwsError(error)
                ? error
                : awsError("ServiceException", 500, "Internal error");
            const text = MESSAGE_IN_LOWER_CASE.has(code) ? { message } : { Message: message };
            response.setHeader("x-amzn-ErrorType", code);
            sendJson(response, status, requestId, { ...details, Type: status < 500 ? "User" : "Service", ...text });
        },
    };
}

const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(\/.*|)$/;

/** Errors whose member is `message` in Lambda's model; with the others it is `Message`. */
const MESSAGE_IN_LOWER_CASE: ReadonlySet<string> = new Set([
    "InvalidRequestContentException",
    "RequestTooLargeException",
    "TooManyRequestsException",
    "InvalidParameterValueException",
]);

async function invoke(args: LambdaApiArgs, name: string, call: AwsCall, response: http.ServerResponse): Promise<void> {
    const qualifier = call.query.get("Qualifier");
    const type = call.headers["x-amz-invocation-type"] ?? "RequestResponse";
    const payload = await readPayload(call.body);
    const invocation: Invocation = {
        functionName: qualifier === null ? name : `${name}:${qualifier}`,
        payload: payload === "" ? "{}" : payload,
        principal: call.principal,
        traceId: call.headers["x-amzn-trace-id"] as string | undefined,
    };
    if (type === "DryRun") {
        args.authorizeInvoke(invocation);
        response.writeHead(204, { "x-amzn-RequestId": call.requestId }).end();
        return;
    }
    if (type === "Event") {
        checkJson(invocation.payload as string);
        args.invokeAsync(invocation);
        response.writeHead(202, { "x-amzn-RequestId": call.requestId, "Content-Length": 0 }).end();
        return;
    }
    if (type !== "RequestResponse") {
        throw awsError("InvalidParameterValueException", 400, `${String(type)} is no invocation type`);
    }
    checkJson(invocation.payload as string);
    const { requestId, result, tail } = await args.invoke(invocation, {
        tail: call.headers["x-amz-log-type"] === "Tail",
    });
    response.writeHead(200, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(result.payload),
        "x-amzn-RequestId": requestId,
        "X-Amz-Executed-Version": "$LATEST",
        ...(result.functionError && { "X-Amz-Function-Error": result.functionError }),
        ...(tail && {
            "X-Amz-Log-Result": Buffer.from(`${tail.join("\n")}\n`)
                .subarray(-LONGEST_TAIL)
                .toString("base64"),
        }),
    });
    response.end(result.payload);
}

/** Bytes of log that Invoke returns. */
const LONGEST_TAIL = 4096;

/** Reads at most what Lambda takes; one byte more is refused by size. */
async function readPayload(body: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length <= LARGEST_PAYLOAD) {
            chunks.push(chunk);
        }
    }
    if (length > LARGEST_PAYLOAD) {
        const message = `Request must be smaller than ${LARGEST_PAYLOAD} bytes for the InvokeFunction operation`;
        throw awsError("RequestTooLargeException", 413, message);
    }
    return Buffer.concat(chunks).toString("utf8");
}

function checkJson(payload: string): void {
    try {
        JSON.parse(payload);
    } catch (error) {
        const message = `Could not parse request body into json: ${(error as Error).message}`;
        throw awsError("InvalidRequestContentException", 400, message);
    }
}

function get(args: LambdaApiArgs, name: string, rest: string, call: AwsCall, response: http.ServerResponse): void {
    const { fn, arn } = args.functions.resolve(name);
    const action = rest === "" ? "lambda:GetFunction" : "lambda:GetFunctionConfiguration";
    args.access.authorize(call.principal, action, arn, call.requestId);
    if (fn === undefined) {
        throw awsError("ResourceNotFoundException", 404, `Function not found: ${arn}`);
    }
    const configuration = toFunctionConfiguration(fn);
    const { reservedConcurrency } = fn.configuration;
    const concurrency =
        reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } };
    const code = { RepositoryType: "Local", Location: `file://${fn.code.taskRoot}` };
    sendJson(
        response,
        200,
        call.requestId,
        rest === "" ? { Configuration: configuration, Code: code, ...concurrency } : configuration,
    );
}

function sendJson(response: http.ServerResponse, status: number, requestId: string, body: object): void {
    const text = JSON.stringify(body);
    response.writeHead(status, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
        "x-amzn-RequestId": requestId,
    });
    response.end(text);
}
