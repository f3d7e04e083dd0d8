import { DB_CLUSTER, DB_INSTANCE, engineOf, isServerlessV1 } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { isTrue, type Props } from "../../support/values";

export const rule: Rule = {
    id: "rds-iam-auth",
    title: "Databases let their users sign in with IAM.",
    why: "Without it every client holds a password that lives until somebody changes it; IAM's tokens live 15 minutes.",
    mend: "Set iamDatabaseAuthenticationEnabled: true.",
    sources: [
        "cdk-nag AwsSolutions-RDS6",
        "Security Hub RDS.10",
        "Security Hub RDS.12",
        "checkov CKV_AWS_161",
        "checkov CKV_AWS_162",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        if (!isTrue(props.iamDatabaseAuthenticationEnabled) && canUseIam(props)) {
            yield { fault: "has no IAM authentication" };
        }
    },
};

/** Oracle, SQL Server and Db2 can't. A copy's engine is that of its source, which is taken for one that can. */
function canUseIam(props: Props): boolean {
    return /^($|aurora|postgres|mysql|mariadb)/.test(engineOf(props)) && !isServerlessV1(props);
}
