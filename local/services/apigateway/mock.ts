import { faults, type Fault } from "./faults";
import { isBinary, mediaType } from "./mediaTypes";
import type { Exchange, MockIntegration, Reply } from "./types";

/** Answers for an integration of type mock: the request template gives a status code, and that picks the response. */
export function callMock(exchange: Exchange, integration: MockIntegration): Reply | Fault {
    exchange.integrationLatency = 0;
    const type = mediaType(exchange.request.headers["content-type"]);
    if (isBinary(type, exchange.api.binaryMediaTypes) && !integration.convertToText) {
        // A template reads text; bytes are not turned into it unasked.
        return faults.misconfigured;
    }
    const statusCode = requestStatus(exchange, integration, type);
    if (typeof statusCode === "object") {
        return statusCode;
    }
    exchange.integrationStatus = statusCode;
    const response =
        integration.responses.find(({ pattern }) => pattern?.test(String(statusCode))) ??
        integration.responses.find(({ pattern }) => !pattern);
    if (statusCode === undefined || !response) {
        return faults.misconfigured;
    }
    const headers: Reply["headers"] = { "Content-Type": response.contentType };
    for (const { name, value } of response.headers) {
        const text = value(exchange);
        if (text !== undefined) {
            headers[name] = text;
        }
    }
    return { status: response.status, headers, body: response.body(exchange) };
}

function requestStatus(exchange: Exchange, integration: MockIntegration, type: string): number | undefined | Fault {
    const { requestTemplates, passthroughBehavior } = integration;
    if (requestTemplates.has(type)) {
        return requestTemplates.get(type);
    }
    const passes =
        passthroughBehavior === "when_no_match" ||
        (passthroughBehavior === "when_no_templates" && requestTemplates.size === 0);
    return passes ? statusIn(exchange.body?.toString() ?? "") : faults.unsupportedMediaType;
}

/** The number of `{"statusCode": 200}`; undefined for any other text. */
export function statusIn(text: string): number | undefined {
    try {
        const { statusCode } = JSON.parse(text) as { statusCode?: unknown };
        return typeof statusCode === "number" ? statusCode : undefined;
    } catch {
        return undefined;
    }
}
