import { toJsonSchema, type OverrideActionContext } from "@valibot/to-json-schema";
import { routeName, type Route } from "../../../handlers/shared/route";

/** What {@link apiDescription} describes. */
export interface ApiDescriptionArgs {
    readonly title: string;
    readonly routes: readonly Route[];
}

/**
 * The API's description for people and their tools: OpenAPI 3.1 with the schemas that the handlers validate with. It names no
 * server, so that it is the same text, and the function that serves it the same artifact, in every stack.
 */
export function apiDescription({ title, routes }: ApiDescriptionArgs): string {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const route of routes) {
        paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
    }
    return JSON.stringify({
        openapi: "3.1.0",
        info: { title, version: "1" },
        paths,
        components: { securitySchemes: SECURITY_SCHEMES, schemas: { Error: ERROR } },
    });
}

function operation(route: Route): Record<string, unknown> {
    const parameters = [...pathParameters(route.path), ...queryParameters(route)];
    return {
        operationId: routeName(route)
            .toLowerCase()
            .match(/[a-z0-9]+/g)!
            .join("-"),
        summary: route.summary,
        security: route.auth === "none" ? [] : [{ [route.auth]: [] }],
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(route.body ? { requestBody: requestBody(route.body) } : {}),
        responses: Object.fromEntries(
            Object.entries(route.responses).map(([status, description]) => [
                status,
                response(Number(status), description),
            ]),
        ),
    };
}

function pathParameters(path: string): unknown[] {
    return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
    }));
}

function queryParameters({ query }: Route): unknown[] {
    const { properties = {}, required = [] } = query ? jsonSchema(query()) : {};
    return Object.entries(properties).map(([name, schema]) => ({
        name,
        in: "query",
        required: required.includes(name),
        schema,
    }));
}

function requestBody({ schema, maxBytes, maxUnpackedBytes }: NonNullable<Route["body"]>) {
    return {
        required: true,
        description: `At most ${maxBytes} bytes as sent, plain or gzip, and ${maxUnpackedBytes} bytes unpacked.`,
        content: { "application/json": { schema: jsonSchema(schema()) } },
    };
}

function response(status: number, description: string) {
    return status < 400
        ? { description }
        : { description, content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } };
}

function jsonSchema(schema: Parameters<typeof toJsonSchema>[0]) {
    const { $schema: _, ...own } = toJsonSchema(schema, {
        typeMode: "output",
        overrideAction: codePoints,
        // JSON Schema has no words for these; the handler's answer has.
        ignoreActions: ["check", "partial_check", "to_lower_case"],
    });
    return own;
}

/** JSON Schema's lengths are in code points, as Valibot's actions of these types are. */
function codePoints({ valibotAction, jsonSchema }: OverrideActionContext) {
    const { type, requirement } = valibotAction as { type: string; requirement?: number };
    const keyword = { min_code_points: "minLength", max_code_points: "maxLength" }[type];
    return keyword ? { ...jsonSchema, [keyword]: requirement } : undefined;
}

const SECURITY_SCHEMES = {
    apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
    token: { type: "apiKey", in: "header", name: "x-auth-token" },
    authorizer: { type: "http", scheme: "bearer" },
    iam: { type: "apiKey", in: "header", name: "authorization", description: "AWS Signature Version 4" },
};

const ERROR = {
    type: "object",
    required: ["message"],
    properties: {
        message: { type: "string", description: "For people" },
        code: { type: "string", description: "For programs; absent in API Gateway's own errors" },
        issues: {
            type: "array",
            items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" } } },
        },
    },
};
