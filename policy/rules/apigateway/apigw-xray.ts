import { STAGE } from "../../support/apigateway/apiStages";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "apigw-xray",
    title: "Stages trace requests with X-Ray.",
    why: "Without traces nobody sees in which of the services behind an API a slow or failed request was lost.",
    mend: "Set xrayTracingEnabled to true.",
    sources: ["cdk-nag APIGWXrayEnabled", "Security Hub APIGateway.3", "checkov CKV_AWS_73"],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: [STAGE],
    *check({ props }) {
        if (!isTrue(props.xrayTracingEnabled)) {
            yield { fault: "does not trace requests" };
        }
    },
};
