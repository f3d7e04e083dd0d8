import * as querystring from "node:querystring";
import type { Exchange } from "./types";

/** The value of a `$context` variable, e.g. `identity.sourceIp`; undefined when this request has none. */
export function contextVariable(name: string, exchange: Exchange): string | undefined {
    const value = name.startsWith("authorizer.")
        ? exchange.caller?.[name.slice("authorizer.".length)]
        : Object.hasOwn(variables, name)
          ? variables[name](exchange)
          : undefined;
    return value === undefined || value === null ? undefined : String(value);
}

/** The value of a header, `querystring` or `path` parameter of the request. Of several, the last. */
export function requestParameter(place: string, name: string, exchange: Exchange): string | undefined {
    if (place === "header") {
        const value = exchange.request.headers[name.toLowerCase()];
        return Array.isArray(value) ? value[value.length - 1] : value;
    }
    if (place === "querystring") {
        const value = querystring.parse(exchange.query)[name];
        return Array.isArray(value) ? value[value.length - 1] : value;
    }
    return exchange.route?.pathParameters?.[name];
}

let clfSecond = 0;
let clfText = "";

/** e.g. `02/Aug/2024:23:34:43 +0000` */
export function commonLogTime(ms: number): string {
    const second = Math.floor(ms / 1000);
    if (second !== clfSecond) {
        const [, day, month, year, time] = new Date(ms).toUTCString().split(" ");
        clfSecond = second;
        clfText = `${day}/${month}/${year}:${time} +0000`;
    }
    return clfText;
}

export function domainName({ api, region }: Exchange): string {
    return `${api.id}.execute-api.${region}.amazonaws.com`;
}

const variables: Readonly<Record<string, (exchange: Exchange) => unknown>> = {
    accountId: ({ account }) => account,
    apiId: ({ api }) => api.id,
    awsEndpointRequestId: ({ integrationStatus, requestId }) =>
        integrationStatus === undefined ? undefined : requestId,
    deploymentId: ({ stage }) => stage.deploymentId,
    domainName,
    domainPrefix: ({ api }) => api.id,
    "error.message": ({ fault }) => fault?.message,
    "error.messageString": ({ fault }) => (fault ? JSON.stringify(fault.message) : undefined),
    "error.responseType": ({ fault }) => fault?.type,
    "error.validationErrorString": ({ fault }) => fault?.validationError,
    extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
    httpMethod: ({ verb }) => verb,
    "identity.accountId": ({ signer }) => signer?.accountId,
    "identity.apiKey": ({ apiKey }) => apiKey?.value,
    "identity.apiKeyId": ({ apiKey }) => apiKey?.id,
    "identity.caller": ({ signer }) => signer?.caller,
    "identity.sourceIp": ({ sourceIp }) => sourceIp,
    "identity.user": ({ signer }) => signer?.user,
    "identity.userAgent": ({ request }) => request.headers["user-agent"],
    "identity.userArn": ({ signer }) => signer?.userArn,
    "integration.latency": ({ integrationLatency }) => integrationLatency,
    "integration.integrationStatus": ({ integrationStatus }) => integrationStatus,
    "integration.status": ({ integrationStatus }) => integrationStatus,
    integrationErrorMessage: ({ fault, integrationLatency }) =>
        integrationLatency === undefined ? undefined : fault?.message,
    integrationLatency: ({ integrationLatency }) => integrationLatency,
    integrationStatus: ({ integrationStatus }) => integrationStatus,
    operationName: ({ route }) => route?.method.operationName,
    path: ({ fullPath }) => fullPath,
    protocol: ({ request }) => `HTTP/${request.httpVersion}`,
    requestId: ({ requestId }) => requestId,
    requestTime: ({ startedAt }) => commonLogTime(startedAt),
    requestTimeEpoch: ({ startedAt }) => startedAt,
    resourceId: ({ route }) => route?.method.resourceId,
    resourcePath: ({ route }) => route?.method.resourcePath,
    responseLatency: ({ now, startedAt }) => now() - startedAt,
    responseLength: ({ responseLength }) => responseLength,
    stage: ({ stage }) => stage.name,
    status: ({ status }) => status,
    xrayTraceId: ({ traceId }) => (traceId ? /Root=([^;]+)/.exec(traceId)?.[1] : undefined),
};
