import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Callback } from "./callback";
import { stackNames } from "./names";

/** Arguments for {@link eventRule}. */
export interface EventRuleArgs {
    /** What is done then, in one line for the console. */
    readonly description: string;
    /** The events that it is for, or the times. */
    readonly on: { readonly eventPattern: string } | { readonly scheduleExpression: string };
    readonly callback: Callback;
}

/** Invokes a function at events, by a rule of EventBridge that alone may do so. */
export function eventRule(
    name: string,
    { description, on, callback }: EventRuleArgs,
    opts: pulumi.CustomResourceOptions,
): void {
    const rule = new aws.cloudwatch.EventRule(
        `${name}-rule`,
        { name: stackNames().physical(name), description, ...on },
        opts,
    );
    const permission = new aws.lambda.Permission(
        `${name}-invoke`,
        {
            function: callback.function.name,
            action: "lambda:InvokeFunction",
            principal: "events.amazonaws.com",
            sourceArn: rule.arn,
        },
        opts,
    );
    new aws.cloudwatch.EventTarget(
        `${name}-target`,
        { rule: rule.name, arn: callback.function.arn, targetId: "function" },
        // Before it, the first invocation would be refused.
        { ...opts, dependsOn: permission },
    );
}
