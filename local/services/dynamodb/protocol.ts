import type * as http from "node:http";
import { faultOf, operationOf, readObject, sendJson } from "../../gateway/awsJson";
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
    const operation = operationOf(call, "DynamoDB_20120810");
    if (operation === undefined) {
        const target = String(call.headers["x-amz-target"] ?? "");
        throw unknownOperation(`"${target}" names no operation of DynamoDB that the local run has.`);
    }
    return { operation, input: await readObject(call.body, LARGEST_REQUEST) };
}

/** Bytes of a request: what DynamoDB takes in one batch. */
const LARGEST_REQUEST = 16_777_216;

export function isObject(value: unknown): value is Input {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes an error as DynamoDB does; one that is no AwsError is a fault of the local run, and shows on the console. */
export function writeDynamoDbError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    const fault = faultOf(error, response, { service: "DynamoDB", requestId, unexpected });
    if (fault === undefined) return;
    const name = dynamoDbCode(fault.code);
    const space = OF_DYNAMODB.has(name) ? "com.amazonaws.dynamodb.v20120810" : "com.amazon.coral.service";
    // Errors that come before DynamoDB's own, as of a signature, have one status.
    const status = fault.status < 500 && fault.status !== 413 ? 400 : fault.status;
    sendJson(response, "1.0", { status, requestId, body: { __type: `${space}#${name}`, message: fault.message } });
}

const OF_DYNAMODB = new Set(["ResourceNotFoundException", "InternalServerError"]);

const unexpected = { code: "InternalServerError", status: 500, message: "Internal server error" };
