import { DB_CLUSTER, DB_INSTANCE, isReplica, isRestored, isServerlessV1 } from "../../support/rds/databases";
import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { isFalse, isSet, isTrue, type Props } from "../../support/values";

const GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster";

export const rule: Rule = {
    id: "rds-storage-encrypted",
    title: "Databases and their backups are encrypted at rest.",
    why: "Data, logs and snapshots of an unencrypted database lie in plain text on AWS's disks, and it can't be encrypted afterwards.",
    mend: "Set storageEncrypted: true.",
    sources: [
        "cdk-nag AwsSolutions-RDS2",
        "Security Hub RDS.3",
        "Security Hub RDS.27",
        "checkov CKV_AWS_16",
        "checkov CKV_AWS_96",
        "checkov CKV_AWS_327",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER, GLOBAL_CLUSTER],
    options: {
        ownKey: {
            what: "Whether the KMS key must be one of the database's owner",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ type, props }, { ownKey }) {
        if (!isEncrypted(type, props)) {
            yield { fault: "is not encrypted at rest", finding: "storageEncrypted" };
        } else if (isTrue(ownKey) && type !== GLOBAL_CLUSTER && !hasOwnKey(props)) {
            yield {
                fault: "is not encrypted with a customer managed key",
                finding: "kmsKeyId",
                mend: "Set kmsKeyId to a customer managed key.",
            };
        }
    },
};

function isEncrypted(type: string, props: Props): boolean {
    const { storageEncrypted } = props;
    if (isTrue(storageEncrypted)) {
        return true;
    }
    if (type === GLOBAL_CLUSTER) {
        return isSet(props, "sourceDbClusterIdentifier") && !isFalse(storageEncrypted);
    }
    if (type === DB_CLUSTER && isServerlessV1(props)) {
        return !isFalse(storageEncrypted);
    }
    // AWS takes a key for a copy without the property; an instance's backup is restored as it was encrypted.
    return isSet(props, "kmsKeyId") && (isReplica(props) || (type === DB_CLUSTER && isRestored(props)));
}

/** A copy that names no key gets the key of what it is made from. */
function hasOwnKey(props: Props): boolean {
    const inherits = !isSet(props, "kmsKeyId") && (isReplica(props) || isRestored(props));
    return inherits || namesOwnKey(props, "kmsKeyId");
}
