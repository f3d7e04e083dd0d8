import { block } from "../../support/blocks";
import { ifKnown } from "../../support/known";
import { FUNCTION, nameOf } from "../../support/lambda/lambdaFunctions";
import type { StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isSet, textOf } from "../../support/values";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

export const rule: Rule = {
    id: "lambda-log-group-managed",
    title: "Each function writes into a log group of the program.",
    why: "A log group that Lambda makes by itself keeps its lines for ever, without a key of our own, and outlives the function.",
    mend: "Add a LogGroup with the name /aws/lambda/<name of the function>, or name one in loggingConfig.logGroup.",
    sources: ["quartet", "cdk-nag LambdaLogging"],
    severity: "low",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [FUNCTION],
    joins: [LOG_GROUP],
    *checkInStack(fn, stack) {
        if (!stack.ofType(LOG_GROUP).some((group) => writesTo(fn, group))) {
            yield { fault: "writes into a log group that the program does not make" };
        }
    },
};

/** Where a name is unknown yet, what it is made of decides. */
function writesTo(fn: StackResource, group: StackResource): boolean {
    const groupName = ifKnown(() => textOf(group.outputs.name));
    const logging = ifKnown(() => block(fn.props, "loggingConfig"));
    const isNamed = logging === undefined || isSet(logging, "logGroup");
    const wanted = isNamed ? ifKnown(() => textOf(logging?.logGroup)) : defaultName(fn);
    if (wanted !== undefined && wanted === groupName) {
        return true;
    }
    return isNamed
        ? wanted === undefined && fn.referred("loggingConfig").includes(group.urn)
        : group.referred("name").includes(fn.urn);
}

function defaultName(fn: StackResource): string | undefined {
    const name = nameOf(fn);
    return name === undefined ? undefined : `/aws/lambda/${name}`;
}
