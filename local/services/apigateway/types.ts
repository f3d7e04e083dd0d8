import type * as http from "node:http";
import type { CompiledPolicy } from "../../iam/policy";
import type { Fault, GatewayResponseType } from "./faults";

/** A REST API as its OpenAPI body describes it, ready to serve. */
export interface Api {
    readonly id: string;
    /** Finds the method for a verb and a path; undefined when there is none. */
    readonly route: (verb: string, path: string) => Route | undefined;
    readonly gatewayResponses: Readonly<Record<GatewayResponseType, GatewayResponse>>;
    /** In lower case, without parameters; may hold the wildcard for all types. */
    readonly binaryMediaTypes: ReadonlySet<string>;
    /** Answers of at least so many bytes are compressed; undefined when none are. */
    readonly minimumCompressionSize?: number;
    /** The API's resource policy; absent when it has none. */
    readonly policy?: CompiledPolicy;
    /** True when the API may not be called by its default endpoint. */
    readonly disabled: boolean;
}

export interface Route {
    readonly method: Method;
    /** Values of path parameters, percent-encoded as sent; null when the path has none. */
    readonly pathParameters: Readonly<Record<string, string>> | null;
}

export interface Method {
    /** A verb or `ANY`. */
    readonly httpMethod: string;
    /** e.g. `/orders/{id}` */
    readonly resourcePath: string;
    readonly resourceId: string;
    readonly operationName?: string;
    readonly apiKeyRequired: boolean;
    /** Who may call, which is settled before the API key. */
    readonly authorization: MethodAuthorization;
    /** Checks the request before the integration; absent when the method has no validator. */
    readonly validate?: (exchange: Exchange) => Fault | undefined;
    readonly integration: Integration;
}

/** By API Gateway's `authorizationType`: everyone, who signs and may by IAM, or whom a function lets in. */
export type MethodAuthorization =
    { readonly type: "NONE" } | { readonly type: "AWS_IAM" } | ({ readonly type: "CUSTOM" } & LambdaAuthorizer);

/** A function that is asked who may call. */
export interface LambdaAuthorizer {
    readonly name: string;
    /** A TOKEN authorizer sees one header of the request, a REQUEST authorizer all but the body. */
    readonly kind: "TOKEN" | "REQUEST";
    readonly functionArn: string;
    /** ARN of the role that invokes the function in place of API Gateway itself. */
    readonly credentials?: string | undefined;
    /** Parts of the request that tell callers apart; the one header of a TOKEN authorizer. */
    readonly identitySources: readonly { readonly place: string; readonly name: string }[];
    /** What the whole token must match before the function is asked; absent when any will do. */
    readonly tokenPattern?: RegExp;
    /** How long an answer holds for the same identity, in milliseconds; 0 for not at all. */
    readonly rememberMs: number;
}

export type Integration = LambdaProxyIntegration | MockIntegration;

export interface LambdaProxyIntegration {
    readonly type: "aws_proxy";
    readonly functionArn: string;
    /** ARN of the role that invokes the function in place of API Gateway itself. */
    readonly credentials?: string;
    readonly timeoutMs: number;
}

export interface MockIntegration {
    readonly type: "mock";
    /** Status code of the request template by content type; undefined when a template holds none. */
    readonly requestTemplates: ReadonlyMap<string, number | undefined>;
    readonly passthroughBehavior: "when_no_match" | "when_no_templates" | "never";
    readonly convertToText: boolean;
    readonly responses: readonly MockResponse[];
    readonly timeoutMs: number;
}

export interface MockResponse {
    /** Which status codes of the request template it answers; undefined for the default. */
    readonly pattern?: RegExp;
    readonly status: number;
    readonly headers: readonly HeaderMapping[];
    readonly contentType: string;
    readonly body: (exchange: Exchange) => string;
}

/** A header with a value from the request or a fixed one; left out when there is no value. */
export interface HeaderMapping {
    readonly name: string;
    readonly value: (exchange: Exchange) => string | undefined;
}

/** How API Gateway words one of its own answers. */
export interface GatewayResponse {
    /** Given by the body; absent for the usual code. */
    readonly status?: number;
    readonly headers: readonly HeaderMapping[];
    readonly contentType: string;
    readonly body: (exchange: Exchange) => string;
}

export interface Stage {
    readonly apiId: string;
    readonly name: string;
    readonly deploymentId: string;
    readonly variables: Readonly<Record<string, string>> | null;
    /** Writes the access log's line; absent when the stage has no access log. */
    readonly log?: (exchange: Exchange) => void;
}

export interface ApiKey {
    readonly id: string;
    readonly value: string;
    readonly enabled: boolean;
}

/** One request and what has become of it. */
export interface Exchange {
    readonly request: http.IncomingMessage;
    readonly response: http.ServerResponse;
    readonly account: string;
    readonly region: string;
    readonly api: Api;
    readonly stage: Stage;
    readonly verb: string;
    /** Path behind the stage as sent, e.g. `/orders/1`. */
    readonly path: string;
    /** Path with the stage, e.g. `/dev/orders/1`. */
    readonly fullPath: string;
    /** Path from the host on, as the caller sent it, e.g. `/_api/a1b2c3d4e5/dev/orders/1`: as below the base path of a custom domain. */
    readonly sentPath: string;
    /** Query as sent, without its question mark. */
    readonly query: string;
    /** UUID; `x-amzn-RequestId`. */
    readonly requestId: string;
    /** `x-amz-apigw-id` */
    readonly extendedRequestId: string;
    readonly sourceIp: string;
    /** Milliseconds since 1970. */
    readonly startedAt: number;
    readonly now: () => number;
    route?: Route;
    apiKey?: ApiKey;
    /** What the authorizer said of the caller: `requestContext.authorizer`. */
    caller?: Readonly<Record<string, string>>;
    /** Who signed, at a method that IAM authorises. */
    signer?: Signer;
    body?: Buffer;
    /** True when {@link body} came packed and no longer is. */
    unpacked?: boolean;
    /** `X-Amzn-Trace-Id`, once an integration is called. */
    traceId?: string;
    fault?: Fault;
    integrationStatus?: number;
    /** Milliseconds that the integration took. */
    integrationLatency?: number;
    status?: number;
    /** Bytes of the body. */
    responseLength?: number;
}

/** The signer of a request, in the terms of `requestContext.identity`. */
export interface Signer {
    readonly accessKey: string;
    readonly accountId: string | undefined;
    /** Unique id: `AROA…:session` for a role's session. */
    readonly caller: string;
    /** The same as {@link caller}. */
    readonly user: string;
    /** e.g. `arn:aws:sts::123456789012:assumed-role/writer/session` */
    readonly userArn: string;
}

/** What an integration answers. */
export interface Reply {
    readonly status: number;
    readonly headers: http.OutgoingHttpHeaders;
    readonly body: string | Buffer;
}
