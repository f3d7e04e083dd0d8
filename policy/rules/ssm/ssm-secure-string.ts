import { ifKnown } from "../../support/known";
import { namesOwnKey } from "../../support/kms/keys";
import type { Rule } from "../../support/rule";
import { looksLikeSecretName, looksLikeSecretValue } from "../../support/secretNames";
import { textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "ssm-secure-string",
    title: "Parameters with credentials are SecureStrings, and these have a KMS key of their owner's.",
    why: "Everybody who may read parameters reads a plain one, and it stands in the console and in Pulumi's previews.",
    mend: "Set type: SecureString and give the credential as value, not as insecureValue.",
    sources: ["checkov CKV2_AWS_34", "checkov CKV_AWS_337", "trivy ssm/secret_use_customer_key"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ssm/parameter:Parameter"],
    options: {
        ownKey: {
            what: "Whether SecureStrings need a KMS key of their owner's instead of aws/ssm",
            schema: { type: "boolean" },
            dev: false,
            prod: true,
        },
    },
    *check({ name, props }, { ownKey }) {
        const isSecure = textOf(props.type) === "SecureString";
        if (!isSecure && (looksLikeSecretName(name) || looksLikeSecretName(textOf(props.name) ?? ""))) {
            yield { fault: "is by its name a credential, but no SecureString", finding: "name" };
        } else if (!isSecure && VALUES.some((property) => isCredential(props, property))) {
            yield { fault: "has a credential as its value, but is no SecureString", finding: "value" };
        }
        if (isSecure && ownKey === true && !namesOwnKey(props, "keyId")) {
            yield {
                fault: "is encrypted with a KMS key of AWS's",
                finding: "keyId",
                mend: "Set keyId to a key of your own.",
            };
        }
    },
};

const VALUES = ["value", "insecureValue", "valueWo"];

/** An output that is still unknown, such as an ARN, is judged in the update, before the parameter is made. */
function isCredential(props: Props, property: string): boolean {
    return looksLikeSecretValue(ifKnown(() => textOf(props[property])) ?? "");
}
