import type { PlannedResource } from "../../../plan/types";
import { toMetric, toSum, type Metric, type MetricInputs, type QueryInputs } from "./metric";

/** An alarm that scales something. */
export interface Alarm {
    readonly name: string;
    /** What it watches: their values are added up. */
    readonly metrics: readonly Metric[];
    readonly threshold: number;
    /** Whether it rings above its threshold, rather than below. */
    readonly above: boolean;
    readonly breaches: (value: number) => boolean;
    readonly periodMs: number;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
    /** Whether a period without data counts as one that breaches. */
    readonly missingBreaches: boolean;
    /** ARNs of scaling policies. */
    readonly policies: readonly string[];
}

/**
 * Reads a planned `aws:cloudwatch/metricAlarm:MetricAlarm`; undefined when it scales nothing, and so has no effect here.
 *
 * @throws When it scales on something that the local run does not measure.
 */
export function toAlarm({ inputs, outputs }: PlannedResource): Alarm | undefined {
    const given = inputs as unknown as AlarmInputs;
    const { alarmActions = [], okActions = [], insufficientDataActions = [], actionsEnabled = true } = given;
    if ([...okActions, ...insufficientDataActions].some(isScalingPolicy)) {
        throw new Error("the local run has scaling policies in alarmActions alone");
    }
    const policies = alarmActions.filter(isScalingPolicy);
    if (policies.length === 0 || !actionsEnabled) {
        return undefined;
    }
    const { comparisonOperator, threshold, evaluationPeriods, datapointsToAlarm = evaluationPeriods } = given;
    const compare = COMPARISONS[comparisonOperator];
    if (compare === undefined || threshold === undefined) {
        throw new Error(`the local run compares with a threshold, not by ${comparisonOperator}`);
    }
    const metrics = given.metricQueries ? toSum(given.metricQueries) : [toMetric(given)];
    return {
        ...{ name: String(outputs.name), metrics, threshold, evaluationPeriods, datapointsToAlarm, policies },
        above: comparisonOperator.startsWith("Greater"),
        breaches: (value) => compare(value, threshold),
        periodMs: metrics[0].periodMs,
        missingBreaches: given.treatMissingData === "breaching",
    };
}

function isScalingPolicy(action: string): boolean {
    return /^arn:[\w-]+:autoscaling:[^:]*:[^:]*:scalingPolicy:/.test(action);
}

const COMPARISONS: Readonly<Record<string, ((value: number, threshold: number) => boolean) | undefined>> = {
    GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
    GreaterThanThreshold: (value, threshold) => value > threshold,
    LessThanThreshold: (value, threshold) => value < threshold,
    LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

interface AlarmInputs extends MetricInputs {
    readonly metricQueries?: readonly QueryInputs[];
    readonly comparisonOperator: string;
    readonly threshold?: number;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm?: number;
    readonly treatMissingData?: string;
    readonly actionsEnabled?: boolean;
    readonly alarmActions?: readonly string[];
    readonly okActions?: readonly string[];
    readonly insufficientDataActions?: readonly string[];
}
