import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { isFalse, isSet, isTrue } from "../../support/values";

export const rule: Rule = {
    id: "sqs-encryption",
    title: "Queues are encrypted at rest.",
    why: "Messages of an unencrypted queue lie in plain text on AWS's disks. A key that AWS owns protects from nobody who may read the queue.",
    mend: "Leave sqsManagedSseEnabled out or set kmsMasterKeyId.",
    sources: ["cdk-nag AwsSolutions-SQS2", "Security Hub SQS.1", "checkov CKV_AWS_27", "checkov CKV2_AWS_73"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:sqs/queue:Queue"],
    options: {
        ownKey: {
            what: "Whether the KMS key must be one of the queue's owner",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ props }, { ownKey }) {
        if (!isSet(props, "kmsMasterKeyId") && isFalse(props.sqsManagedSseEnabled)) {
            yield { fault: "is not encrypted" };
        } else if (isTrue(ownKey) && !namesOwnKey(props, "kmsMasterKeyId")) {
            yield {
                fault: "is not encrypted with a customer managed key",
                mend: "Set kmsMasterKeyId to a customer managed key.",
            };
        }
    },
};
