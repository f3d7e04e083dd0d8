import type { Rule } from "../../support/rule";
import { isFalse, isSet } from "../../support/values";

export const rule: Rule = {
    id: "sqs-encryption",
    title: "Queues are encrypted at rest.",
    why: "Messages of an unencrypted queue lie in plain text on AWS's disks.",
    mend: "Leave sqsManagedSseEnabled out or set kmsMasterKeyId.",
    sources: ["cdk-nag AwsSolutions-SQS2", "Security Hub SQS.1", "checkov CKV_AWS_27"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:sqs/queue:Queue"],
    *check({ props }) {
        if (isFalse(props.sqsManagedSseEnabled) && !isSet(props, "kmsMasterKeyId")) {
            yield { fault: "is not encrypted" };
        }
    },
};
