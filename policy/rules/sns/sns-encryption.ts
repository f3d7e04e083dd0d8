import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { isSet, isTrue } from "../../support/values";

export const rule: Rule = {
    id: "sns-encryption",
    title: "Topics are encrypted at rest.",
    why: "Messages of a topic without a key lie in plain text on AWS's disks. Alarms can't publish to a topic with AWS's own key for SNS.",
    mend: "Set kmsMasterKeyId to a customer managed key whose policy admits the topic's publishers.",
    sources: [
        "cdk-nag SNSEncryptedKMS",
        "Security Hub SNS.1",
        "checkov CKV_AWS_26",
        "trivy sns/enable_topic_encryption",
    ],
    severity: "high",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:sns/topic:Topic"],
    options: {
        ownKey: {
            what: "Whether the KMS key must be one of the topic's owner",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ props }, { ownKey }) {
        if (!isSet(props, "kmsMasterKeyId")) {
            yield { fault: "is not encrypted" };
        } else if (isTrue(ownKey) && !namesOwnKey(props, "kmsMasterKeyId")) {
            yield { fault: "is not encrypted with a customer managed key" };
        }
    },
};
