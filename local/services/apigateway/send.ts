import { compressed } from "./compression";
import { faults } from "./faults";
import { faultReply } from "./gatewayResponses";
import type { Exchange, Reply } from "./types";

/** Writes a reply with the headers that all of an API's answers bear; notes status and length for the log. */
export async function send(exchange: Exchange, reply: Reply): Promise<void> {
    try {
        write(exchange, exchange.api.minimumCompressionSize === undefined ? reply : await compressed(exchange, reply));
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (!code?.startsWith("ERR_INVALID_") && !code?.startsWith("ERR_HTTP_")) {
            throw error;
        }
        // A header that HTTP can't carry, such as one with a line end.
        write(exchange, faultReply(exchange, faults.malformedReply));
    }
}

function write(exchange: Exchange, { status, headers, body }: Reply): void {
    const { response, requestId, extendedRequestId, traceId, fault } = exchange;
    const length = Buffer.byteLength(body);
    const bodiless = status === 204 || status === 304;
    response.writeHead(status, {
        ...headers,
        ...(bodiless ? {} : { "Content-Length": length }),
        "x-amzn-RequestId": requestId,
        "x-amz-apigw-id": extendedRequestId,
        ...(traceId && !fault ? { "X-Amzn-Trace-Id": traceId } : {}),
    });
    exchange.status = status;
    exchange.responseLength = bodiless ? 0 : length;
    response.end(bodiless ? undefined : body);
}
