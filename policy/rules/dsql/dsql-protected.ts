import { ifKnown } from "../../support/known";
import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { isTrue, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "dsql-protected",
    title: "DSQL clusters are protected from deletion and encrypted with a customer managed key.",
    why: "One wrong deployment deletes a cluster with all its data. A key that AWS owns can't be taken away from whoever may read the cluster.",
    mend: "Set deletionProtectionEnabled: true.",
    sources: ["quartet"],
    severity: "high",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:dsql/cluster:Cluster"],
    options: {
        ownKey: {
            what: "Whether the KMS key must be one of the cluster's owner",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ props }, { ownKey }) {
        if (isTrue(ownKey) && !hasOwnKey(props)) {
            yield {
                fault: "is not encrypted with a customer managed key",
                finding: "kmsEncryptionKey",
                mend: "Set kmsEncryptionKey to a customer managed key.",
            };
        }
        if (isTrue(props.forceDestroy)) {
            yield {
                fault: "is deleted with its stack in spite of its protection",
                finding: "forceDestroy",
                mend: "Leave forceDestroy out.",
            };
        }
        if (!isTrue(props.deletionProtectionEnabled)) {
            yield { fault: "is not protected from deletion", finding: "deletionProtectionEnabled" };
        }
    },
};

function hasOwnKey(props: Props): boolean {
    const key = ifKnown(() => textOf(props.kmsEncryptionKey));
    return namesOwnKey(props, "kmsEncryptionKey") && key !== "AWS_OWNED_KMS_KEY";
}
