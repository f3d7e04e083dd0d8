import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";

/** A rate of requests, as a token bucket: `burst` at once, refilled by `requestsPerSecond`. */
export interface Throttle {
    readonly requestsPerSecond: number;
    readonly burst: number;
}

/** What the holder of an API key may use. */
export interface UsagePlanArgs extends Throttle {
    /** Names of the keys; all are live at once, so that one can be replaced while another works. */
    readonly keys: readonly string[];
    readonly requestsPerMonth: number;
}

/** A usage plan, and the API whose stage it admits to. */
export interface ApiKeysArgs extends UsagePlanArgs {
    readonly api: aws.apigateway.RestApi;
    readonly stage: aws.apigateway.Stage;
}

/**
 * Makes a usage plan for one stage, and its keys; API Gateway generates their values.
 *
 * @returns The keys' values, secret, in the order of `keys`.
 */
export function admitApiKeys(
    name: string,
    args: ApiKeysArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
    const { physical } = stackNames();
    const plan = new aws.apigateway.UsagePlan(
        `${name}-plan`,
        {
            name: physical(name),
            apiStages: [{ apiId: args.api.id, stage: args.stage.stageName }],
            throttleSettings: { rateLimit: args.requestsPerSecond, burstLimit: args.burst },
            quotaSettings: { limit: args.requestsPerMonth, period: "MONTH" },
        },
        opts,
    );
    return args.keys.map((keyName) => {
        const key = new aws.apigateway.ApiKey(`${name}-key-${keyName}`, { name: physical(`${name}-${keyName}`) }, opts);
        new aws.apigateway.UsagePlanKey(
            `${name}-plan-${keyName}`,
            { keyId: key.id, keyType: "API_KEY", usagePlanId: plan.id },
            opts,
        );
        return pulumi.secret(key.value);
    });
}
