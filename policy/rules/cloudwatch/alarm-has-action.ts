import { COMPOSITE_ALARM, isPartOfComposite, METRIC_ALARM } from "../../support/cloudwatch/alarms";
import type { Rule } from "../../support/rule";
import { isFalse, listOf } from "../../support/values";

export const rule: Rule = {
    id: "alarm-has-action",
    title: "Alarms do something when they go off.",
    why: "An alarm without an action turns red in a console that nobody looks at.",
    mend: "Set alarmActions to the ARN of a topic that somebody is subscribed to.",
    sources: [
        "cdk-nag CloudWatchAlarmAction",
        "Security Hub CloudWatch.15",
        "Security Hub CloudWatch.17",
        "checkov CKV_AWS_319",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [METRIC_ALARM, COMPOSITE_ALARM],
    *checkInStack(alarm, stack) {
        const { props } = alarm;
        const isDisabled = isFalse(props.actionsEnabled);
        if (!isDisabled && listOf(props.alarmActions).length > 0) {
            return;
        }
        if (isPartOfComposite(alarm, stack)) {
            return;
        }
        yield isDisabled
            ? { fault: "has disabled actions", finding: "actionsEnabled", mend: "Leave actionsEnabled out." }
            : { fault: "has no action", finding: "alarmActions" };
    },
};
