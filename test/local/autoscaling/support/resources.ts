import type { PlannedResource } from "../../../../plan/types";
import { account, region } from "../../ecs/support/ecsServer";
import { resource } from "../../iam/support/resources";

const ofWeb = {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: "service/shop/web",
};

/** The service `web`, between 0 and 3 tasks. */
export function target(inputs: Record<string, unknown> = {}): PlannedResource {
    return resource("aws:appautoscaling/target:Target", { ...ofWeb, minCapacity: 0, maxCapacity: 3, ...inputs });
}

/** Bounds of the distance to the threshold, and the adjustment between them. */
export type StepOf = readonly [lower: number | undefined, upper: number | undefined, adjustment: number];

/** A policy of `web` without a cooldown, which adds a task at any distance. */
export function policy(
    name: string,
    configuration: Record<string, unknown> = {},
    inputs: Record<string, unknown> = {},
): PlannedResource {
    const stepScalingPolicyConfiguration = {
        ...{ adjustmentType: "ChangeInCapacity", cooldown: 0, stepAdjustments: steps([0, undefined, 1]) },
        ...configuration,
    };
    return resource(
        "aws:appautoscaling/policy:Policy",
        { ...ofWeb, name, policyType: "StepScaling", stepScalingPolicyConfiguration, ...inputs },
        { arn: policyArn(name) },
    );
}

export function steps(...given: readonly StepOf[]): object[] {
    return given.map(([lower, upper, scalingAdjustment]) => ({
        metricIntervalLowerBound: lower?.toString(),
        metricIntervalUpperBound: upper?.toString(),
        scalingAdjustment,
    }));
}

/** An alarm that rings when a message of the queue `queue` waits, and acts by the policy of its name. */
export function alarm(name: string, inputs: Record<string, unknown> = {}): PlannedResource {
    const given = {
        ...metric("Visible"),
        ...{ name, statistic: "Maximum", period: 60, evaluationPeriods: 1, threshold: 1 },
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [policyArn(name)],
        ...inputs,
    };
    return resource("aws:cloudwatch/metricAlarm:MetricAlarm", given);
}

/** An alarm that rings when no message waited or was in flight for three minutes. */
export function idleAlarm(name: string, inputs: Record<string, unknown> = {}): PlannedResource {
    const query = (id: string, which: string) => ({ id, metric: { ...metric(which), stat: "Maximum", period: 60 } });
    return alarm(name, {
        ...{
            namespace: undefined,
            metricName: undefined,
            dimensions: undefined,
            statistic: undefined,
            period: undefined,
        },
        metricQueries: [
            query("m1", "Visible"),
            query("m2", "NotVisible"),
            { id: "all", expression: "m1 + FILL(m2, 0)", returnData: true },
        ],
        ...{ evaluationPeriods: 3, threshold: 0, comparisonOperator: "LessThanOrEqualToThreshold" },
        ...inputs,
    });
}

export const policyArn = (name: string) =>
    `arn:aws:autoscaling:${region}:${account}:scalingPolicy:uuid:resource/ecs/service/shop/web:policyName/${name}`;

function metric(which: string) {
    return {
        namespace: "AWS/SQS",
        metricName: `ApproximateNumberOfMessages${which}`,
        dimensions: { QueueName: "queue" },
    };
}
