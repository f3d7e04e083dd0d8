import type * as http from "node:http";
import type { AwsCall } from "../../gateway/types";
import { isAwsError } from "../../errors";
import { errorDocument, s3Document } from "./xml";
import type { XmlContent } from "./xml";

/** Answers 200 with an XML body. */
export function sendXml(response: http.ServerResponse, root: string, content: XmlContent): void {
    send(response, 200, s3Document(root, content));
}

/** Sets the two ids that every answer of S3 carries. */
export function setRequestIds(response: http.ServerResponse, requestId: string): void {
    response.setHeader("x-amz-request-id", requestId);
    response.setHeader("x-amz-id-2", hostId(requestId));
}

/** Writes an error as S3 does: an XML body, and none for HEAD. An answer already begun is cut off, so that it cannot pass for whole;
 * a caller who has gone gets none. */
export function writeS3Error(
    error: unknown,
    call: Pick<AwsCall, "requestId" | "method" | "path">,
    response: http.ServerResponse,
): void {
    if (response.destroyed) return;
    if (response.headersSent) {
        response.destroy();
        return;
    }
    if (!isAwsError(error)) console.error(`S3 request ${call.requestId} (${call.method}) failed:`, error);
    const known = isAwsError(error) ? error : unexpected;
    setRequestIds(response, call.requestId);
    if (call.method === "HEAD") {
        response.writeHead(known.status).end();
        return;
    }
    const body = errorDocument({
        Code: known.code,
        Message: known.message,
        ...(known.details ?? { Resource: call.path }),
        RequestId: call.requestId,
        HostId: hostId(call.requestId),
    });
    send(response, known.status, body);
}

const unexpected = {
    code: "InternalError",
    status: 500,
    message: "We encountered an internal error. Please try again.",
    details: undefined,
};

function send(response: http.ServerResponse, status: number, body: string): void {
    response.writeHead(status, { "content-type": "application/xml", "content-length": Buffer.byteLength(body) });
    response.end(body);
}

function hostId(requestId: string): string {
    return Buffer.from(`127.0.0.1/${requestId}`).toString("base64");
}
