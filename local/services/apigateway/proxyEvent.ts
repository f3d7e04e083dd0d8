import * as querystring from "node:querystring";
import { commonLogTime, domainName } from "./contextVariables";
import { isBinary, mediaType } from "./mediaTypes";
import type { Exchange, Route } from "./types";

type Single = Record<string, string>;
type Multi = Record<string, string[]>;

/** The JSON text that a function behind a proxy integration receives (payload format 1.0). */
export function proxyEvent(exchange: Exchange, route: Route, traceId: string): string {
    const { request, verb, path, stage, body } = exchange;
    const headers = requestHeaders(exchange, traceId);
    const query = queryParameters(exchange);
    const hasBody = body !== undefined && body.length > 0;
    const binary = hasBody && isBinary(mediaType(request.headers["content-type"]), exchange.api.binaryMediaTypes);
    return JSON.stringify({
        resource: route.method.resourcePath,
        path,
        httpMethod: verb,
        headers: headers.single,
        multiValueHeaders: headers.multi,
        queryStringParameters: query?.single ?? null,
        multiValueQueryStringParameters: query?.multi ?? null,
        pathParameters: route.pathParameters,
        stageVariables: stage.variables,
        requestContext: requestContext(exchange, route),
        body: hasBody ? body.toString(binary ? "base64" : "utf8") : null,
        isBase64Encoded: binary,
    });
}

/** The JSON text that a Lambda authorizer of type REQUEST receives: a proxy event without its body. */
export function requestAuthorizerEvent(exchange: Exchange, route: Route, traceId: string, methodArn: string): string {
    const {
        body: _,
        isBase64Encoded: __,
        ...event
    } = JSON.parse(proxyEvent(exchange, route, traceId)) as Record<string, unknown>;
    return JSON.stringify({ type: "REQUEST", methodArn, ...event });
}

/** Names in lower case; API Gateway keeps these to itself. */
const DROPPED = new Set([
    "connection",
    "content-length",
    "content-md5",
    "expect",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
    // Set anew below.
    "x-amzn-trace-id",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-forwarded-proto",
]);

/** Headers and query parameters, in lower case, that carry what API Gateway has verified: no function has a use for it. */
const OF_SIGNATURE = new Set(["x-amz-security-token", "x-amz-signature"]);

/** Names that API Gateway writes its own way; others keep the client's. */
const RECASED = new Map(["Authorization", "User-Agent", "Host"].map((name) => [name.toLowerCase(), name]));

function requestHeaders(
    { request, sourceIp, unpacked, signer }: Exchange,
    traceId: string,
): { single: Single; multi: Multi } {
    // Without a prototype, a header called __proto__ is one like any other.
    const single = Object.create(null) as Single;
    const multi = Object.create(null) as Multi;
    const { rawHeaders } = request;
    for (let index = 0; index < rawHeaders.length; index += 2) {
        const sent = rawHeaders[index];
        const lower = sent.toLowerCase();
        const value = rawHeaders[index + 1];
        const signature =
            (lower === "authorization" && value.startsWith("AWS4-HMAC-SHA256")) || (signer && OF_SIGNATURE.has(lower));
        if (DROPPED.has(lower) || signature || (unpacked && lower === "content-encoding")) {
            continue;
        }
        const name = RECASED.get(lower) ?? sent;
        single[name] = value;
        (multi[name] ??= []).push(value);
    }
    const forwarded = request.headers["x-forwarded-for"];
    const added: Single = {
        "X-Amzn-Trace-Id": traceId,
        "X-Forwarded-For": forwarded ? `${String(forwarded)}, ${sourceIp}` : sourceIp,
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    };
    for (const name of Object.keys(added)) {
        single[name] = added[name];
        multi[name] = [added[name]];
    }
    return { single, multi };
}

function queryParameters({ query, signer }: Exchange): { single: Single; multi: Multi } | undefined {
    if (query === "") {
        return undefined;
    }
    const parsed = querystring.parse(query, "&", "=", { maxKeys: 0 });
    const single = Object.create(null) as Single;
    const multi = Object.create(null) as Multi;
    let some = false;
    for (const name in parsed) {
        if (signer && OF_SIGNATURE.has(name.toLowerCase())) {
            continue;
        }
        const values = ([] as string[]).concat(parsed[name] ?? "");
        single[name] = values[values.length - 1];
        multi[name] = values;
        some = true;
    }
    return some ? { single, multi } : undefined;
}

function requestContext(exchange: Exchange, { method }: Route): Record<string, unknown> {
    const { account, api, stage, verb, requestId, startedAt, apiKey, signer, request } = exchange;
    return {
        resourceId: method.resourceId,
        resourcePath: method.resourcePath,
        ...(method.operationName ? { operationName: method.operationName } : {}),
        ...(exchange.caller ? { authorizer: exchange.caller } : {}),
        httpMethod: verb,
        extendedRequestId: exchange.extendedRequestId,
        requestTime: commonLogTime(startedAt),
        path: exchange.sentPath,
        accountId: account,
        protocol: `HTTP/${request.httpVersion}`,
        stage: stage.name,
        domainPrefix: api.id,
        requestTimeEpoch: startedAt,
        requestId,
        identity: {
            cognitoIdentityPoolId: null,
            accountId: signer?.accountId ?? null,
            ...(apiKey ? { apiKey: apiKey.value, apiKeyId: apiKey.id } : {}),
            cognitoIdentityId: null,
            caller: signer?.caller ?? null,
            sourceIp: exchange.sourceIp,
            principalOrgId: null,
            accessKey: signer?.accessKey ?? null,
            cognitoAuthenticationType: null,
            cognitoAuthenticationProvider: null,
            userArn: signer?.userArn ?? null,
            userAgent: request.headers["user-agent"] ?? null,
            user: signer?.user ?? null,
        },
        domainName: domainName(exchange),
        deploymentId: stage.deploymentId,
        apiId: api.id,
    };
}
