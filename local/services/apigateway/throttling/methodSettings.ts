import type { Method } from "../types";
import { ACCOUNT_BURST, ACCOUNT_RATE, createTokenBucket, type TokenBucket } from "./tokenBucket";

/** Inputs of `aws:apigateway/methodSettings:MethodSettings` that matter to a request. */
export interface MethodSettingsInputs {
    readonly restApi: string;
    readonly stageName: string;
    /** All methods of a stage (star, slash, star), or e.g. `orders/{id}/GET`. */
    readonly methodPath: string;
    readonly settings: { readonly throttlingRateLimit?: number; readonly throttlingBurstLimit?: number };
}

export interface MethodThrottles {
    set(inputs: MethodSettingsInputs): void;
    /** The bucket of a method on a stage, shared by all callers; undefined when the stage does not limit it. */
    bucketOf(apiId: string, stage: string, method: Method): TokenBucket | undefined;
}

const ALL = "*/*";

/** Throttles of stages. API Gateway applies them method by method: the setting for all methods gives each a bucket of its own. */
export function createMethodThrottles(): MethodThrottles {
    const settings = new Map<string, MethodSettingsInputs["settings"]>();
    const buckets = new Map<string, TokenBucket | undefined>();
    return {
        set(inputs) {
            const stage = `${inputs.restApi}/${inputs.stageName}`;
            settings.set(`${stage} ${normalise(inputs.methodPath)}`, inputs.settings);
            for (const name of buckets.keys()) {
                if (name.startsWith(`${stage} `)) {
                    buckets.delete(name);
                }
            }
        },
        bucketOf(apiId, stage, method) {
            const name = `${apiId}/${stage} ${methodKey(method.resourcePath, method.httpMethod)}`;
            if (!buckets.has(name)) {
                buckets.set(name, limit({ ...settings.get(`${apiId}/${stage} ${ALL}`), ...settings.get(name) }));
            }
            return buckets.get(name);
        },
    };
}

/** How settings name a method, e.g. `/orders/{id}/GET`; for the root `/GET`. */
export function methodKey(resourcePath: string, httpMethod: string): string {
    return `${resourcePath === "/" ? "" : resourcePath}/${httpMethod}`;
}

/** `/orders/{id}/GET` for `orders/{id}/GET` and for `~1orders~1{id}/GET`. */
function normalise(methodPath: string): string {
    return methodPath === ALL ? ALL : `/${methodPath.replaceAll("~1", "/").replace(/^\/+/, "")}`;
}

function limit({
    throttlingRateLimit = -1,
    throttlingBurstLimit = -1,
}: MethodSettingsInputs["settings"]): TokenBucket | undefined {
    if (throttlingRateLimit < 0 && throttlingBurstLimit < 0) {
        return undefined;
    }
    // A negative number switches a limit off, which leaves the account's.
    return createTokenBucket(
        throttlingRateLimit < 0 ? ACCOUNT_RATE : throttlingRateLimit,
        throttlingBurstLimit < 0 ? ACCOUNT_BURST : throttlingBurstLimit,
    );
}
