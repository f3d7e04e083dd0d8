import { block } from "../../support/blocks";
import { FUNCTION, functionsOf } from "../../support/lambda/lambdaFunctions";
import type { StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isSet, textOf } from "../../support/values";

const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const PERMISSION = "aws:lambda/permission:Permission";

export const rule: Rule = {
    id: "lambda-async-failure-destination",
    title: "Functions that are invoked asynchronously keep the events that they could not handle.",
    why: "After two retries Lambda throws an event away, and nobody can tell what was lost.",
    mend: "Set deadLetterConfig, or destinationConfig.onFailure in a FunctionEventInvokeConfig.",
    sources: [
        "cdk-nag LambdaDLQ",
        "cdk-nag LambdaAsyncFailureDestination",
        "checkov CKV_AWS_116",
        "Pulumi lambda-dead-letter-queue-required",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "advisory" },
    types: [FUNCTION],
    joins: [INVOKE_CONFIG, PERMISSION],
    *checkInStack(fn, stack) {
        const about = (type: string, property: string) =>
            stack.ofType(type).filter((each) => functionsOf(each, property, stack).includes(fn));
        const source = about(PERMISSION, "function").map(asynchronousSource).find(Boolean);
        if (source && !keepsFailures(fn, about(INVOKE_CONFIG, "functionName"))) {
            yield { fault: `loses events of ${source} that it could not handle` };
        }
    },
};

function keepsFailures(fn: StackResource, configs: readonly StackResource[]): boolean {
    return (
        isSet(block(fn.props, "deadLetterConfig"), "targetArn") ||
        configs.some(({ props }) => isSet(block(props, "destinationConfig", "onFailure"), "destination"))
    );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
function asynchronousSource({ props }: StackResource): string | undefined {
    const asynchronous =
        /^(cloudformation|codecommit|codepipeline|config|events|iot|iotevents|logs|s3|ses|sns|lambda\.alarms\.cloudwatch)(\.[a-z]+-[\w-]+-\d)?\.amazonaws\.com/;
    return asynchronous.exec(textOf(props.principal) ?? "")?.[0];
}
