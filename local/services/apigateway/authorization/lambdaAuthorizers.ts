import * as crypto from "node:crypto";
import { isAwsError } from "../../../errors";
import type { InvocationResult, LambdaInvoker } from "../../lambda/types";
import { requestParameter } from "../contextVariables";
import { faults, type Fault } from "../faults";
import { traceIdOf } from "../lambdaProxy";
import { requestAuthorizerEvent } from "../proxyEvent";
import type { Exchange, LambdaAuthorizer, Route } from "../types";
import { ANONYMOUS, invocation, methodArn, refusedByIam, type Iam } from "./policies";

/** Asks functions who may call, and remembers their answers. */
export interface LambdaAuthorizers {
    /** Why a request may not pass; undefined when it may. Notes what the function said of the caller. */
    refuse(exchange: Exchange, route: Route, authorizer: LambdaAuthorizer): Promise<Fault | undefined>;
}

/** Most answers that are remembered; then the oldest go. */
const MOST_REMEMBERED = 10_000;

/** What a function said: who calls, what the caller may invoke, and what the integration should know. */
interface Answer {
    readonly policy: string;
    readonly caller: Readonly<Record<string, string>>;
    readonly until: number;
}

export function createLambdaAuthorizers(invoker: LambdaInvoker, iam: Iam): LambdaAuthorizers {
    const remembered = new Map<string, Answer>();
    return {
        async refuse(exchange, route, authorizer) {
            const byPolicy = exchange.api.policy && iam.decide(invocation(exchange, ANONYMOUS)).result;
            if (byPolicy === "explicitDeny") {
                return refusedByIam(exchange, ANONYMOUS, iam);
            }
            const identity = authorizer.identitySources.map(({ place, name }) =>
                requestParameter(place, name, exchange),
            );
            if (!isComplete(identity, authorizer)) {
                return faults.unauthorized;
            }
            const key = JSON.stringify([exchange.api.id, exchange.stage.name, authorizer.name, identity]);
            let answer = remembered.get(key);
            if (!answer || answer.until <= exchange.now()) {
                const fresh = await ask(exchange, route, authorizer, identity, invoker);
                if ("type" in fresh) {
                    return fresh;
                }
                answer = fresh;
                remember(key, answer, authorizer, remembered);
            }
            exchange.caller = answer.caller;
            const refused = refusedBy(answer.policy, exchange, iam);
            return refused === faults.notAllowedByAuthorizer && byPolicy === "allow" ? undefined : refused;
        },
    };
}

/** A missing identity is refused where answers are remembered by it; a token must be there always. */
function isComplete(
    identity: readonly (string | undefined)[],
    { kind, rememberMs, tokenPattern }: LambdaAuthorizer,
): boolean {
    return kind === "TOKEN"
        ? !!identity[0] && (tokenPattern?.test(identity[0]) ?? true)
        : rememberMs === 0 || identity.every(Boolean);
}

function remember(
    key: string,
    answer: Answer,
    { rememberMs }: LambdaAuthorizer,
    remembered: Map<string, Answer>,
): void {
    if (rememberMs > 0) {
        remembered.delete(key);
        remembered.set(key, answer);
        if (remembered.size > MOST_REMEMBERED) {
            remembered.delete(remembered.keys().next().value!);
        }
    }
}

async function ask(
    exchange: Exchange,
    route: Route,
    authorizer: LambdaAuthorizer,
    identity: readonly (string | undefined)[],
    invoker: LambdaInvoker,
): Promise<Answer | Fault> {
    const traceId = (exchange.traceId = traceIdOf(exchange));
    const startedAt = exchange.now();
    let result: InvocationResult;
    try {
        result = await invoker.invoke({
            functionName: authorizer.functionArn,
            payload:
                authorizer.kind === "TOKEN"
                    ? JSON.stringify({
                          type: "TOKEN",
                          methodArn: methodArn(exchange),
                          authorizationToken: identity[0],
                      })
                    : requestAuthorizerEvent(exchange, route, traceId, methodArn(exchange)),
            principal: authorizer.credentials
                ? { type: "role", roleArn: authorizer.credentials, sessionName: exchange.requestId }
                : { type: "service", service: "apigateway.amazonaws.com" },
            sourceArn: authorizerArn(exchange, authorizer),
            timeoutMs: 29_000,
            traceId,
        });
    } catch (error) {
        if (!isAwsError(error)) {
            throw error;
        }
        return faults.authorizerMisconfigured;
    }
    if (result.functionError) {
        const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
        return errorMessage === "Unauthorized" ? faults.unauthorized : faults.authorizerFailed;
    }
    return answerIn(result.payload, exchange.now() - startedAt, exchange.now() + authorizer.rememberMs);
}

function authorizerArn({ region, account, api }: Exchange, { name }: LambdaAuthorizer): string {
    const id = crypto.createHash("sha256").update(`${api.id}${name}`).digest("hex").slice(0, 6);
    return `arn:aws:execute-api:${region}:${account}:${api.id}/authorizers/${id}`;
}

/** API Gateway takes a principal, a policy, and a context of plain values, which reach the integration as texts. */
function answerIn(payload: string, latency: number, until: number): Answer | Fault {
    const {
        principalId,
        policyDocument,
        context = {},
    } = (parsed(payload) ?? {}) as {
        principalId?: unknown;
        policyDocument?: { Statement?: unknown };
        context?: Record<string, unknown>;
    };
    const statements = [policyDocument?.Statement ?? []].flat() as object[];
    const plain = Object.values(context).every((value) => ["string", "number", "boolean"].includes(typeof value));
    if (typeof principalId !== "string" || statements.length === 0 || !plain) {
        return faults.authorizerMisconfigured;
    }
    const texts = Object.entries(context).map(([name, value]) => [name, String(value)] as const);
    return {
        // Written as a policy of the API that is open to the caller, so that IAM's one evaluator decides on it.
        policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: statements.map((one) => ({ ...one, Principal: "*" })),
        }),
        caller: { principalId, integrationLatency: String(latency), ...Object.fromEntries(texts) },
        until,
    };
}

function parsed(payload: string): unknown {
    try {
        return JSON.parse(payload);
    } catch {
        return undefined;
    }
}

function refusedBy(resourcePolicy: string, exchange: Exchange, iam: Iam): Fault | undefined {
    try {
        const { allowed, result } = iam.decide({ ...invocation(exchange, ANONYMOUS), resourcePolicy });
        return allowed
            ? undefined
            : result === "explicitDeny"
              ? faults.deniedByAuthorizer
              : faults.notAllowedByAuthorizer;
    } catch {
        // The only reason to throw is a document that is no policy.
        return faults.authorizerMisconfigured;
    }
}
