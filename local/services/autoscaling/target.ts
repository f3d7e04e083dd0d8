import type { PlannedResource } from "../../../plan/types";

/** A service whose number of tasks may change, and between what. */
export interface ScalableTarget {
    /** `service/<cluster>/<service>` */
    readonly resourceId: string;
    readonly min: number;
    readonly max: number;
}

/**
 * Reads a planned `aws:appautoscaling/target:Target`.
 *
 * @throws When it is no service of ECS, or asks for what the local run does not serve.
 */
export function toTarget({ inputs }: PlannedResource): ScalableTarget {
    const resourceId = serviceIdOf(inputs);
    const { minCapacity: min = 0, maxCapacity: max = 0, suspendedState } = inputs as TargetInputs;
    if (suspendedState !== undefined) {
        throw new Error("suspendedState is not supported by the local run");
    }
    if (min < 0 || max < min) {
        throw new Error(`minCapacity is ${min} and maxCapacity ${max}: from 0 on, the second may not be less`);
    }
    return { resourceId, min, max };
}

/**
 * The resource that a target or a policy names.
 *
 * @throws When it is no service of ECS.
 */
export function serviceIdOf(inputs: Readonly<Record<string, unknown>>): string {
    const { resourceId = "", scalableDimension, serviceNamespace } = inputs as DimensionInputs;
    if (
        serviceNamespace !== "ecs" ||
        scalableDimension !== "ecs:service:DesiredCount" ||
        !/^service\/[^/]+\/[^/]+$/.test(resourceId)
    ) {
        throw new Error(
            `the local run scales ecs:service:DesiredCount of service/<cluster>/<service>, not ${scalableDimension} of ${resourceId}`,
        );
    }
    return resourceId;
}

interface DimensionInputs {
    readonly resourceId?: string;
    readonly scalableDimension?: string;
    readonly serviceNamespace?: string;
}

interface TargetInputs extends DimensionInputs {
    readonly minCapacity?: number;
    readonly maxCapacity?: number;
    readonly suspendedState?: unknown;
}
