import type { PlannedResource } from "../../../plan/types";
import { compilePattern, type Pattern } from "./pattern/compile";
import { readSchedule, type Schedule } from "./schedule";

/** A planned rule. */
export interface Rule {
    readonly name: string;
    readonly arn: string;
    readonly schedule?: Schedule;
    readonly matches?: Pattern;
    readonly enabled: boolean;
}

/**
 * Reads a planned `aws:cloudwatch/eventRule:EventRule`.
 *
 * @throws In EventBridge's words, when it would refuse the rule; and for a bus other than the default one.
 */
export function toRule({ inputs, outputs }: PlannedResource): Rule {
    const {
        scheduleExpression,
        eventPattern,
        eventBusName = "default",
        isEnabled = true,
        state,
    } = inputs as RuleInputs;
    if (eventBusName !== "default") {
        throw new Error(`the local run has the event bus default, not ${eventBusName}`);
    }
    if (scheduleExpression === undefined && eventPattern === undefined) {
        throw new Error("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    return {
        name: String(outputs.name),
        arn: String(outputs.arn),
        ...(scheduleExpression === undefined ? {} : { schedule: readSchedule(scheduleExpression) }),
        ...(eventPattern === undefined ? {} : { matches: compilePattern(eventPattern) }),
        enabled: state === undefined ? isEnabled : state !== "DISABLED",
    };
}

interface RuleInputs {
    readonly scheduleExpression?: string;
    /** JSON text. */
    readonly eventPattern?: string;
    readonly eventBusName?: string;
    /** The older form of `state`. */
    readonly isEnabled?: boolean;
    readonly state?: string;
}
