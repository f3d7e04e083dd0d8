import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { createCredentials, type CredentialStore } from "../../../../local/gateway/credentials";
import { createAuthorizer } from "../../../../local/iam/authorizer";
import { compilePolicy } from "../../../../local/iam/policy";
import type { RoleRecord, RoleStore } from "../../../../local/iam/roles";
import { createApiGateway, type ApiGateway } from "../../../../local/services/apigateway/apiGateway";
import type { Invocation, InvocationResult } from "../../../../local/services/lambda/types";
import type { TraceEntry } from "../../../../local/trace";
import type { PlannedResource } from "../../../../plan/types";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
/** What the clock says at first. */
export const START = new Date("2026-03-10T12:00:00Z");
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:answer`;

/** An API on a port of its own, before a function that tests play. */
export interface TestApi {
    readonly url: string;
    readonly gateway: ApiGateway;
    readonly server: http.Server;
    /** Invocations so far, with their events parsed. */
    readonly invocations: (Invocation & { readonly event: APIGatewayProxyEvent })[];
    /** Lines of access logs. */
    readonly logged: string[];
    /** Decisions that IAM has kept. */
    readonly traced: TraceEntry[];
    /** Keys that are known. */
    readonly credentials: CredentialStore;
    /** What the function answers next, and from then on. */
    answer(reply: object | string | ((invocation: Invocation) => Promise<InvocationResult>)): void;
    /** Moves the clock on. */
    pass(ms: number): void;
    send(target: string, options?: SendOptions): Promise<Reply>;
    /** Ends it; the state stays when `keep`. */
    close(keep?: boolean): Promise<void>;
    readonly dataDir: string;
}

export interface SendOptions {
    readonly method?: string;
    readonly headers?: http.OutgoingHttpHeaders;
    readonly body?: string | Buffer;
}

export interface Reply {
    readonly status: number;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: Buffer;
    readonly text: string;
}

export interface ApiArgs {
    /** Paths of the OpenAPI body. */
    readonly paths: Record<string, unknown>;
    /** More of the OpenAPI body. */
    readonly body?: Record<string, unknown>;
    /** More resources, such as a usage plan. */
    readonly resources?: readonly PlannedResource[];
    /** Statements of declared roles, by the role's name. */
    readonly roles?: Readonly<Record<string, readonly object[]>>;
    /** Format of the access log. @default some fields as JSON */
    readonly logFormat?: string;
    readonly dataDir?: string;
}

/** Starts API `api1234567` with stage `live`. */
export async function startApi(args: ApiArgs): Promise<TestApi> {
    const { paths, body = {}, resources = [], roles: statements = {}, logFormat = LOG_FORMAT, dataDir } = args;
    const folder = dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
    const invocations: TestApi["invocations"] = [];
    const logged: string[] = [];
    const traced: TraceEntry[] = [];
    const credentials = createCredentials();
    const roles = declared(statements);
    let now = START.getTime();
    let answer: (invocation: Invocation) => Promise<InvocationResult> = () => returned({ statusCode: 200 });
    const gateway = createApiGateway({
        dataDir: folder,
        account: ACCOUNT,
        region: REGION,
        invoker: {
            invoke(invocation) {
                invocations.push({
                    ...invocation,
                    event: JSON.parse(String(invocation.payload)) as APIGatewayProxyEvent,
                });
                return answer(invocation);
            },
        },
        logs: { has: () => true, put: (_group, _stream, lines) => logged.push(...lines) },
        authorizer: createAuthorizer({
            account: ACCOUNT,
            region: REGION,
            roles,
            trace: (entry) => traced.push(entry),
            warn: () => undefined,
        }),
        credentials,
        roles,
        endpoint: () => "http://127.0.0.1:1",
        generated: (_urn, _property, make) => make(),
        now: () => now,
    });
    const openApi = { openapi: "3.0.1", info: { title: "t", version: "1" }, paths, ...body };
    const base = [
        resource("aws:apigateway/account:Account", "account", {
            cloudwatchRoleArn: `arn:aws:iam::${ACCOUNT}:role/logs`,
        }),
        resource("aws:apigateway/restApi:RestApi", "api1234567", { body: JSON.stringify(openApi) }),
        resource("aws:apigateway/stage:Stage", "stage", {
            restApi: "api1234567",
            stageName: "live",
            accessLogSettings: {
                destinationArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:access`,
                format: logFormat,
            },
        }),
    ];
    for (const one of [...base, ...resources]) {
        await gateway.apply[one.type](one);
    }
    await gateway.ready?.();
    const server = http.createServer((request, response) => void gateway.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_api/api1234567/live`;
    return {
        ...{ url, gateway, server, invocations, logged, traced, credentials, dataDir: folder },
        answer: (reply) => (answer = typeof reply === "function" ? (reply as typeof answer) : () => returned(reply)),
        pass: (ms) => (now += ms),
        send: (target, options) => send(url + target, options),
        async close(keep = false) {
            await new Promise((resolve) => server.close(resolve));
            await gateway.close?.();
            if (!keep) {
                fs.rmSync(folder, { recursive: true });
            }
        },
    };
}

const LOG_FORMAT =
    '{"id":"$context.requestId","status":"$context.status","key":"$context.identity.apiKeyId","path":"$context.path"}';

/** ARN of a role by its name. */
export function roleArn(name: string): string {
    return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** Roles with an inline policy of such statements each, and ids such as `AROAWRITER`. */
function declared(statements: Readonly<Record<string, readonly object[]>>): RoleStore {
    const records = Object.entries(statements).map(([name, Statement]): [string, RoleRecord] => [
        roleArn(name),
        {
            ...{ arn: roleArn(name), name, id: `AROA${name.toUpperCase()}`, tags: {}, maxSessionDuration: 3600 },
            trust: { place: name, policy: { statements: [] } },
            policies: [{ place: name, policy: compilePolicy({ Version: "2012-10-17", Statement }, name, "identity") }],
        },
    ]);
    return { find: (arn) => new Map(records).get(arn) };
}

/** An operation that invokes the function. */
export function proxy(more: Record<string, unknown> = {}): Record<string, unknown> {
    const { integration, ...operation } = more;
    return {
        responses: { default: { description: "" } },
        "x-amazon-apigateway-integration": {
            type: "aws_proxy",
            httpMethod: "POST",
            uri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`,
            passthroughBehavior: "when_no_match",
            ...(integration as object | undefined),
        },
        ...operation,
    };
}

export function resource(type: string, id: string, inputs: Record<string, unknown>): PlannedResource {
    const urn = `urn:pulumi:test::test::${type}::${id}`;
    return { urn, type, name: id, custom: true, inputs, id, outputs: { ...inputs }, dependsOn: [], protect: false };
}

/** Two keys in a plan, and a third in none. */
export function keysAndPlan(plan: Record<string, unknown>): PlannedResource[] {
    const values = { blue: "b".repeat(40), green: "g".repeat(40), spare: "s".repeat(40) };
    return [
        resource("aws:apigateway/usagePlan:UsagePlan", "plan", {
            apiStages: [{ apiId: "api1234567", stage: "live" }],
            ...plan,
        }),
        ...Object.entries(values).map(([id, value]) => resource("aws:apigateway/apiKey:ApiKey", id, { value })),
        ...["blue", "green"].map((keyId) =>
            resource("aws:apigateway/usagePlanKey:UsagePlanKey", `plan-${keyId}`, {
                usagePlanId: "plan",
                keyId,
                keyType: "API_KEY",
            }),
        ),
    ];
}

function returned(reply: unknown): Promise<InvocationResult> {
    return Promise.resolve({ payload: typeof reply === "string" ? reply : JSON.stringify(reply) });
}

function send(url: string, { method = "GET", headers = {}, body }: SendOptions = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
        const request = http.request(url, { method, headers: { ...length, ...headers }, agent: false }, (response) => {
            const chunks: Buffer[] = [];
            response
                .on("data", (chunk: Buffer) => chunks.push(chunk))
                .on("end", () => {
                    const bytes = Buffer.concat(chunks);
                    resolve({
                        status: response.statusCode!,
                        headers: response.headers,
                        body: bytes,
                        text: bytes.toString(),
                    });
                });
        });
        request.on("error", reject).end(body);
    });
}
