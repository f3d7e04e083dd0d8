import * as crypto from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Route } from "../../handlers/shared/route";
import type { ApiGatewayAccount } from "./apiGatewayAccount";
import type { Callback } from "./callback";
import { admitApiKeys, type Throttle, type UsagePlanArgs } from "./apiKeys";
import { stackNames } from "./names";
import type { Firewall } from "./firewall";
import { permitInvocations } from "./invokePermissions";
import { gatewayBody, type Authorizer } from "./openApi/gatewayBody";
import { alarm, logGroup, type Operations } from "./operations";

/** Arguments for {@link RestApi}. */
export interface RestApiArgs {
    readonly title: string;
    /** Name of the stage, which stands in the URL. */
    readonly stage: string;
    /** The table of routes, which the handlers read, too. */
    readonly routes: readonly Route[];
    /** The function that answers a route. */
    readonly callback: Callback | ((route: Pick<Route, "method" | "path">) => Callback);
    /**
     * Sends all paths to the one function, which then answers unknown paths itself.
     *
     * @default false
     */
    readonly proxy?: boolean;
    /** Origins whose pages may call the API; `*` for all. */
    readonly corsOrigins: readonly string[];
    /**
     * Content types whose bodies reach the function byte by byte.
     *
     * @default - none: every body is taken for UTF-8 text
     */
    readonly binaryMediaTypes?: readonly string[];
    /**
     * Limit of all callers together.
     *
     * @default - the account's limit
     */
    readonly throttle?: Throttle;
    /**
     * API keys and what each may use.
     *
     * @default - no keys, so no route may ask for one
     */
    readonly usagePlan?: UsagePlanArgs;
    /**
     * The function that lets callers in to routes with `auth: "authorizer"`.
     *
     * @default - none, so no route may ask for it
     */
    readonly authorizer?: Omit<Authorizer, "functionArn"> & { readonly callback: Callback };
    /**
     * ARNs of the only roles that may call routes with `auth: "iam"`, whatever other roles' own policies allow. They need a statement of
     * their own for it: {@link RestApi.invokeArn} is its resource.
     *
     * @default - none, so no route may ask for it
     */
    readonly iamCallers?: readonly string[];
    /** Stands before the stage. @default - none */
    readonly firewall?: Firewall;
    /** The account's setting for logs, which a stage with access logs needs. */
    readonly account: ApiGatewayAccount;
    readonly operations: Operations;
}

/**
 * A regional REST API made from one table of routes, with its deployment, one stage with access logs, traces, metrics and
 * throttles, the permission to invoke each function, and an alarm on server errors.
 */
export class RestApi extends pulumi.ComponentResource {
    /** Base URL without a slash at its end. */
    public readonly url: pulumi.Output<string>;
    /** Values of the API keys, secret, in the order of `usagePlan.keys`. */
    public readonly apiKeys: readonly pulumi.Output<string>[];
    public readonly stage: aws.apigateway.Stage;
    /** Name of the API, which its metrics bear. */
    public readonly apiName: string;

    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        private readonly args: RestApiArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:RestApi", name, {}, opts);
        this.apiName = this.names.physical(name);
        this.refuseUnusable();
        const body = this.body();
        const api = new aws.apigateway.RestApi(
            `${name}-rest`,
            {
                name: this.apiName,
                description: args.title,
                body,
                endpointConfiguration: { types: "REGIONAL" },
                failOnWarnings: true,
            },
            { parent: this },
        );
        const callbackOf = (route: Pick<Route, "method" | "path">) => this.callbackOf(route);
        permitInvocations(name, { ...args, api, callbackOf }, { parent: this });
        this.stage = this.deploy(api, body);
        this.apiKeys = args.usagePlan
            ? admitApiKeys(name, { ...args.usagePlan, api, stage: this.stage }, { parent: this })
            : [];
        this.url = this.stage.invokeUrl;
        this.alarmOnServerErrors();
        this.registerOutputs({ url: this.url });
    }

    /**
     * ARN by which a role may be allowed to call a route with `auth: "iam"`. The API's id is AWS's, and not known before: the stage should
     * have a name that no other API's has.
     */
    invokeArn({ method, path }: Pick<Route, "method" | "path">): string {
        return this.names.arn("execute-api", `*/${this.args.stage}/${method}${path}`);
    }

    /** A route that nobody could call, and a setting without a route, are mistakes. */
    private refuseUnusable(): void {
        const { routes, usagePlan, authorizer, iamCallers } = this.args;
        const settings = [
            { auth: "iam", name: "iamCallers", given: iamCallers !== undefined },
            { auth: "apiKey", name: "usagePlan", given: usagePlan !== undefined },
            { auth: "authorizer", name: "authorizer", given: authorizer !== undefined },
        ];
        for (const { auth, name, given } of settings) {
            if (routes.some((route) => route.auth === auth) !== given) {
                throw new pulumi.ResourceError(
                    `${this.name}: \`${name}\` must be given exactly if a route has \`auth: "${auth}"\`; otherwise nobody could call it.`,
                    this,
                );
            }
        }
    }

    private callbackOf(route: Pick<Route, "method" | "path">): Callback {
        const { callback } = this.args;
        return typeof callback === "function" ? callback(route) : callback;
    }

    private body(): string {
        const { title, stage, routes, proxy, corsOrigins, binaryMediaTypes = [], authorizer, iamCallers } = this.args;
        const { region, partition } = this.names;
        return gatewayBody({
            ...{ title, routes, proxy, corsOrigins, binaryMediaTypes, region, partition },
            authorizer: authorizer && { ...authorizer, functionArn: authorizer.callback.functionArn },
            iam: iamCallers && { stage, roleArns: iamCallers },
            functionArn: (route) => this.callbackOf(route).functionArn,
        });
    }

    private deploy(api: aws.apigateway.RestApi, body: string): aws.apigateway.Stage {
        const { name, args } = this;
        const deployment = new aws.apigateway.Deployment(
            `${name}-deployment`,
            // Without the hash a changed body would never reach the stage.
            { restApi: api.id, triggers: { body: crypto.createHash("sha256").update(body).digest("hex") } },
            { parent: this },
        );
        const accessLogs = logGroup(`${name}-access-logs`, `/aws/apigateway/${this.apiName}`, args.operations, {
            parent: this,
        });
        const stage = new aws.apigateway.Stage(
            `${name}-stage`,
            {
                restApi: api.id,
                deployment: deployment.id,
                stageName: args.stage,
                xrayTracingEnabled: true,
                accessLogSettings: { destinationArn: accessLogs.arn, format: ACCESS_LOG_FORMAT },
            },
            { parent: this, dependsOn: args.account },
        );
        new aws.apigateway.MethodSettings(
            `${name}-settings`,
            {
                restApi: api.id,
                stageName: stage.stageName,
                methodPath: "*/*",
                settings: {
                    metricsEnabled: true,
                    loggingLevel: "ERROR",
                    // Full requests and answers would put tokens and data into the log.
                    dataTraceEnabled: false,
                    ...(args.throttle
                        ? {
                              throttlingRateLimit: args.throttle.requestsPerSecond,
                              throttlingBurstLimit: args.throttle.burst,
                          }
                        : {}),
                },
            },
            { parent: this },
        );
        args.firewall?.protect(`${name}-firewall`, stage, { parent: this });
        return stage;
    }

    private alarmOnServerErrors(): void {
        const { name, apiName, args } = this;
        alarm(
            `${name}-server-errors`,
            {
                alarmName: this.names.physical(`${name}-server-errors`),
                description: `${apiName} answered with 5xx: see the log group /aws/apigateway/${apiName}.`,
                namespace: "AWS/ApiGateway",
                metric: "5XXError",
                dimensions: { ApiName: apiName, Stage: args.stage },
            },
            args.operations,
            { parent: this },
        );
    }
}

/** One JSON object a request. No header and no query: they may hold tokens. */
const ACCESS_LOG_FORMAT = JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    ip: "$context.identity.sourceIp",
    apiKeyId: "$context.identity.apiKeyId",
    method: "$context.httpMethod",
    path: "$context.path",
    status: "$context.status",
    error: "$context.error.responseType",
    bytes: "$context.responseLength",
    ms: "$context.responseLatency",
    integrationMs: "$context.integrationLatency",
});
