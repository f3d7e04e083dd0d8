import { commonSettingsOf, METHOD_SETTINGS, STAGE } from "../../support/apigateway/apiStages";
import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { isFalse, isTrue } from "../../support/values";

export const rule: Rule = {
    id: "apigw-cache-encrypted",
    title: "Answers that stages keep in a cache are encrypted.",
    why: "A cache holds what callers were answered, their data included, in plain text unless it is encrypted.",
    mend: "Set settings.cacheDataEncrypted of the MethodSettings to true.",
    sources: [
        "cdk-nag APIGWCacheEnabledAndEncrypted",
        "Security Hub APIGateway.5",
        "checkov CKV_AWS_308",
        "awsguard apigateway-method-cached-and-encrypted",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [METHOD_SETTINGS, STAGE],
    *check({ type, props }) {
        const settings = block(props, "settings");
        if (type === METHOD_SETTINGS && isTrue(settings.cachingEnabled) && !isTrue(settings.cacheDataEncrypted)) {
            yield { fault: "keeps answers in a cache that is not encrypted" };
        }
    },
    /** With a cache, a stage keeps answers to GET without encryption, unless its settings say otherwise. */
    *checkInStack(stage, stack) {
        if (stage.type !== STAGE || !isTrue(stage.props.cacheClusterEnabled)) {
            return;
        }
        const isSafe = commonSettingsOf(stage, stack).some(
            ({ settings }) => isTrue(settings.cacheDataEncrypted) || isFalse(settings.cachingEnabled),
        );
        if (!isSafe) {
            yield {
                fault: "has a cache, and no settings for all methods that encrypt it",
                mend: "Set cacheDataEncrypted to true in MethodSettings of the stage with the methodPath */*.",
            };
        }
    },
};
