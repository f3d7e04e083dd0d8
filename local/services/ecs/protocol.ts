import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError } from "../../errors";
import type { AwsCall } from "../../gateway/types";
import type { Input } from "./input";

/** Operation and input of a call in AWS JSON 1.1. */
export async function readRequest(call: AwsCall): Promise<{ operation: string; input: Input }> {
    const target = String(call.headers["x-amz-target"] ?? "");
    const [, operation] = /^AmazonEC2ContainerServiceV20141113\.(\w+)$/.exec(target) ?? [];
    if (operation === undefined) {
        throw awsError("UnknownOperationException", 400, `"${target}" names no operation of ECS.`);
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
        "content-type": "application/x-amz-json-1.1",
        "content-length": Buffer.byteLength(text),
        "x-amzn-requestid": requestId,
    });
    response.end(text);
}

/** Writes an error as ECS does; one that is no AwsError is a fault of the local run, and shows on the console. */
export function writeEcsError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    if (response.destroyed) return;
    if (response.headersSent) {
        response.destroy();
        return;
    }
    if (!isAwsError(error)) console.error(`ECS request ${requestId} failed:`, error);
    const { code, status, message } = isAwsError(error) ? error : unexpected;
    const { resourceIds } = error as { resourceIds?: readonly string[] };
    sendJson(response, status, requestId, { __type: code, message, ...(resourceIds && { resourceIds }) });
}

const unexpected = { code: "ServerException", status: 500, message: "Service Unavailable. Please try again later." };

/** Bytes of a request that are read; the largest that ECS takes are far below. */
const LARGEST_REQUEST = 1_048_576;

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
    return Buffer.concat(chunks).toString("utf8");
}
