import type { PlannedResource } from "../../../plan/types";
import { serviceIdOf } from "./target";

/** A step scaling policy. */
export interface StepPolicy {
    readonly arn: string;
    readonly name: string;
    /** `service/<cluster>/<service>` */
    readonly resourceId: string;
    /** Whether a step's adjustment is a number of tasks to add, or the number of tasks. */
    readonly adjustmentType: AdjustmentType;
    readonly cooldownMs: number;
    /** By their bounds, without gaps between them. */
    readonly steps: readonly Step[];
}

type AdjustmentType = "ChangeInCapacity" | "ExactCapacity";

interface Step {
    /** Bounds of the distance between the metric and the alarm's threshold. */
    readonly lower: number;
    readonly upper: number;
    readonly adjustment: number;
}

/**
 * Reads a planned `aws:appautoscaling/policy:Policy`. The metric's aggregation type has no meaning here: there is one value.
 * Source: Application Auto Scaling API Reference, StepScalingPolicyConfiguration and StepAdjustment.
 *
 * @throws When Application Auto Scaling would refuse it, or when it asks for what the local run does not serve.
 */
export function toPolicy({ inputs, outputs }: PlannedResource): StepPolicy {
    const { policyType = "StepScaling", stepScalingPolicyConfiguration = {} } = inputs as PolicyInputs;
    if (policyType !== "StepScaling") {
        throw new Error(`the local run has policies of type StepScaling, not ${policyType}`);
    }
    const {
        adjustmentType,
        cooldown = DEFAULT_COOLDOWN_SECONDS,
        stepAdjustments = [],
    } = stepScalingPolicyConfiguration;
    if (adjustmentType !== "ChangeInCapacity" && adjustmentType !== "ExactCapacity") {
        throw new Error(`the local run adjusts by ChangeInCapacity and ExactCapacity, not by ${adjustmentType}`);
    }
    return {
        ...{ arn: String(outputs.arn), name: String(outputs.name), resourceId: serviceIdOf(inputs), adjustmentType },
        cooldownMs: cooldown * 1000,
        steps: toSteps(stepAdjustments),
    };
}

/** What a policy does at a distance of the metric from the threshold; undefined where it has no step. */
export function adjustmentAt({ steps }: StepPolicy, distance: number, above: boolean): number | undefined {
    // StepAdjustment: above the threshold the lower bound is inclusive and the upper one exclusive, below it the other way round.
    return steps.find(({ lower, upper }) =>
        above ? lower <= distance && distance < upper : lower < distance && distance <= upper,
    )?.adjustment;
}

/** Of services of ECS. */
const DEFAULT_COOLDOWN_SECONDS = 300;

/** Application Auto Scaling's quota, of one policy. */
const MOST_STEPS = 20;

interface PolicyInputs {
    readonly policyType?: string;
    readonly stepScalingPolicyConfiguration?: {
        readonly adjustmentType?: string;
        /** Seconds. */
        readonly cooldown?: number;
        readonly stepAdjustments?: readonly StepInputs[];
    };
}

interface StepInputs {
    readonly metricIntervalLowerBound?: string;
    readonly metricIntervalUpperBound?: string;
    readonly scalingAdjustment: number;
}

function toSteps(given: readonly StepInputs[]): Step[] {
    if (given.length === 0 || given.length > MOST_STEPS) {
        throw new Error(
            `stepAdjustments has ${given.length} steps; Application Auto Scaling allows 1 to ${MOST_STEPS}`,
        );
    }
    const steps = given
        .map(({ metricIntervalLowerBound, metricIntervalUpperBound, scalingAdjustment }) => ({
            lower: Number(metricIntervalLowerBound ?? -Infinity),
            upper: Number(metricIntervalUpperBound ?? Infinity),
            adjustment: scalingAdjustment,
        }))
        .sort((one, other) => one.lower - other.lower);
    const wrong = steps.find(
        ({ lower, upper }, index) => !(lower < upper) || lower !== (steps[index - 1]?.upper ?? lower),
    );
    if (wrong !== undefined) {
        throw new Error(`the step from ${wrong.lower} to ${wrong.upper} does not begin where the one before it ends`);
    }
    return steps;
}
