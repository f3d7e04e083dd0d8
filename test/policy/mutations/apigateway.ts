import type { Declared } from "../support/judge";
import { added, changed, without, type Mutation } from "../support/mutation";

const API = "aws:apigateway/restApi:RestApi";
const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

export const mutations: readonly Mutation[] = [
    {
        rule: "apigw-method-authorization",
        when: "a route asks for nothing any more",
        change: (resources) => withBody(resources, /"security":\[\{"\w+":\[\]\}\],/, ""),
    },
    {
        rule: "apigw-method-authorization",
        when: "a method without authorization is added",
        change: (resources) =>
            added(resources, "aws:apigateway/method:Method", { httpMethod: "POST", authorization: "NONE" }),
    },
    {
        rule: "apigw-api-key-usage-plan",
        when: "there is no usage plan",
        change: (resources) => without(resources, "aws:apigateway/usagePlan:UsagePlan"),
    },
    {
        rule: "apigw-api-key-usage-plan",
        when: "a usage plan has no quota",
        stack: "dev",
        change: (resources) => changed(resources, "aws:apigateway/usagePlan:UsagePlan", { quotaSettings: undefined }),
    },
    {
        rule: "apigw-throttling",
        when: "a stage has no limits",
        change: (resources) => withSettings(resources, { throttlingBurstLimit: -1, throttlingRateLimit: -1 }),
    },
    {
        rule: "apigw-access-logging",
        when: "a stage writes no access logs",
        change: (resources) => changed(resources, STAGE, { accessLogSettings: undefined }),
    },
    {
        rule: "apigw-execution-logging",
        when: "a stage has no settings",
        change: (resources) => without(resources, SETTINGS),
    },
    {
        rule: "apigw-no-data-trace",
        when: "a stage logs whole requests",
        change: (resources) => withSettings(resources, { dataTraceEnabled: true }),
    },
    {
        rule: "apigw-request-validation",
        when: "a method without a validator is added",
        change: (resources) => added(resources, "aws:apigateway/method:Method", { httpMethod: "POST" }),
    },
    {
        rule: "apigw-waf-associated",
        when: "no web ACL stands before a stage",
        change: (resources) => without(resources, "aws:wafv2/webAclAssociation:WebAclAssociation"),
    },
    {
        rule: "apigw-cache-encrypted",
        when: "a stage gets a cache",
        change: (resources) => changed(resources, STAGE, { cacheClusterEnabled: true, cacheClusterSize: "0.5" }),
    },
    {
        rule: "apigw-tls-policy",
        when: "an API takes TLS 1.0",
        change: (resources) => changed(resources, API, { securityPolicy: "TLS_1_0" }),
    },
];

/** Changes the settings of the stage that has limits. */
function withSettings(resources: readonly Declared[], settings: Record<string, unknown>): readonly Declared[] {
    const own = resources.find(
        ({ type, props }) => type === SETTINGS && "throttlingBurstLimit" in (props!.settings as object),
    )!;
    return changed(resources, SETTINGS, { settings: { ...(own.props!.settings as object), ...settings } }, own.name);
}

/** Replaces a part of the first body that has it. */
function withBody(resources: readonly Declared[], part: RegExp, replacement: string): readonly Declared[] {
    const api = resources.find(({ type, props }) => type === API && part.test(props!.body as string))!;
    return changed(resources, API, { body: (api.props!.body as string).replace(part, replacement) }, api.name);
}
