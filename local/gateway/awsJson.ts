import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError, type AwsError } from "../errors";
import type { AwsCall } from "./types";

// The protocols AWS JSON 1.0 and 1.1, which differ in their content type alone.

/** Name of the operation that a call is for; `undefined` when its `X-Amz-Target` does not begin with the service's prefix. */
export function operationOf({ headers }: AwsCall, prefix: string): string | undefined {
    const [service, operation, ...more] = String(headers["x-amz-target"] ?? "").split(".");
    return service === prefix && more.length === 0 && /^\w+$/.test(operation ?? "") ? operation : undefined;
}

/**
 * The object in a body; empty for an empty body.
 *
 * @param most Bytes that a body may have.
 * @throws SerializationException, RequestEntityTooLarge
 */
export async function readObject(body: Readable, most: number): Promise<Readonly<Record<string, unknown>>> {
    const text = await readAll(body, most);
    try {
        const input: unknown = JSON.parse(text === "" ? "{}" : text);
        if (typeof input === "object" && input !== null) return input as Readonly<Record<string, unknown>>;
    } catch {
        // Answered below, like JSON that is no object.
    }
    throw awsError("SerializationException", 400, "The request is no JSON object.");
}

/** Answers a call with an object, or with JSON that is written already. */
export function sendJson(
    response: http.ServerResponse,
    version: "1.0" | "1.1",
    { status, requestId, body, headers }: JsonAnswer,
): void {
    const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    response.writeHead(status, {
        "content-type": `application/x-amz-json-${version}`,
        "content-length": Buffer.byteLength(text),
        "x-amzn-requestid": requestId,
        ...headers,
    });
    response.end(text);
}

export interface JsonAnswer {
    readonly status: number;
    readonly requestId: string;
    readonly body: object | string | Buffer;
    readonly headers?: http.OutgoingHttpHeaders;
}

/**
 * What is to be answered for an error: the error itself, or `unexpected` for a fault of the local run, which shows on the console.
 * `undefined` when there is nobody to answer, or an answer was begun, which is then cut off.
 */
export function faultOf(
    error: unknown,
    response: http.ServerResponse,
    { service, requestId, unexpected }: { service: string; requestId: string; unexpected: Fault },
): Fault | undefined {
    if (response.destroyed) return undefined;
    if (response.headersSent) {
        response.destroy();
        return undefined;
    }
    if (isAwsError(error)) return error;
    console.error(`${service} request ${requestId} failed:`, error);
    return unexpected;
}

/** What an answer tells of an error. */
export type Fault = Pick<AwsError, "code" | "status" | "message">;

async function readAll(body: Readable, most: number): Promise<string> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length <= most) chunks.push(chunk);
    }
    if (length > most) {
        throw awsError("RequestEntityTooLarge", 413, `A request cannot be longer than ${most} bytes.`);
    }
    return (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString("utf8");
}
