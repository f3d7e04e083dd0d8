import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { isTrue, propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "glue-catalog-encryption",
    title: "The Glue catalog and the passwords of its connections are encrypted.",
    why: "The catalog tells what data there is and where. Whoever may read a connection gets its password in plain text otherwise.",
    mend: "Set catalogEncryptionMode to SSE-KMS and returnConnectionPasswordEncrypted to true.",
    sources: ["checkov CKV_AWS_94", "prowler glue_data_catalogs_metadata_encryption_enabled"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"],
    *check({ props }) {
        const settings = propsOf(props.dataCatalogEncryptionSettings);
        yield* each(["encryptionAtRest", "connectionPasswordEncryption"] as const, function* (part) {
            const values = propsOf(settings[part]);
            if (part === "encryptionAtRest" && !/^SSE-KMS/.test(textOf(values.catalogEncryptionMode) ?? "")) {
                yield {
                    fault: "does not encrypt the catalog",
                    finding: part,
                    mend: "Set catalogEncryptionMode of encryptionAtRest to SSE-KMS.",
                };
            }
            if (part === "connectionPasswordEncryption" && !isTrue(values.returnConnectionPasswordEncrypted)) {
                yield {
                    fault: "does not encrypt passwords of connections",
                    finding: part,
                    mend: "Set returnConnectionPasswordEncrypted and awsKmsKeyId of connectionPasswordEncryption.",
                };
            }
        });
    },
};
