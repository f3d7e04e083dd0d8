import {
    commonSettingsOf,
    methodsOfStage,
    METHOD_SETTINGS,
    plansOf,
    STAGE,
    STAGE_METHOD_TYPES,
    USAGE_PLAN,
} from "../../support/apigateway/apiStages";
import { block } from "../../support/blocks";
import type { Stack, StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { numberOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "apigw-throttling",
    title: "Stages limit the rate and the burst of requests.",
    why: "Without a limit of its own, one API can use up the rate of all APIs of the account, and call functions without bound.",
    mend: "Set throttlingBurstLimit and throttlingRateLimit in MethodSettings of the stage with the methodPath */*.",
    sources: ["cdk-nag APIGWDefaultThrottling"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [STAGE],
    joins: [METHOD_SETTINGS, USAGE_PLAN, ...STAGE_METHOD_TYPES],
    *checkInStack(stage, stack) {
        const all = commonSettingsOf(stage, stack);
        const limited = all.some(({ settings }) => isLimited(settings, "throttlingBurstLimit", "throttlingRateLimit"));
        if (!limited && !hasLimitedKeys(stage, stack)) {
            yield { fault: "does not limit the rate and the burst of requests" };
        }
    },
};

/** A usage plan limits only requests with a key. */
function hasLimitedKeys(stage: StackResource, stack: Stack): boolean {
    const plans = plansOf(stage, stack).map(({ props }) => block(props, "throttleSettings"));
    const methods = plans.length > 0 ? methodsOfStage(stage, stack).filter(({ verb }) => verb !== "OPTIONS") : [];
    return (
        methods.length > 0 &&
        methods.every(({ apiKeyRequired }) => apiKeyRequired) &&
        plans.every((throttle) => isLimited(throttle, "burstLimit", "rateLimit"))
    );
}

/** Limits are below zero where there are none. */
function isLimited(settings: Props, burst: string, rate: string): boolean {
    return [burst, rate].every((key) => (numberOf(settings[key]) ?? -1) >= 0);
}
