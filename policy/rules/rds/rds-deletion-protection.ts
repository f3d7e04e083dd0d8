import { DB_CLUSTER, DB_INSTANCE, isReplica } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "rds-deletion-protection",
    title: "Databases are protected from deletion, and leave a snapshot when they are deleted.",
    why: "One wrong deployment or click deletes a database together with its automated backups.",
    mend: "Set deletionProtection: true.",
    sources: [
        "cdk-nag AwsSolutions-RDS10",
        "Security Hub RDS.7",
        "Security Hub RDS.8",
        "checkov CKV_AWS_139",
        "checkov CKV_AWS_293",
    ],
    severity: "high",
    levels: { dev: "disabled", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        // RDS makes no final snapshot of a replica, and refuses to delete it without this.
        if (isTrue(props.skipFinalSnapshot) && !isReplica(props)) {
            yield {
                fault: "leaves no snapshot when it is deleted",
                finding: "skipFinalSnapshot",
                mend: "Leave skipFinalSnapshot out and set finalSnapshotIdentifier.",
            };
        }
        if (!isTrue(props.deletionProtection)) {
            yield { fault: "is not protected from deletion", finding: "deletionProtection" };
        }
    },
};
