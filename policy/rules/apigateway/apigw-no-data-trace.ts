import { METHOD_SETTINGS } from "../../support/apigateway/apiStages";
import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "apigw-no-data-trace",
    title: "Stages do not log whole requests and answers.",
    why: "Data traces put bodies, tokens and API keys into the log, where everybody who reads logs can take them.",
    mend: "Set settings.dataTraceEnabled to false or leave it out.",
    sources: ["checkov CKV_AWS_276"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [METHOD_SETTINGS],
    *check({ props }) {
        if (isTrue(block(props, "settings").dataTraceEnabled)) {
            yield { fault: "logs whole requests and answers" };
        }
    },
};
