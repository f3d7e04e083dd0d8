import { statusIn } from "../mock";
import { compileHeaders, compileTemplate } from "../template";
import type { Integration, MockIntegration, MockResponse } from "../types";
import type { IntegrationInput, IntegrationResponseInput, Operation } from "./types";

/**
 * Makes `x-amazon-apigateway-integration` of an operation into what the local run calls.
 *
 * @param where Verb and path, for messages.
 * @throws For integrations that API Gateway refuses or that the local run does not support yet.
 */
export function importIntegration(operation: Operation, where: string): Integration {
    const input = operation["x-amazon-apigateway-integration"];
    if (!input) {
        throw new Error(`${where} has no x-amazon-apigateway-integration: No integration defined for method.`);
    }
    const timeoutMs = input.timeoutInMillis ?? LONGEST_TIMEOUT;
    if (timeoutMs < 50 || timeoutMs > LONGEST_TIMEOUT) {
        throw new Error(`${where} has a timeoutInMillis of ${timeoutMs}; API Gateway takes 50 to ${LONGEST_TIMEOUT}.`);
    }
    switch (input.type?.toLowerCase()) {
        case "aws_proxy":
            return lambdaProxy(input, timeoutMs, where);
        case "mock":
            return mock(input, timeoutMs, operation, where);
        default:
            throw new Error(
                `${where} has an integration of type ${String(input.type)}, which is not supported by the local run yet.`,
            );
    }
}

/** Milliseconds; more needs a raised quota. */
const LONGEST_TIMEOUT = 29_000;

function lambdaProxy(
    { uri = "", httpMethod, credentials }: IntegrationInput,
    timeoutMs: number,
    where: string,
): Integration {
    const functionArn = /:lambda:path\/[\d-]+\/functions\/(arn:[^/${}]+)\/invocations$/.exec(uri)?.[1];
    if (!functionArn) {
        throw new Error(
            `${where} has the integration URI "${uri}"; the local run supports …:lambda:path/2015-03-31/functions/<function ARN>/invocations.`,
        );
    }
    if (httpMethod?.toUpperCase() !== "POST") {
        throw new Error(`${where} calls Lambda with the httpMethod ${String(httpMethod)}; Lambda takes POST alone.`);
    }
    return { type: "aws_proxy", functionArn, timeoutMs, ...(credentials ? { credentials } : {}) };
}

function mock(input: IntegrationInput, timeoutMs: number, operation: Operation, where: string): MockIntegration {
    const passthroughBehavior = (input.passthroughBehavior ?? "when_no_match").toLowerCase();
    if (!isPassthrough(passthroughBehavior)) {
        throw new Error(
            `${where} has the passthroughBehavior ${passthroughBehavior}, which API Gateway does not know.`,
        );
    }
    const templates = Object.entries(input.requestTemplates ?? {}).map(([type, template]) => {
        refuseVtl(template, where);
        return [type.toLowerCase(), statusIn(template)] as const;
    });
    return {
        type: "mock",
        requestTemplates: new Map(templates),
        passthroughBehavior,
        convertToText: input.contentHandling?.toUpperCase() === "CONVERT_TO_TEXT",
        responses: Object.entries(input.responses ?? {}).map(([key, response]) =>
            mockResponse(key, response, operation, where),
        ),
        timeoutMs,
    };
}

function isPassthrough(value: string): value is MockIntegration["passthroughBehavior"] {
    return ["when_no_match", "when_no_templates", "never"].includes(value);
}

function mockResponse(
    key: string,
    response: IntegrationResponseInput,
    operation: Operation,
    where: string,
): MockResponse {
    const status = String(response.statusCode ?? 200);
    const headers = compileHeaders(response.responseParameters, "method.response.header.", where);
    const declared = Object.keys(operation.responses?.[status]?.headers ?? {}).map((name) => name.toLowerCase());
    for (const { name } of headers) {
        if (!declared.includes(name.toLowerCase())) {
            throw new Error(
                `${where} sets method.response.header.${name}, which responses.${status}.headers does not declare.`,
            );
        }
    }
    const templates = Object.entries(response.responseTemplates ?? {});
    const [contentType, template] = templates.find(([type]) => type === "application/json") ??
        templates[0] ?? ["application/json", ""];
    refuseVtl(template, where);
    return {
        ...(key === "default" ? {} : { pattern: new RegExp(`^(?:${key})$`) }),
        status: Number(status),
        headers,
        contentType,
        body: compileTemplate(template, { missing: "" }),
    };
}

/** `$context` is substituted; the rest of the template language is not there. */
function refuseVtl(template: string, where: string): void {
    const found = /#(?:set|if|else|elseif|end|foreach|macro|parse|include|\*)\b|\$!?\{?(?:input|util)\b/.exec(template);
    if (found) {
        throw new Error(
            `${where} has a mapping template with ${found[0]}, which is not supported by the local run yet.`,
        );
    }
}
