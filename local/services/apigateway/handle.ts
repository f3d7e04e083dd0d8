import * as crypto from "node:crypto";
import type * as http from "node:http";
import type { LambdaInvoker } from "../lambda/types";
import { admit, type Limits } from "./admit";
import { createAuthorization, type Authorization, type AuthorizationArgs } from "./authorization/authorization";
import { unpack } from "./compression";
import { faults, type Fault } from "./faults";
import { faultReply } from "./gatewayResponses";
import { callLambdaProxy } from "./lambdaProxy";
import { callMock } from "./mock";
import { announcesTooMuch, receiveBody } from "./requestBody";
import { send } from "./send";
import type { Api, Exchange, Reply, Route, Stage } from "./types";

export interface HandlerArgs extends AuthorizationArgs {
    readonly account: string;
    readonly region: string;
    readonly limits: Limits;
    readonly now: () => number;
    /** The API and stage behind a path's first two segments; undefined when there is none. */
    readonly find: (apiId: string, stage: string) => { readonly api: Api; readonly stage: Stage } | undefined;
}

/** What stands before the API's id in a path. */
export const PREFIX = "/_api/";

/** Answers requests to `/_api/<id>/<stage>/…` as API Gateway answers those to `https://<id>.execute-api…/<stage>/…`. */
export function createHandler(
    args: HandlerArgs,
): (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> {
    const authorization = createAuthorization(args);
    return async (request, response) => {
        const exchange = open(request, response, args);
        if (!exchange) {
            refuseUnknownApi(response);
            return;
        }
        try {
            await answer(exchange, args, authorization);
        } catch (error) {
            // The client went away while it sent its body: nobody is left to answer.
            if (!request.destroyed || (error as NodeJS.ErrnoException).code !== "ECONNRESET") {
                throw error;
            }
        }
        exchange.stage.log?.(exchange);
    };
}

function open(request: http.IncomingMessage, response: http.ServerResponse, args: HandlerArgs): Exchange | undefined {
    const url = request.url ?? PREFIX;
    const queryAt = url.indexOf("?");
    const end = queryAt < 0 ? url.length : queryAt;
    const apiEnd = indexOrEnd(url, PREFIX.length, end);
    const stageEnd = indexOrEnd(url, apiEnd + 1, end);
    const found = args.find(url.slice(PREFIX.length, apiEnd), url.slice(apiEnd + 1, stageEnd));
    if (!found || found.api.disabled) {
        return undefined;
    }
    const requestId = crypto.randomUUID();
    return {
        request,
        response,
        account: args.account,
        region: args.region,
        ...found,
        verb: request.method ?? "GET",
        path: url.slice(stageEnd, end) || "/",
        fullPath: url.slice(apiEnd, end),
        sentPath: url.slice(0, end),
        query: url.slice(end + 1),
        requestId,
        extendedRequestId: Buffer.from(requestId.replaceAll("-", "").slice(0, 22), "hex").toString("base64"),
        sourceIp: (request.socket.remoteAddress ?? "").replace("::ffff:", ""),
        startedAt: args.now(),
        now: args.now,
    };
}

function indexOrEnd(url: string, from: number, end: number): number {
    const at = url.indexOf("/", from);
    return at < 0 || at > end ? end : at;
}

/** Outside of any API there is nothing that could word the answer otherwise. */
function refuseUnknownApi(response: http.ServerResponse): void {
    const requestId = crypto.randomUUID();
    response.writeHead(403, {
        "Content-Type": "application/json",
        "x-amzn-RequestId": requestId,
        "x-amzn-ErrorType": "ForbiddenException",
    });
    response.end('{"message":"Forbidden"}');
}

async function answer(exchange: Exchange, args: HandlerArgs, authorization: Authorization): Promise<void> {
    const result = refusal(exchange) ?? (await serve(exchange, exchange.route as Route, args, authorization));
    const reply = "type" in result ? faultReply(exchange, result) : result;
    await send(exchange, reply);
}

/** Authorization comes before API key and usage plan: a function is asked also about a request that is then throttled. */
async function serve(
    exchange: Exchange,
    route: Route,
    { limits, invoker }: HandlerArgs,
    authorization: Authorization,
): Promise<Reply | Fault> {
    return (
        (await authorization.refuse(exchange, route)) ??
        admit(exchange, route.method, limits) ??
        (await execute(exchange, route, invoker))
    );
}

/** What is decided before anyone is asked, in API Gateway's order: limits, then the route, which it finds. */
function refusal(exchange: Exchange): Fault | undefined {
    const { api, request, verb, path } = exchange;
    if (announcesTooMuch(request)) {
        return faults.bodyTooLarge;
    }
    if (headerBytes(exchange) > LARGEST_HEADERS) {
        return faults.headersTooLarge;
    }
    exchange.route = api.route(verb, path);
    if (!exchange.route) {
        return faults.missingAuthenticationToken;
    }
    return path.length > LONGEST_PATH ? faults.uriTooLong : undefined;
}

/** Bytes of the request line and the headers' values together (quota of API Gateway). */
const LARGEST_HEADERS = 10_240;

/** The quota is 1 600 bytes for a method's ARN, of which some 100 are not the path. */
const LONGEST_PATH = 1_500;

function headerBytes({ request, verb, fullPath, query }: Exchange): number {
    let bytes = verb.length + fullPath.length + query.length;
    const { rawHeaders } = request;
    for (let index = 1; index < rawHeaders.length; index += 2) {
        bytes += rawHeaders[index].length;
    }
    return bytes;
}

async function execute(exchange: Exchange, route: Route, invoker: LambdaInvoker): Promise<Reply | Fault> {
    const notReceived = await receiveBody(exchange);
    if (notReceived) {
        return notReceived;
    }
    if (!(await unpack(exchange))) {
        return faults.invalidBody;
    }
    const invalid = route.method.validate?.(exchange);
    if (invalid) {
        return invalid;
    }
    const { integration } = route.method;
    return integration.type === "mock"
        ? callMock(exchange, integration)
        : callLambdaProxy(exchange, route, integration, invoker);
}
