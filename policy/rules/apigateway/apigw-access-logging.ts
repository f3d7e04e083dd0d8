import { Unreadable } from "../../support/failClosed";
import { STAGE } from "../../support/apigateway/apiStages";
import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { isSet, jsonOf, propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "apigw-access-logging",
    title: "Stages write access logs as JSON.",
    why: "Without access logs nobody can tell who called the API and what it answered, and lines that are no JSON can't be searched by field.",
    mend: "Set accessLogSettings with the destinationArn of a log group and a format that is a JSON object.",
    sources: [
        "cdk-nag AwsSolutions-APIG1",
        "cdk-nag APIGWStructuredLogging",
        "checkov CKV_AWS_76",
        "Pulumi api-gateway-access-logging",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [STAGE],
    *check({ props }) {
        const settings = block(props, "accessLogSettings");
        if (!isSet(settings, "destinationArn")) {
            yield { fault: "writes no access logs", finding: "destinationArn" };
        } else if (!isJson(textOf(settings.format) ?? "")) {
            yield { fault: "writes access logs that are no JSON", finding: "format" };
        }
    },
};

/** Whether lines of a format are JSON objects. Variables are texts or numbers, in quotes or without. */
function isJson(format: string): boolean {
    try {
        return Object.keys(propsOf(jsonOf(format.replace(/\$context\.[\w.-]*\w/g, "0"), "format"))).length > 0;
    } catch (error) {
        if (error instanceof Unreadable) {
            return false;
        }
        throw error;
    }
}
