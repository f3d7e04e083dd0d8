import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Callback } from "./callback";
import { stackNames } from "./names";

/** Arguments for {@link schedule}. */
export interface ScheduleArgs {
    /** Minutes between two invocations, at least 1. */
    readonly everyMinutes: number;
    /** What is done then, in one line for the console. */
    readonly description: string;
    readonly callback: Callback;
}

/** Invokes a function at regular times, by a rule of EventBridge that alone may do so. */
export function schedule(
    name: string,
    { everyMinutes, description, callback }: ScheduleArgs,
    opts: pulumi.CustomResourceOptions,
): void {
    const names = stackNames();
    const rule = new aws.cloudwatch.EventRule(
        `${name}-rule`,
        {
            name: names.physical(name),
            description,
            scheduleExpression: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)`,
        },
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
