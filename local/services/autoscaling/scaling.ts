import type { StepPolicy } from "./policy";
import type { Ecs } from "../ecs/ecs";
import type { ScalableTarget } from "./target";

/** A scalable target at work. */
export interface Scaling {
    /** Brings the service's tasks to between the target's bounds. @throws When the service does not exist. */
    bound(): void;
    /**
     * Does what a policy says, as far as bounds and cooldown allow.
     *
     * @param adjustment Of the policy's step.
     * @param now Milliseconds since 1970.
     * @returns The new number of tasks, if it changed.
     */
    adjust(policy: StepPolicy, adjustment: number, now: number): number | undefined;
}

interface Cooldown {
    readonly until: number;
    /** Tasks before the activity that began it; what that added counts as part of what a later one adds. Absent after scaling in. */
    readonly before?: number;
}

/**
 * Scales a service. In a cooldown nothing scales in, and a policy scales out only as far as it adds more than what is being added.
 * Source: Application Auto Scaling API Reference, StepScalingPolicyConfiguration, Cooldown.
 */
export function createScaling(
    target: ScalableTarget,
    serviceArn: string,
    services: Pick<Ecs, "desiredCount" | "setDesiredCount">,
): Scaling {
    let cooldown: Cooldown = { until: 0 };
    const bounded = (count: number) => Math.min(target.max, Math.max(target.min, count));

    function currentCount(): number {
        const count = services.desiredCount(serviceArn);
        if (count === undefined) {
            throw new Error(`The service ${serviceArn} is not declared.`);
        }
        return count;
    }

    return {
        bound() {
            const current = currentCount();
            if (bounded(current) !== current) {
                services.setDesiredCount(serviceArn, bounded(current));
            }
        },
        adjust({ adjustmentType, cooldownMs }, adjustment, now) {
            const current = currentCount();
            const cooling = now < cooldown.until;
            const before = (cooling ? cooldown.before : undefined) ?? current;
            const wanted = bounded(adjustmentType === "ExactCapacity" ? adjustment : before + adjustment);
            if (wanted === current || (wanted < current && cooling)) {
                return undefined;
            }
            services.setDesiredCount(serviceArn, wanted);
            cooldown = { until: now + cooldownMs, ...(wanted > current ? { before } : {}) };
            return wanted;
        },
    };
}
