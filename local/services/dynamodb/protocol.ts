import type * as http from "node:http";
import type { Readable } from "node:stream";
import { awsError, isAwsError } from "../../errors";
import type { AwsCall } from "../../gateway/types";
import { dynamoDbCode, unknownOperation } from "./errors";

/** A parsed JSON object. */
export type Input = Readonly<Record<string, unknown>>;

export interface DynamoDbRequest {
    /** e.g. `GetItem` */
    readonly operation: string;
    readonly input: Input;
}

/** Operation and input of a call in AWS JSON 1.0. */
export async function readRequest(call: AwsCall): Promise<DynamoDbRequest> {
    const target = String(call.headers["x-amz-target"] ?? "");
    const [, operation] = /^DynamoDB_20120810\.(\w+)$/.exec(target) ?? [];
    if (operation === undefined) {
        throw unknownOperation(`"${target}" names no operation of DynamoDB that the local run has.`);
    }
    const text = await readAll(call.body);
    try {
        const input: unknown = JSON.parse(text);
        if (isObject(input)) return { operation, input };
    } catch {
        // Answered below, like JSON that is no object.
    }
    throw awsError("SerializationException", 400, "The request is no JSON object.");
}

export function isObject(value: unknown): value is Input {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function sendJson(
    response: http.ServerResponse,
    status: number,
    requestId: string,
    body: string | Buffer,
    crc32?: string,
): void {
    response.writeHead(status, {
        "content-type": "application/x-amz-json-1.0",
        "content-length": Buffer.byteLength(body),
        "x-amzn-requestid": requestId,
        ...(crc32 !== undefined && { "x-amz-crc32": crc32 }),
    });
    response.end(body);
}

/** Writes an error as DynamoDB does; one that is no AwsError is a fault of the local run, and shows on the console. */
export function writeDynamoDbError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    if (response.destroyed) return;
    if (response.headersSent) {
        response.destroy();
        return;
    }
    if (!isAwsError(error)) console.error(`DynamoDB request ${requestId} failed:`, error);
    const { code, status, message } = isAwsError(error) ? error : unexpected;
    const name = dynamoDbCode(code);
    const space = OF_DYNAMODB.has(name) ? "com.amazonaws.dynamodb.v20120810" : "com.amazon.coral.service";
    // Errors that come before DynamoDB's own, as of a signature, have one status.
    const shown = status < 500 && status !== 413 ? 400 : status;
    sendJson(response, shown, requestId, JSON.stringify({ __type: `${space}#${name}`, message }));
}

const OF_DYNAMODB = new Set(["ResourceNotFoundException", "InternalServerError"]);

const unexpected = { code: "InternalServerError", status: 500, message: "Internal server error" };

/** Bytes of a request: what DynamoDB takes in one batch. */
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
