import type { ApiKey } from "../types";
import { methodKey } from "./methodSettings";
import type { QuotaSettings } from "./quotas";
import { ACCOUNT_BURST, ACCOUNT_RATE, createTokenBucket, type TokenBucket } from "./tokenBucket";

export interface ThrottleSettings {
    readonly rateLimit?: number;
    readonly burstLimit?: number;
}

/** Inputs of `aws:apigateway/usagePlan:UsagePlan` that matter to a request. */
export interface UsagePlanInputs {
    readonly apiStages?: readonly {
        readonly apiId: string;
        readonly stage: string;
        readonly throttles?: readonly (ThrottleSettings & { readonly path: string })[];
    }[];
    readonly quotaSettings?: QuotaSettings;
    readonly throttleSettings?: ThrottleSettings;
}

/** What a key may do on a stage. */
export interface Subscription {
    readonly planId: string;
    readonly quota?: QuotaSettings;
    /** The bucket for a method such as `/orders/{id}` and `GET`: the method's own where the plan has one, else the key's over all stages of the plan. */
    bucketOf(resourcePath: string, httpMethod: string): TokenBucket | undefined;
}

export interface UsagePlans {
    setKey(key: ApiKey): void;
    setPlan(planId: string, inputs: UsagePlanInputs): void;
    addKeyToPlan(planId: string, keyId: string): void;
    /** The key with a value, unless disabled. */
    keyByValue(value: string): ApiKey | undefined;
    /** Undefined when no plan of the key holds the stage. */
    subscription(keyId: string, apiId: string, stage: string): Subscription | undefined;
}

/** API keys, usage plans, and which key is in which plan. */
export function createUsagePlans(): UsagePlans {
    const keys = new Map<string, ApiKey>();
    const plans = new Map<string, UsagePlanInputs>();
    const members = new Map<string, Set<string>>();
    const buckets = new Map<string, TokenBucket>();
    let byValue: Map<string, ApiKey> | undefined;
    let subscriptions: Map<string, Subscription> | undefined;

    /** The bucket that was there before, so that applying again gives nobody a full one. */
    const bucket = (name: string, settings: ThrottleSettings | undefined) => {
        if (!settings) {
            return undefined;
        }
        const { rateLimit: rate = ACCOUNT_RATE, burstLimit: burst = ACCOUNT_BURST } = settings;
        const present = buckets.get(name);
        const kept = present?.rate === rate && present.burst === burst ? present : createTokenBucket(rate, burst);
        buckets.set(name, kept);
        return kept;
    };
    const subscribe = () => {
        const all = new Map<string, Subscription>();
        for (const [planId, { apiStages = [], quotaSettings, throttleSettings }] of plans) {
            for (const keyId of members.get(planId) ?? []) {
                const whole = bucket(`${planId} ${keyId}`, throttleSettings);
                for (const { apiId, stage, throttles = [] } of apiStages) {
                    const methods = new Map(
                        throttles.map((throttle) => [
                            throttle.path.replace(/^\/+/, "/"),
                            bucket(`${planId} ${keyId} ${apiId}/${stage}${throttle.path}`, throttle),
                        ]),
                    );
                    const bucketOf = (resourcePath: string, httpMethod: string) =>
                        methods.size === 0 ? whole : (methods.get(methodKey(resourcePath, httpMethod)) ?? whole);
                    all.set(`${keyId} ${apiId}/${stage}`, { planId, quota: quotaSettings, bucketOf });
                }
            }
        }
        return all;
    };
    return {
        setKey(key) {
            keys.set(key.id, key);
            byValue = undefined;
        },
        setPlan(planId, inputs) {
            plans.set(planId, inputs);
            subscriptions = undefined;
        },
        addKeyToPlan(planId, keyId) {
            members.set(planId, (members.get(planId) ?? new Set()).add(keyId));
            subscriptions = undefined;
        },
        keyByValue(value) {
            byValue ??= new Map([...keys.values()].filter(({ enabled }) => enabled).map((key) => [key.value, key]));
            return byValue.get(value);
        },
        subscription(keyId, apiId, stage) {
            subscriptions ??= subscribe();
            return subscriptions.get(`${keyId} ${apiId}/${stage}`);
        },
    };
}
