import type { Rule } from "../../support/rule";
import { numberOf } from "../../support/values";

export const rule: Rule = {
    id: "kms-deletion-window",
    title: "A key that is to be deleted can be kept for long enough.",
    why: "With its key all data that it encrypted is lost. The waiting period is the time to notice and cancel.",
    mend: "Leave deletionWindowInDays out, which gives 30 days, or raise it.",
    sources: ["Security Hub KMS.3", "Pulumi kms-key-deletion-lifecycle"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [
        "aws:kms/key:Key",
        "aws:kms/replicaKey:ReplicaKey",
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
    ],
    options: {
        leastDays: {
            what: "The shortest waiting period that is allowed, in days",
            schema: { type: "integer", minimum: 7, maximum: 30 },
            dev: 7,
            prod: 30,
        },
    },
    *check({ props }, config) {
        const days = numberOf(props.deletionWindowInDays) ?? 30;
        const leastDays = numberOf(config.leastDays)!;
        if (days < leastDays) {
            yield { fault: `is deleted after ${days} days instead of ${leastDays}` };
        }
    },
};
