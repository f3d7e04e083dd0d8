import type { Rule } from "../../support/rule";
import { numberOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "log-group-retention",
    title: "Log groups keep their events for long enough, and not for ever.",
    why: "Attacks are often noticed after months, when the logs have to tell what happened. What is kept for ever costs ever more, and may have to be deleted by law.",
    mend: "Set retentionInDays.",
    sources: [
        "cdk-nag CloudWatchLogGroupRetentionPeriod",
        "Security Hub CloudWatch.16",
        "checkov CKV_AWS_66",
        "checkov CKV_AWS_338",
        "Pulumi cloudwatch-log-retention",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    options: {
        leastDays: {
            what: "How long events must be kept at least, in days",
            schema: { type: "integer", minimum: 1 },
            dev: 1,
            prod: 365,
        },
    },
    *check({ props }, config) {
        // This class keeps events for two days, whatever is set.
        if (textOf(props.logGroupClass) === "DELIVERY") {
            return;
        }
        const days = numberOf(props.retentionInDays) ?? 0;
        const leastDays = numberOf(config.leastDays)!;
        if (days === 0) {
            yield { fault: "keeps its events for ever" };
        } else if (days < leastDays) {
            yield { fault: `keeps its events for ${days} days instead of ${leastDays}` };
        }
    },
};
