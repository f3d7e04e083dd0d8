import type * as http from "node:http";
import { awsError } from "../../errors";
import * as awsJson from "../../gateway/awsJson";
import type { AwsCall } from "../../gateway/types";
import { unsupported, queryCode } from "./errors";
import type { Input } from "./input";

/** Operation and input of a call in AWS JSON 1.0. */
export async function readRequest(call: AwsCall): Promise<{ operation: string; input: Input }> {
    const operation = awsJson.operationOf(call, "AmazonSQS");
    if (operation === undefined) {
        const target = call.headers["x-amz-target"];
        if (target === undefined) throw unsupported("the query protocol (X-Amz-Target is missing)");
        throw awsError("InvalidAction", 400, `The action ${String(target)} is not valid for this endpoint.`);
    }
    return { operation, input: await awsJson.readObject(call.body, LARGEST_REQUEST) };
}

/** Bytes of a request: ten messages of 1 MiB together, in the longest way to write them in JSON. */
const LARGEST_REQUEST = 16_777_216;

export function sendJson(response: http.ServerResponse, status: number, requestId: string, body: object): void {
    awsJson.sendJson(response, "1.0", { status, requestId, body });
}

/** Writes an error as SQS does: its name in the body, and the one of the query protocol in a header. */
export function writeSqsError(
    error: unknown,
    { requestId }: Pick<AwsCall, "requestId">,
    response: http.ServerResponse,
): void {
    const fault = awsJson.faultOf(error, response, { service: "SQS", requestId, unexpected });
    if (!fault) return;
    const { code, status, message } = fault;
    response.setHeader("x-amzn-query-error", `${queryCode(code)};${status < 500 ? "Sender" : "Receiver"}`);
    sendJson(response, status, requestId, { __type: `com.amazonaws.sqs#${code}`, message });
}

const unexpected = { code: "InternalFailure", status: 500, message: "We encountered an internal error." };
