import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError } from "../../errors";
import type { AwsCall } from "../../gateway/types";
import { unsupported, queryCode } from "./errors";
import type { Input } from "./input";

/** Operation and input of a call in AWS JSON 1.0. */
export async function readRequest(call: AwsCall): Promise<{ operation: string; input: Input }> {
    const target = call.headers["x-amz-target"];
    const [, operation] = /^AmazonSQS\.(\w+)$/.exec(String(target)) ?? [];
    if (operation === undefined) {
        if (target === undefined) throw unsupported("the query protocol (X-Amz-Target is missing)");
        throw awsError("InvalidAction", 400, `The action ${String(target)} is not valid for this endpoint.`);
    }
    const text = await readAll(call.body);
    try {
        const input: unknown = JSON.parse(text === "" ? "{}" : text);
        if (typeof input === "object" && input !== null) return { operation, input: input as Input };
    } catch {
        // Answered below, like JSON that is no object.
    }
    throw awsError("SerializationException", 400, "The request is no JSON object.");
}

export function sendJson(response: http.ServerResponse, status: number, requestId: string, body: object): void {
    const text = JSON.stringify(body);
    response.writeHead(status, {
        "content-type": "application/x-amz-json-1.0",
        "content-length": Buffer.byteLength(text),
        "x-amzn-requestid": requestId,
    });
    response.end(text);
}

/** Writes an error as SQS does: its name in the body, and the one of the query protocol in a header. */
export function writeSqsError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    if (response.destroyed) return;
    if (response.headersSent) {
        response.destroy();
        return;
    }
    if (!isAwsError(error)) console.error(`SQS request ${requestId} failed:`, error);
    const { code, status, message } = isAwsError(error) ? error : unexpected;
    response.setHeader("x-amzn-query-error", `${queryCode(code)};${status < 500 ? "Sender" : "Receiver"}`);
    sendJson(response, status, requestId, { __type: `com.amazonaws.sqs#${code}`, message });
}

const unexpected = { code: "InternalFailure", status: 500, message: "We encountered an internal error." };

/** Bytes of a request: ten messages of 1 MiB together, in the longest way to write them in JSON. */
const LARGEST_REQUEST = 16_777_216;

async function readAll(body: Readable): Promise<string> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length <= LARGEST_REQUEST) chunks.push(chunk);
    }
    if (length > LARGEST_REQUEST) {
        throw awsError("RequestEntityTooLarge", 413, `A request cannot be longer than ${LARGEST_REQUEST} bytes.`);
    }
    return (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString("utf8");
}
