import { DB_CLUSTER, DB_CLUSTER_INSTANCE, DB_INSTANCE } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { isFalse } from "../../support/values";

export const rule: Rule = {
    id: "rds-minor-upgrade",
    title: "RDS installs minor versions of databases by itself.",
    why: "Minor versions mend vulnerabilities, which a database that nobody upgrades keeps.",
    mend: "Leave autoMinorVersionUpgrade out.",
    sources: [
        "cdk-nag RDSAutomaticMinorVersionUpgradeEnabled",
        "Security Hub RDS.13",
        "Security Hub RDS.35",
        "checkov CKV_AWS_226",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        if (isFalse(props.autoMinorVersionUpgrade)) {
            yield { fault: "gets no minor versions by itself" };
        }
    },
};
