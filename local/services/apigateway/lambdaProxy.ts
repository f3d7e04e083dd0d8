import * as crypto from "node:crypto";
import { isAwsError } from "../../errors";
import type { Principal } from "../../iam/types";
import type { InvocationResult, LambdaInvoker } from "../lambda/types";
import { faults, type Fault } from "./faults";
import { proxyEvent } from "./proxyEvent";
import { proxyReply } from "./proxyReply";
import type { Exchange, LambdaProxyIntegration, Reply, Route } from "./types";

/** Calls the function behind a method and makes its answer into a reply. */
export async function callLambdaProxy(
    exchange: Exchange,
    route: Route,
    integration: LambdaProxyIntegration,
    invoker: LambdaInvoker,
): Promise<Reply | Fault> {
    const traceId = (exchange.traceId = traceIdOf(exchange));
    const payload = proxyEvent(exchange, route, traceId);
    const startedAt = exchange.now();
    const result = await inTime(integration.timeoutMs, () =>
        invoker.invoke({
            functionName: integration.functionArn,
            payload,
            principal: principalOf(integration, exchange.requestId),
            sourceArn: sourceArn(exchange, route.method.resourcePath),
            timeoutMs: integration.timeoutMs,
            traceId,
        }),
    );
    exchange.integrationLatency = exchange.now() - startedAt;
    if ("type" in result) {
        return result;
    }
    exchange.integrationStatus = 200;
    if (result.functionError || result.payload.length > LARGEST_ANSWER) {
        return faults.functionError;
    }
    return proxyReply(result.payload, exchange);
}

/** ARN of what calls, which a function's permission names: parameters of the path stand in it by their names. */
export function sourceArn({ region, account, api, stage, verb }: Exchange, resourcePath: string): string {
    return `arn:aws:execute-api:${region}:${account}:${api.id}/${stage.name}/${verb}${resourcePath}`;
}

/** Lambda's quota for an answer, in bytes; more is a function error there. */
const LARGEST_ANSWER = 6_291_556;

/** Keeps a trace that the client began. */
export function traceIdOf({ request, requestId, startedAt }: Exchange): string {
    const sent = request.headers["x-amzn-trace-id"];
    if (typeof sent === "string" && sent.includes("Root=")) {
        return sent;
    }
    const random = crypto.randomUUID().replaceAll("-", "").slice(0, 16) + requestId.slice(0, 8);
    return `Root=1-${Math.floor(startedAt / 1000).toString(16)}-${random}`;
}

function principalOf({ credentials }: LambdaProxyIntegration, requestId: string): Principal {
    return credentials
        ? { type: "role", roleArn: credentials, sessionName: requestId }
        : { type: "service", service: "apigateway.amazonaws.com" };
}

async function inTime(timeoutMs: number, invoke: () => Promise<InvocationResult>): Promise<InvocationResult | Fault> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Fault>((resolve) => {
        timer = setTimeout(() => resolve(faults.integrationTimeout), timeoutMs);
    });
    try {
        return await Promise.race([invoke(), late]);
    } catch (error) {
        return refusal(error);
    } finally {
        clearTimeout(timer);
    }
}

/** What the client sees of Lambda's refusals. Anything but a refusal is a fault of the local run, and must show. */
function refusal(error: unknown): Fault {
    if (!isAwsError(error)) {
        throw error;
    }
    switch (error.code) {
        case "TooManyRequestsException":
            return faults.functionThrottled;
        case "RequestTooLargeException":
            return faults.eventTooLarge;
        default:
            return faults.notInvoked;
    }
}
