import { block } from "../../support/blocks";
import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecr-encryption-cmk",
    title: "Images are encrypted with a customer managed key.",
    why: "With AWS's own keys, who may read the repository reads the images. A customer managed key needs a grant of its own, logs each use and can be revoked.",
    mend: "Set encryptionConfigurations with encryptionType KMS and the kmsKey of a customer managed key.",
    sources: ["Security Hub ECR.5", "checkov CKV_AWS_136", "Pulumi aws-ecr-repository-configure-customer-managed-key"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecr/repository:Repository"],
    *check({ props }) {
        const encryption = block(props, "encryptionConfigurations");
        if (
            !["KMS", "KMS_DSSE"].includes(textOf(encryption.encryptionType) ?? "") ||
            !namesOwnKey(encryption, "kmsKey")
        ) {
            yield { fault: "is not encrypted with a customer managed key" };
        }
    },
};
