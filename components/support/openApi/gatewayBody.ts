import { pathPattern, type Route } from "../../../handlers/shared/route";

/** A function that API Gateway asks, by the value of one header, who calls and what the caller may invoke. */
export interface Authorizer {
    readonly functionArn: string;
    /** Name of the header; without it API Gateway answers 401 itself. */
    readonly header: string;
    /** Seconds that API Gateway remembers an answer for, by the header's value; from 0 to 3600. */
    readonly rememberSeconds: number;
}

/** The only roles that may call an API's routes with `auth: "iam"`, whatever other roles' own policies allow. */
export interface IamCallers {
    /** Name of the stage. */
    readonly stage: string;
    /** ARNs of the roles. */
    readonly roleArns: readonly string[];
}

/** What {@link gatewayBody} makes a body from. */
export interface GatewayBodyArgs {
    readonly title: string;
    /** The API's routes; those of one path may differ in method and authorisation. */
    readonly routes: readonly Route[];
    /**
     * Sends every path to one function, which knows the routes itself: `ANY /` and `ANY /{proxy+}`. All must be authorised
     * alike then.
     *
     * @default false
     */
    readonly proxy?: boolean;
    /** ARN of the function that answers a route. */
    readonly functionArn: (route: Pick<Route, "method" | "path">) => string;
    /**
     * The function that decides on routes with `auth: "authorizer"`.
     *
     * @default - there are no such routes
     */
    readonly authorizer?: Authorizer;
    /**
     * Who may call routes with `auth: "iam"`.
     *
     * @default - there are no such routes
     */
    readonly iam?: IamCallers;
    readonly region: string;
    readonly partition: string;
    /** Origins allowed to call from a browser; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** Content types whose bodies reach the function as they were sent; others are taken for UTF-8 text. */
    readonly binaryMediaTypes: readonly string[];
}

/**
 * The OpenAPI text that API Gateway imports. It holds only what API Gateway acts on: bodies are validated by the handlers,
 * whose answers name every issue, so no schema is here that the importer could refuse.
 */
export function gatewayBody(args: GatewayBodyArgs): string {
    return JSON.stringify({
        openapi: "3.0.1",
        info: { title: args.title, version: "1" },
        paths: args.proxy ? proxyPaths(args) : routePaths(args),
        components: { securitySchemes: securitySchemes(args) },
        ...(args.iam ? { "x-amazon-apigateway-policy": resourcePolicy(args.routes, args.iam) } : {}),
        "x-amazon-apigateway-api-key-source": "HEADER",
        "x-amazon-apigateway-binary-media-types": args.binaryMediaTypes,
        "x-amazon-apigateway-gateway-responses": {
            DEFAULT_4XX: { responseParameters: gatewayResponseHeaders(args.corsOrigins) },
            DEFAULT_5XX: { responseParameters: gatewayResponseHeaders(args.corsOrigins) },
        },
    });
}

/** With a policy, an API lets nobody in whom the policy does not: so it opens the other routes, which have guards of their own. */
function resourcePolicy(routes: readonly Route[], { stage, roleArns }: IamCallers) {
    const resource = ({ method, path }: { method: string; path: string }) =>
        `execute-api:/${stage}/${method}${pathPattern(path)}`;
    const preflights = [...new Set(routes.map(({ path }) => path))].map((path) => ({ method: "OPTIONS", path }));
    const guarded = routes.filter(({ auth }) => auth === "iam");
    const others = routes.filter(({ auth }) => auth !== "iam");
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "OtherRoutes",
                Effect: "Allow",
                Principal: "*",
                Action: "execute-api:Invoke",
                Resource: [...others, ...preflights].map(resource),
            },
            {
                Sid: "NobodyElse",
                Effect: "Deny",
                Principal: "*",
                Action: "execute-api:Invoke",
                Resource: guarded.map(resource),
                Condition: { ArnNotEquals: { "aws:PrincipalArn": roleArns } },
            },
        ],
    };
}

function securitySchemes({ authorizer, iam, region, partition }: GatewayBodyArgs): Record<string, unknown> {
    return {
        apiKey: { type: "apiKey", name: "x-api-key", in: "header" },
        ...(iam
            ? {
                  iam: {
                      type: "apiKey",
                      name: "Authorization",
                      in: "header",
                      "x-amazon-apigateway-authtype": "awsSigv4",
                  },
              }
            : {}),
        ...(authorizer
            ? {
                  authorizer: {
                      type: "apiKey",
                      name: authorizer.header,
                      in: "header",
                      "x-amazon-apigateway-authtype": "custom",
                      "x-amazon-apigateway-authorizer": {
                          type: "request",
                          authorizerUri: invocationUri(authorizer.functionArn, region, partition),
                          identitySource: `method.request.header.${authorizer.header}`,
                          authorizerResultTtlInSeconds: authorizer.rememberSeconds,
                      },
                  },
              }
            : {}),
    };
}

function invocationUri(functionArn: string, region: string, partition: string): string {
    return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

function routePaths(args: GatewayBodyArgs): Record<string, Record<string, unknown>> {
    const paths: Record<string, Record<string, unknown>> = {};
    for (const route of args.routes) {
        paths[route.path] ??= pathItem(route.path, args);
        paths[route.path][route.method.toLowerCase()] = operation(route, args);
    }
    return paths;
}

function proxyPaths(args: GatewayBodyArgs): Record<string, Record<string, unknown>> {
    const [auth, ...others] = new Set(args.routes.map((route) => route.auth));
    if (others.length > 0) {
        throw new Error(
            `${args.title}: behind one proxy all routes must be authorised alike, not by ${auth} and ${others.join(", ")}.`,
        );
    }
    const any = (path: string) => ({
        ...pathItem(path, args),
        "x-amazon-apigateway-any-method": operation({ method: "ANY", path, auth }, args),
    });
    return { "/": any("/"), "/{proxy+}": any("/{proxy+}") };
}

/** Parameters of the path, and the preflight: a browser sends it without a key, so it may need none. */
function pathItem(path: string, args: GatewayBodyArgs): Record<string, unknown> {
    const parameters = Array.from(path.matchAll(/\{(\w+)\+?\}/g), ([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
    }));
    return {
        ...(parameters.length > 0 ? { parameters } : {}),
        options: operation({ method: "OPTIONS", path, auth: "none" }, args),
    };
}

function operation(route: { method: string; path: string; auth: Route["auth"] }, args: GatewayBodyArgs) {
    const { region, partition, functionArn } = args;
    return {
        // API Gateway ignores security at the root of the document: each operation says it for itself.
        ...(route.auth === "none" || route.auth === "token" ? {} : { security: [{ [route.auth]: [] }] }),
        responses: { default: { description: "The function's answer" } },
        "x-amazon-apigateway-integration": {
            type: "aws_proxy",
            httpMethod: "POST",
            uri: invocationUri(functionArn(route as Route), region, partition),
            passthroughBehavior: "when_no_match",
            timeoutInMillis: 29_000,
        },
    };
}

/**
 * API Gateway's own answers, such as 403 without a key, carry the request's id, and are readable to pages where that can be
 * said without looking at the request: gateway responses can't choose among several origins.
 */
function gatewayResponseHeaders(corsOrigins: readonly string[]): Record<string, string> {
    return {
        "gatewayresponse.header.x-request-id": "context.requestId",
        ...(corsOrigins.length === 1
            ? { "gatewayresponse.header.Access-Control-Allow-Origin": `'${corsOrigins[0]}'` }
            : {}),
    };
}
