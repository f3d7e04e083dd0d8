import { gatewayResponseTypes, neverAnswered, type Fault, type GatewayResponseType } from "./faults";
import { compileHeaders, compileTemplate } from "./template";
import type { Exchange, GatewayResponse, Reply } from "./types";

/** One entry of `x-amazon-apigateway-gateway-responses`. */
export interface GatewayResponseInput {
    readonly statusCode?: number | string;
    readonly responseParameters?: Record<string, string>;
    readonly responseTemplates?: Record<string, string>;
}

/**
 * Every type's answer: as customised, else by DEFAULT_4XX or DEFAULT_5XX, else API Gateway's own.
 *
 * @throws For an unknown type, or a mapping that API Gateway refuses.
 */
export function compileGatewayResponses(
    inputs: Record<string, GatewayResponseInput> = {},
): Record<GatewayResponseType, GatewayResponse> {
    const types = Object.keys(gatewayResponseTypes) as GatewayResponseType[];
    for (const type of Object.keys(inputs)) {
        if (!(type in gatewayResponseTypes) && !neverAnswered.has(type) && !/^DEFAULT_[45]XX$/.test(type)) {
            throw new Error(`x-amazon-apigateway-gateway-responses has the unknown type ${type}.`);
        }
    }
    const entries = types.map((type) => {
        const fallback = gatewayResponseTypes[type].status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX";
        const key = inputs[type] ? type : fallback;
        return [type, compile(type, inputs[key] ?? {}, `The gateway response ${key}`)] as const;
    });
    return Object.fromEntries(entries) as Record<GatewayResponseType, GatewayResponse>;
}

/** Answers a fault as the API words it. Sets the exchange's fault and status first: a template may name them. */
export function faultReply(exchange: Exchange, fault: Fault): Reply {
    exchange.fault = fault;
    const usual = gatewayResponseTypes[fault.type];
    if (fault.plainText !== undefined) {
        exchange.status = fault.status;
        return {
            status: fault.status ?? usual.status,
            headers: { "Content-Type": "text/plain" },
            body: fault.plainText,
        };
    }
    const response = exchange.api.gatewayResponses[fault.type];
    const status = response.status ?? fault.status ?? usual.status;
    exchange.status = status;
    const headers: Reply["headers"] = {
        "Content-Type": response.contentType,
        "x-amzn-ErrorType": fault.errorType ?? usual.errorType,
    };
    for (const { name, value } of response.headers) {
        const text = value(exchange);
        if (text !== undefined) {
            headers[name] = text;
        }
    }
    return { status, headers, body: response.body(exchange) };
}

function compile(type: GatewayResponseType, input: GatewayResponseInput, where: string): GatewayResponse {
    // API Gateway spells this one with a capital.
    const usual = `{"${type === "ACCESS_DENIED" ? "Message" : "message"}":$context.error.messageString}`;
    const templates = Object.entries(input.responseTemplates ?? {});
    const [contentType, template] = templates.find(([key]) => key === "application/json") ??
        templates[0] ?? ["application/json", usual];
    return {
        ...(input.statusCode === undefined ? {} : { status: Number(input.statusCode) }),
        headers: compileHeaders(input.responseParameters, "gatewayresponse.header.", where),
        contentType,
        body: compileTemplate(template, { missing: "" }),
    };
}
