import type { Rule } from "../../support/rule";
import { isSet, isTrue, propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "firehose-sse",
    title: "Firehose streams encrypt what producers put into them.",
    why: "Records wait in the stream until they are delivered, in plain text without server-side encryption.",
    mend: "Set serverSideEncryption.enabled.",
    sources: ["cdk-nag AwsSolutions-KDF1", "Security Hub DataFirehose.1", "checkov CKV_AWS_240", "checkov CKV_AWS_241"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    options: {
        customerKey: {
            what: "Whether the key must be one of KMS that the account owns.",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ props }, { customerKey }) {
        // Only a stream that producers put to has encryption of its own; a source keeps its records itself.
        if (["kinesisSourceConfiguration", "mskSourceConfiguration"].some((source) => isSet(props, source))) {
            return;
        }
        const encryption = propsOf(props.serverSideEncryption);
        if (!isTrue(encryption.enabled)) {
            yield { fault: "is not encrypted", finding: "enabled" };
        } else if (isTrue(customerKey) && textOf(encryption.keyType) !== "CUSTOMER_MANAGED_CMK") {
            yield {
                fault: "is encrypted by a key of AWS",
                finding: "keyType",
                mend: "Set keyType to CUSTOMER_MANAGED_CMK and keyArn in serverSideEncryption.",
            };
        }
    },
};
