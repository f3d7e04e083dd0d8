import type * as http from "node:http";
import type { AwsCall } from "../../gateway/types";
import { awsError } from "../../errors";
import type { Bucket } from "./types";

/** A rule of a bucket's CORS configuration, as declared. */
export interface CorsRule {
    readonly id?: string;
    readonly allowedHeaders?: readonly string[];
    readonly allowedMethods: readonly string[];
    readonly allowedOrigins: readonly string[];
    readonly exposeHeaders?: readonly string[];
    readonly maxAgeSeconds?: number;
}

/**
 * Answers an OPTIONS request, by the first rule that matches.
 *
 * @throws AccessForbidden when none does
 */
export function answerPreflight(bucket: Bucket | undefined, call: AwsCall, response: http.ServerResponse): void {
    const { origin, "access-control-request-method": method, "access-control-request-headers": headers } = call.headers;
    if (origin === undefined || method === undefined) {
        throw awsError("BadRequest", 400, "Insufficient information. Origin request header needed.");
    }
    const rules = bucket?.config.cors ?? [];
    if (rules.length === 0) throw forbidden("CORS is not enabled for this bucket.", method);
    const wanted = (headers ?? "").split(",").map((name) => name.trim().toLowerCase());
    const names = wanted.filter((name) => name !== "");
    const rule = findRule(rules, origin, method, names);
    if (rule === undefined) throw forbidden(notAllowed, method);
    setCorsHeaders(response, rule, origin);
    if (names.length > 0) response.setHeader("access-control-allow-headers", names.join(", "));
    if (rule.maxAgeSeconds !== undefined) response.setHeader("access-control-max-age", rule.maxAgeSeconds);
    response.writeHead(200, { "content-length": 0 }).end();
}

/** Adds CORS headers to the answer of any other request, when its origin and method match a rule. */
export function addCorsHeaders(
    bucket: Bucket,
    call: Pick<AwsCall, "headers" | "method">,
    response: http.ServerResponse,
): void {
    const { origin } = call.headers;
    if (origin === undefined || bucket.config.cors.length === 0) return;
    const rule = findRule(bucket.config.cors, origin, call.method, []);
    if (rule !== undefined) setCorsHeaders(response, rule, origin);
}

const notAllowed =
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

function forbidden(message: string, method: string): Error {
    const details = { Method: method, ResourceType: "BUCKET" };
    return awsError("AccessForbidden", 403, `CORSResponse: ${message}`, details);
}

function findRule(
    rules: readonly CorsRule[],
    origin: string,
    method: string,
    headers: readonly string[],
): CorsRule | undefined {
    return rules.find(
        (rule) =>
            rule.allowedMethods.includes(method) &&
            rule.allowedOrigins.some((pattern) => matches(pattern, origin)) &&
            headers.every((name) => rule.allowedHeaders?.some((pattern) => matches(pattern.toLowerCase(), name))),
    );
}

/** Patterns have at most one `*`. */
function matches(pattern: string, text: string): boolean {
    const star = pattern.indexOf("*");
    if (star < 0) return pattern === text;
    const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
    return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function setCorsHeaders(response: http.ServerResponse, rule: CorsRule, origin: string): void {
    const any = rule.allowedOrigins.includes("*");
    response.setHeader("access-control-allow-origin", any ? "*" : origin);
    response.setHeader("access-control-allow-methods", rule.allowedMethods.join(", "));
    if (!any) response.setHeader("access-control-allow-credentials", "true");
    if (rule.exposeHeaders?.length) response.setHeader("access-control-expose-headers", rule.exposeHeaders.join(", "));
    response.setHeader("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}
