import * as pulumi from "@pulumi/pulumi";
import { challengeApiFactory } from "../handlers/challengeApi/api";
import { challengeApiRoutes } from "../handlers/challengeApi/routes";
import type { ApiGatewayAccount } from "./support/apiGatewayAccount";
import type { Throttle } from "./support/apiKeys";
import { Callback } from "./support/callback";
import { apiGraphs, dashboard, functionGraphs } from "./support/dashboard";
import type { Firewall } from "./support/firewall";
import { apiDescription } from "./support/openApi/apiDescription";
import type { Operations } from "./support/operations";
import { RestApi } from "./support/restApi";

/** Arguments for {@link ChallengeApi}. */
export interface ChallengeApiArgs {
    /** Name of the API's stage, which stands in its URL. */
    readonly stage: string;
    /** Names of the two API keys. Both are live, so that one can be replaced while callers use the other. */
    readonly keys: readonly [string, string];
    /** Limit of all callers together. */
    readonly throttle: Throttle;
    /** Limits of each key. */
    readonly usagePlan: Throttle & { readonly requestsPerMonth: number };
    /** Origins whose pages may call the API; `*` for all. */
    readonly corsOrigins: readonly string[];
    /** Stands before the API. @default - none */
    readonly firewall?: Firewall;
    readonly account: ApiGatewayAccount;
    readonly operations: Operations;
}

/** A small API behind API keys, a usage plan and throttles: one function answers `ANY /` and `ANY /{proxy+}`. */
export class ChallengeApi extends pulumi.ComponentResource {
    /** Base URL of the API, without a slash at its end. */
    public readonly url: pulumi.Output<string>;
    /** The first live key, secret. */
    public readonly apiKey: pulumi.Output<string>;
    /** The other live key, secret. */
    public readonly apiKeyOther: pulumi.Output<string>;

    constructor(name: string, args: ChallengeApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:components:ChallengeApi", name, {}, opts);
        const { operations, stage } = args;
        const parent = { parent: this };

        const routes = challengeApiRoutes();
        const description = apiDescription({ title: "ChallengeApi", routes });
        const answer = new Callback(
            `${name}-answer`,
            {
                factory: () => challengeApiFactory(description),
                description: "Answers every route of ChallengeApi",
                environment: { CORS_ORIGINS: JSON.stringify(args.corsOrigins) },
                operations,
            },
            parent,
        );
        const api = new RestApi(
            `${name}-api`,
            {
                title: "ChallengeApi",
                stage,
                routes,
                callback: answer,
                proxy: true,
                corsOrigins: args.corsOrigins,
                throttle: args.throttle,
                usagePlan: { ...args.usagePlan, keys: args.keys },
                firewall: args.firewall,
                account: args.account,
                operations,
            },
            parent,
        );
        dashboard(name, [...apiGraphs(api.apiName, stage), ...functionGraphs(answer.functionName)], parent);

        this.url = api.url;
        [this.apiKey, this.apiKeyOther] = api.apiKeys;
        const example = pulumi.interpolate`curl "${api.url}/hello?name=Ada" -H "x-api-key: ${this.apiKey}"`;
        this.registerOutputs({ example, url: this.url, apiKey: this.apiKey, apiKeyOther: this.apiKeyOther });
    }
}
