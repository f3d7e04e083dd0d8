import { each } from "../../support/failClosed";
import { commonSettingsOf, METHOD_SETTINGS, settingsOf, STAGE } from "../../support/apigateway/apiStages";
import type { Rule } from "../../support/rule";
import { textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "apigw-execution-logging",
    title: "Stages log the errors of all their methods.",
    why: "What fails inside API Gateway, such as a permission that is missing, shows in its execution logs alone.",
    mend: "Set loggingLevel to ERROR or INFO in MethodSettings of the stage with the methodPath */*.",
    sources: ["cdk-nag AwsSolutions-APIG6", "Security Hub APIGateway.1", "checkov CKV2_AWS_4"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [STAGE],
    joins: [METHOD_SETTINGS],
    *checkInStack(stage, stack) {
        if (!commonSettingsOf(stage, stack).some(({ settings }) => ["ERROR", "INFO"].includes(levelOf(settings)))) {
            yield { fault: "does not log errors of its methods", finding: "*/*" };
        }
        yield* each(settingsOf(stage, stack), function* ({ methodPath, settings }) {
            if (methodPath !== "*/*" && levelOf(settings) === "OFF") {
                yield {
                    fault: `does not log errors of ${methodPath}`,
                    finding: methodPath,
                    mend: "Set loggingLevel of these MethodSettings to ERROR or INFO.",
                };
            }
        });
    },
};

function levelOf({ loggingLevel }: Props): string {
    return textOf(loggingLevel)?.toUpperCase() ?? "";
}
