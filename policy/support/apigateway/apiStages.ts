import { METHOD, methodsOf, REST_API, REST_API_PUT, type ApiMethod } from "./apiMethods";
import { block } from "../blocks";
import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { propsListOf, textOf, type Props } from "../values";

export const STAGE = "aws:apigateway/stage:Stage";
export const METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
export const USAGE_PLAN = "aws:apigateway/usagePlan:UsagePlan";

/** Types from which {@link methodsOfStage} reads. */
export const STAGE_METHOD_TYPES = [REST_API, REST_API_PUT, METHOD];

/** The APIs of a stage: one, or none where another program makes it. */
export function apisOf(stage: StackResource, stack: Stack): readonly StackResource[] {
    return stack.named(stage, "restApi", REST_API);
}

/** All methods of a stage's API. @throws Where its body can't be read. */
export function methodsOfStage(stage: StackResource, stack: Stack): ApiMethod[] {
    return apisOf(stage, stack)
        .flatMap((api) => [
            api,
            ...stack.naming(api, "restApiId", REST_API_PUT),
            ...stack.naming(api, "restApi", METHOD),
        ])
        .flatMap(methodsOf);
}

/** Settings for methods of a stage. */
export interface StageSettings {
    /** The methods, e.g. `orders/GET`; with stars for path and verb, all that have no settings of their own. */
    readonly methodPath: string;
    readonly settings: Props;
}

/** All settings for methods of a stage. */
export function settingsOf(stage: StackResource, stack: Stack): StageSettings[] {
    return stack
        .ofType(METHOD_SETTINGS)
        .filter((settings) => isOf(stage, settings.props, ["restApi", "stageName"], (key) => settings.referred(key)))
        .map(({ props }) => ({ methodPath: textOf(props.methodPath) ?? "", settings: block(props, "settings") }));
}

/** The settings of a stage for all methods that have none of their own. */
export function commonSettingsOf(stage: StackResource, stack: Stack): StageSettings[] {
    return settingsOf(stage, stack).filter(({ methodPath }) => methodPath === "*/*");
}

/** The usage plans that a stage is in. */
export function plansOf(stage: StackResource, stack: Stack): StackResource[] {
    return stack.ofType(USAGE_PLAN).filter((plan) => {
        const urns = () => plan.referred("apiStages");
        const known = ifKnown(() => Array.from(propsListOf(plan.props.apiStages)));
        return known ? known.some((each) => isOf(stage, each, ["apiId", "stage"], urns)) : urns().includes(stage.urn);
    });
}

/** Whether two properties name a stage's API and the stage; where they are unknown, what they are made of decides. */
function isOf(
    stage: StackResource,
    props: Props,
    [apiKey, stageKey]: readonly [string, string],
    referred: (key: string) => readonly string[],
): boolean {
    const says = (key: string, own: string) => {
        const theirs = ifKnown(() => textOf(props[key]));
        const ours = ifKnown(() => textOf(stage.props[own]));
        if (theirs !== undefined && ours !== undefined) {
            return theirs === ours;
        }
        const urns = referred(key);
        return urns.includes(stage.urn) || stage.referred(own).some((urn) => urns.includes(urn));
    };
    return says(apiKey, "restApi") && says(stageKey, "stageName");
}
