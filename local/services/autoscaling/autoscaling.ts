import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import { systemClock, type Clock } from "../events/clock";
import type { QueueService } from "../sqs/types";
import { toAlarm, type Alarm } from "./alarm";
import type { Metric } from "./metric";
import { adjustmentAt, toPolicy, type StepPolicy } from "./policy";
import type { Ecs } from "../ecs/ecs";
import { createScaling, type Scaling } from "./scaling";
import { toTarget, type ScalableTarget } from "./target";
import { createWatch } from "./watch";

export interface AutoScalingOptions {
    readonly account: string;
    readonly region: string;
    readonly queues: Pick<QueueService, "attributes">;
    readonly services: Pick<Ecs, "desiredCount" | "setDesiredCount">;
    /** Tells the user what was scaled, and why. */
    readonly print: (line: string) => void;
    /** Time between two looks at the queues, in milliseconds. AWS looks once a minute. @default 1000 */
    readonly lookMs?: number;
    /** @default the clock of this machine */
    readonly clock?: Clock;
}

/** Scaling of services; nothing runs where no alarm scales anything. */
export interface AutoScaling extends ResourceProvider {
    /** @throws When an alarm, a policy or a target names something that is not declared. */
    ready(): void;
    close(): Promise<void>;
}

/**
 * Makes Application Auto Scaling for services of ECS, with those alarms of CloudWatch that scale them on the counts of a queue's messages;
 * other alarms are without effect. What was applied holds from `ready` on, with the queues and services of then.
 *
 * An alarm's policy acts when the alarm begins to ring, then once a minute while it rings, as CloudWatch has it; and at once when the
 * metric reaches a step that adjusts by more, where AWS would see that a minute later.
 */
export function createAutoScaling(options: AutoScalingOptions): AutoScaling {
    const { account, region, queues, services, print, lookMs = 1000, clock = systemClock() } = options;
    let declared = createDeclarations();
    let looks: (() => void)[] = [];
    let cancel: () => void = () => undefined;

    function lookAndWait(): void {
        cancel = clock.at(clock.now() + lookMs, lookAndWait);
        looks.forEach((look) => look());
    }

    function measure({ queueName, attribute }: Metric): number {
        const counts = queues.attributes(`arn:aws:sqs:${region}:${account}:${queueName}`);
        if (counts === undefined) {
            throw new Error(`The queue ${queueName} is not declared.`);
        }
        return Number(counts[attribute]);
    }

    /** Looks once at an alarm's metrics, at each call, and scales. */
    function lookAt(alarm: Alarm, actions: readonly Action[]): () => void {
        const watch = createWatch(alarm, clock.now());
        const acted = new Map<Action, { readonly time: number; readonly adjustment: number }>();
        return () => {
            const now = clock.now();
            const { ringing, value } = watch({ time: now, values: alarm.metrics.map(measure) });
            if (!ringing || value === undefined) {
                acted.clear();
                return;
            }
            for (const action of actions) {
                const adjustment = adjustmentAt(action.policy, value - alarm.threshold, alarm.above);
                const last = acted.get(action);
                const isDue =
                    last === undefined ||
                    now - last.time >= REPEAT_MS ||
                    Math.abs(adjustment ?? 0) > Math.abs(last.adjustment);
                if (adjustment === undefined || !isDue) continue;
                acted.set(action, { time: now, adjustment });
                tell(alarm, action.policy, action.scaling.adjust(action.policy, adjustment, now));
            }
        };
    }

    /** As ECS does in a service's events. */
    function tell(alarm: Alarm, policy: StepPolicy, count: number | undefined): void {
        if (count === undefined) return;
        const service = policy.resourceId.split("/").at(-1);
        const cause = `monitor alarm ${alarm.name} in state ALARM triggered policy ${policy.name}`;
        print(`(service ${service}) Successfully set desired count to ${count}. Cause: ${cause}`);
    }

    return {
        apply: {
            "aws:appautoscaling/target:Target": (resource) => void declared.targets.push(toTarget(resource)),
            "aws:appautoscaling/policy:Policy": (resource) => void declared.policies.push(toPolicy(resource)),
            "aws:cloudwatch/metricAlarm:MetricAlarm": (resource: PlannedResource) => {
                const alarm = toAlarm(resource);
                if (alarm) declared.alarms.push(alarm);
            },
        },
        ready() {
            cancel();
            const { targets, policies, alarms } = declared;
            declared = createDeclarations();
            const scalings = new Map(
                targets.map((target) => {
                    const serviceArn = `arn:aws:ecs:${region}:${account}:${target.resourceId}`;
                    return [target.resourceId, createScaling(target, serviceArn, services)];
                }),
            );
            scalings.forEach((scaling) => scaling.bound());
            const actions = new Map(policies.map((policy) => [policy.arn, toAction(policy, scalings)]));
            looks = alarms.map((alarm) => lookAt(alarm, actionsOf(alarm, actions)));
            if (looks.length > 0) lookAndWait();
        },
        close() {
            cancel();
            return Promise.resolve();
        },
    };
}

/** CloudWatch repeats actions of Auto Scaling, and no others, once a minute. Source: CloudWatch User Guide, "Alarm actions". */
const REPEAT_MS = 60_000;

interface Declarations {
    readonly targets: ScalableTarget[];
    readonly policies: StepPolicy[];
    readonly alarms: Alarm[];
}

/** A policy, and what it scales. */
interface Action {
    readonly policy: StepPolicy;
    readonly scaling: Scaling;
}

function createDeclarations(): Declarations {
    return { targets: [], policies: [], alarms: [] };
}

function toAction(policy: StepPolicy, scalings: ReadonlyMap<string, Scaling>): Action {
    const scaling = scalings.get(policy.resourceId);
    if (scaling === undefined) {
        throw new Error(`The policy ${policy.name} scales ${policy.resourceId}, which is no declared scalable target.`);
    }
    return { policy, scaling };
}

function actionsOf({ name, policies }: Alarm, actions: ReadonlyMap<string, Action>): Action[] {
    return policies.map((arn) => {
        const action = actions.get(arn);
        if (action === undefined) {
            throw new Error(`The alarm ${name} acts by ${arn}, which is no declared policy.`);
        }
        return action;
    });
}
