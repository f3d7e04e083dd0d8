import { faults, type Fault } from "./faults";
import type { MethodThrottles } from "./throttling/methodSettings";
import type { Quotas } from "./throttling/quotas";
import type { TokenBucket } from "./throttling/tokenBucket";
import type { Subscription, UsagePlans } from "./throttling/usagePlans";
import type { Exchange, Method } from "./types";

export interface Limits {
    readonly usagePlans: UsagePlans;
    readonly quotas: Quotas;
    readonly methodThrottles: MethodThrottles;
    /** All requests of the account in the region. */
    readonly accountBucket: TokenBucket;
}

/**
 * API key, throttles, then quota, as API Gateway checks them. A throttled request takes no token and does not count
 * towards the quota.
 */
export function admit(exchange: Exchange, method: Method, limits: Limits): Fault | undefined {
    const subscription = method.apiKeyRequired ? subscriptionOf(exchange, limits) : undefined;
    if (method.apiKeyRequired && !subscription) {
        return faults.invalidApiKey;
    }
    const { api, stage, startedAt } = exchange;
    const buckets = [
        subscription?.bucketOf(method.resourcePath, method.httpMethod),
        limits.methodThrottles.bucketOf(api.id, stage.name, method),
        limits.accountBucket,
    ];
    for (const bucket of buckets) {
        if (bucket && !bucket.allows(startedAt)) {
            return faults.throttled;
        }
    }
    for (const bucket of buckets) {
        bucket?.take();
    }
    return subscription && !hasQuota(exchange, subscription, limits) ? faults.quotaExceeded : undefined;
}

/** Also notes the key, which the event and the access log name. */
function subscriptionOf(exchange: Exchange, { usagePlans }: Limits): Subscription | undefined {
    const value = exchange.request.headers["x-api-key"];
    const key = typeof value === "string" ? usagePlans.keyByValue(value) : undefined;
    const subscription = key && usagePlans.subscription(key.id, exchange.api.id, exchange.stage.name);
    if (subscription) {
        exchange.apiKey = key;
    }
    return subscription;
}

function hasQuota({ apiKey, startedAt }: Exchange, { planId, quota }: Subscription, { quotas }: Limits): boolean {
    return !quota || !apiKey || quotas.use(planId, apiKey.id, quota, startedAt);
}
