import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "log-group-cmk",
    title: "Log groups are encrypted with a customer managed key.",
    why: "With AWS's own key whoever may read the log group may decrypt it; a key of one's own has a policy and a trail of its uses.",
    mend: "Set kmsKeyId to a customer managed key.",
    sources: ["cdk-nag CloudWatchLogGroupEncrypted", "checkov CKV_AWS_158", "trivy cloudwatch/log_group_customer_key"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    *check({ props }) {
        if (!namesOwnKey(props, "kmsKeyId")) {
            yield { fault: "is not encrypted with a customer managed key" };
        }
    },
};
