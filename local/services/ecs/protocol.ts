import type * as http from "node:http";
import { awsError } from "../../errors";
import * as awsJson from "../../gateway/awsJson";
import type { AwsCall } from "../../gateway/types";
import type { Input } from "./input";

/** Operation and input of a call in AWS JSON 1.1. */
export async function readRequest(call: AwsCall): Promise<{ operation: string; input: Input }> {
    const operation = awsJson.operationOf(call, "AmazonEC2ContainerServiceV20141113");
    if (operation === undefined) {
        const target = String(call.headers["x-amz-target"] ?? "");
        throw awsError("UnknownOperationException", 400, `"${target}" names no operation of ECS.`);
    }
    return { operation, input: await awsJson.readObject(call.body, LARGEST_REQUEST) };
}

/** Bytes of a request that are read; the largest that ECS takes are far below. */
const LARGEST_REQUEST = 1_048_576;

export function sendJson(response: http.ServerResponse, status: number, requestId: string, body: object): void {
    awsJson.sendJson(response, "1.1", { status, requestId, body });
}

/** Writes an error as ECS does; one that is no AwsError is a fault of the local run, and shows on the console. */
export function writeEcsError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    const fault = awsJson.faultOf(error, response, { service: "ECS", requestId, unexpected });
    if (!fault) return;
    const { code, status, message } = fault;
    const { resourceIds } = error as { resourceIds?: readonly string[] };
    sendJson(response, status, requestId, { __type: code, message, ...(resourceIds && { resourceIds }) });
}

const unexpected = { code: "ServerException", status: 500, message: "Service Unavailable. Please try again later." };
