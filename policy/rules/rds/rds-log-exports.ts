import { DB_CLUSTER, DB_INSTANCE, engineOf, isServerlessV1 } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "rds-log-exports",
    title: "Databases write their logs to CloudWatch Logs.",
    why: "RDS keeps logs for a few days on the database itself: who did what before is not to be found out.",
    mend: "Set enabledCloudwatchLogsExports, for PostgreSQL with postgresql.",
    sources: [
        "cdk-nag RDSLoggingEnabled",
        "Security Hub RDS.9",
        "Security Hub RDS.36",
        "Security Hub RDS.37",
        "checkov CKV_AWS_129",
        "checkov CKV_AWS_324",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        // Serverless v1 exports what its parameters say.
        if (isServerlessV1(props)) {
            return;
        }
        const logs = textsOf(props.enabledCloudwatchLogsExports);
        if (logs.length === 0) {
            yield { fault: "exports no logs" };
        } else if (/^(aurora-)?postgres/.test(engineOf(props)) && !logs.includes("postgresql")) {
            yield { fault: "does not export PostgreSQL's log" };
        }
    },
};
