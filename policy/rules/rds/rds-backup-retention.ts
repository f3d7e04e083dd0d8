import { DB_CLUSTER, DB_INSTANCE, isReplica } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { numberOf } from "../../support/values";

export const rule: Rule = {
    id: "rds-backup-retention",
    title: "Automated backups of databases are kept for long enough.",
    why: "Damage that is noticed after the last backup was deleted can't be undone.",
    mend: "Raise backupRetentionPeriod.",
    sources: [
        "cdk-nag AwsSolutions-RDS13",
        "Security Hub RDS.11",
        "Security Hub RDS.50",
        "checkov CKV_AWS_133",
        "awsguard rds-instance-backup-enabled",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    options: {
        leastDays: {
            what: "How long backups must be kept at least, in days",
            schema: { type: "integer", minimum: 1, maximum: 35 },
            dev: 1,
            prod: 7,
        },
    },
    *check({ type, props }, config) {
        // The source of a replica is what is restored.
        if (isReplica(props)) {
            return;
        }
        const days = numberOf(props.backupRetentionPeriod) ?? (type === DB_CLUSTER ? 1 : 0);
        const leastDays = numberOf(config.leastDays)!;
        if (days < leastDays) {
            yield { fault: `keeps backups for ${days} days instead of ${leastDays}` };
        }
    },
};
