import { DB_CLUSTER, DB_INSTANCE, isReplica, isServerlessV1 } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { isSet, isTrue, type Props } from "../../support/values";

export const rule: Rule = {
    id: "rds-managed-master-password",
    title: "RDS makes, keeps and rotates the master user's password.",
    why: "A password that the program sets stands in Pulumi's state and its author's hands, and nobody rotates it.",
    mend: "Set manageMasterUserPassword: true, and no password.",
    sources: ["quartet"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        const passwords = PASSWORDS.filter((property) => isSet(props, property));
        for (const property of passwords) {
            yield { fault: `is given its master password in ${property}`, finding: property };
        }
        if (passwords.length === 0 && hasOwnPassword(props) && !isTrue(props.manageMasterUserPassword)) {
            yield {
                fault: "has a master password that RDS does not manage",
                finding: "manageMasterUserPassword",
            };
        }
    },
};

/** Write-only ones stay out of the provider's state, but the inputs stand in Pulumi's. */
const PASSWORDS = ["password", "passwordWo", "masterPassword", "masterPasswordWo"];

/** RDS manages no passwords of replicas, in global databases and in Serverless v1. */
function hasOwnPassword(props: Props): boolean {
    return !isReplica(props) && !isSet(props, "globalClusterIdentifier") && !isServerlessV1(props);
}
