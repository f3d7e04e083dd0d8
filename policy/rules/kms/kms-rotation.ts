import type { Rule } from "../../support/rule";
import { isSet, isTrue, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "kms-rotation",
    title: "KMS rotates the material of symmetric keys.",
    why: "Material that is never rotated encrypts ever more data, all of which it opens when it gets known.",
    mend: "Set enableKeyRotation: true.",
    sources: [
        "cdk-nag AwsSolutions-KMS5",
        "Security Hub KMS.4",
        "checkov CKV_AWS_7",
        "awsguard cmk-backing-key-rotation-enabled",
    ],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:kms/key:Key"],
    *check({ props }) {
        if (!isTrue(props.enableKeyRotation) && canRotate(props)) {
            yield { fault: "is not rotated" };
        }
    },
};

/** KMS rotates no asymmetric or HMAC keys and none of custom key stores. */
function canRotate(props: Props): boolean {
    const spec = textOf(props.customerMasterKeySpec) ?? "";
    return (spec === "" || spec === "SYMMETRIC_DEFAULT") && !isSet(props, "customKeyStoreId");
}
