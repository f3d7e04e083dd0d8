import { keySourceOf } from "../../support/apigateway/apiMethods";
import {
    apisOf,
    methodsOfStage,
    plansOf,
    STAGE,
    STAGE_METHOD_TYPES,
    USAGE_PLAN,
} from "../../support/apigateway/apiStages";
import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import { ifKnown } from "../../support/known";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isSet, numberOf } from "../../support/values";

const API_KEY = "aws:apigateway/apiKey:ApiKey";
const PLAN_KEY = "aws:apigateway/usagePlanKey:UsagePlanKey";

export const rule: Rule = {
    id: "apigw-api-key-usage-plan",
    title: "API keys admit to what their usage plan says, within a throttle and a quota, and have values that nobody chose.",
    why: "Without a usage plan no key is ever accepted, and without limits one leaked key can call the API without end.",
    mend: "Put the stage into apiStages of a UsagePlan with throttleSettings, quotaSettings and a UsagePlanKey.",
    sources: ["quartet"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [STAGE, USAGE_PLAN, API_KEY],
    joins: [...STAGE_METHOD_TYPES, PLAN_KEY],
    checkInStack: (resource, stack) => JUDGES[resource.type](resource, stack),
};

const JUDGES: Readonly<Record<string, (resource: StackResource, stack: Stack) => Iterable<Fault>>> = {
    [STAGE]: judgeStage,
    [USAGE_PLAN]: judgePlan,
    [API_KEY]: judgeKey,
};

function* judgeStage(stage: StackResource, stack: Stack): Generator<Fault> {
    const methods = methodsOfStage(stage, stack).filter(({ verb }) => verb !== "OPTIONS");
    const keyOnly = methods.filter(({ authorization, apiKeyRequired }) => authorization === "NONE" && apiKeyRequired);
    if (keyOnly.length === 0) {
        return;
    }
    if (apisOf(stage, stack).some((api) => keySourceOf(api) === "AUTHORIZER")) {
        yield* each(keyOnly, function* ({ name }) {
            yield {
                fault: `takes API keys from authorizers, and ${name} has none`,
                finding: name,
                mend: "Set apiKeySource to HEADER, or authorization of the method.",
            };
        });
    } else if (plansOf(stage, stack).length === 0) {
        yield {
            fault: `asks for an API key alone at ${keyOnly[0].name}, and is in no usage plan`,
            finding: "apiStages",
        };
    }
}

function* judgePlan(plan: StackResource, stack: Stack): Generator<Fault> {
    yield* each(["throttleSettings", "quotaSettings"], function* (property) {
        const settings = block(plan.props, property);
        if (!LIMITS[property].every((key) => (numberOf(settings[key]) ?? 0) > 0)) {
            yield { fault: `has no ${property} with ${LIMITS[property].join(" and ")}`, finding: property };
        }
    });
    if (stack.naming(plan, "usagePlanId", PLAN_KEY).length === 0) {
        yield { fault: "has no UsagePlanKey", finding: "usagePlanKey" };
    }
}

const LIMITS: Readonly<Record<string, readonly string[]>> = {
    throttleSettings: ["burstLimit", "rateLimit"],
    quotaSettings: ["limit"],
};

function* judgeKey(key: StackResource): Generator<Fault> {
    // A value that another resource generates is nobody's choice.
    if (isSet(key.props, "value") && ifKnown(() => key.props.value) && key.referred("value").length === 0) {
        yield {
            fault: "has a value that stands in the program or its config",
            finding: "value",
            mend: "Leave value out, so that API Gateway generates it.",
        };
    }
}
