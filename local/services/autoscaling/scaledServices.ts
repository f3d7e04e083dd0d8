import type { PlannedResource } from "../../../plan/types";
import type { Ecs } from "../ecs/ecs";

/** Services of ECS, as scaling needs them. */
export interface ScaledServices {
    /** How many tasks a service is to keep; undefined when there is no such service. */
    desiredCount(serviceArn: string): number | undefined;
    /** @throws When there is no such service. */
    setDesiredCount(serviceArn: string, count: number): void;
}

/** The declared services: the declared count holds until scaling sets one. What `UpdateService` sets is not known here. */
export function scaledServices(
    ecs: Pick<Ecs, "setDesiredCount">,
    resources: readonly PlannedResource[],
): ScaledServices {
    const counts = new Map(
        resources
            .filter(({ type }) => type === "aws:ecs/service:Service")
            .map(({ inputs, outputs }) => [String(outputs.arn), Number(inputs.desiredCount ?? 0)]),
    );
    return {
        desiredCount: (serviceArn) => counts.get(serviceArn),
        setDesiredCount(serviceArn, count) {
            ecs.setDesiredCount(serviceArn, count);
            counts.set(serviceArn, count);
        },
    };
}
