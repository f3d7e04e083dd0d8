import { each } from "../../support/failClosed";
import { namesOwnKey } from "../../support/kms/keys";
import type { Fault, Rule } from "../../support/rule";
import { propsListOf } from "../../support/values";

export const rule: Rule = {
    id: "secret-cmk",
    title: "Secrets are encrypted with a KMS key of their owner's, in each region.",
    why: "With AWS's key, permission to read a secret is enough to decrypt it; a key of one's own is a second lock with its own policy and log.",
    mend: "Set kmsKeyId to a key of your own.",
    sources: ["cdk-nag SecretsManagerUsingKMSKey", "checkov CKV_AWS_149"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:secretsmanager/secret:Secret"],
    *check({ props }) {
        if (!namesOwnKey(props, "kmsKeyId")) {
            yield { fault: "is encrypted with a KMS key of AWS's" };
        }
        yield* each(propsListOf(props.replicas), function* (replica, index): Generator<Fault> {
            if (!namesOwnKey(replica, "kmsKeyId")) {
                yield {
                    fault: `is encrypted with a KMS key of AWS's in replicas[${index}]`,
                    finding: `replicas[${index}]`,
                    mend: "Set the replica's kmsKeyId to a key of your own in its region.",
                };
            }
        });
    },
};
