import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { isSet, propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "glue-security-configuration",
    title: "Glue crawlers and jobs encrypt logs, bookmarks and results by keys of KMS.",
    why: "They copy data and samples of it into logs and temporary files, which lie in plain text without a security configuration.",
    mend: "Set securityConfiguration to the name of an aws.glue.SecurityConfiguration.",
    sources: ["cdk-nag AwsSolutions-GL1", "cdk-nag AwsSolutions-GL3", "checkov CKV_AWS_99", "checkov CKV_AWS_195"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:glue/crawler:Crawler", "aws:glue/job:Job", "aws:glue/securityConfiguration:SecurityConfiguration"],
    *check({ type, props }) {
        if (type !== "aws:glue/securityConfiguration:SecurityConfiguration") {
            if (!isSet(props, "securityConfiguration")) {
                yield { fault: "has no security configuration" };
            }
            return;
        }
        const configuration = propsOf(props.encryptionConfiguration);
        yield* each(MODES, function* ([part, key, mode]) {
            if (textOf(propsOf(configuration[part])[key]) !== mode) {
                yield {
                    fault: `does not encrypt by KMS in ${part}`,
                    finding: part,
                    mend: `Set ${key} of ${part} to ${mode} and its kmsKeyArn.`,
                };
            }
        });
    },
};

const MODES = [
    ["cloudwatchEncryption", "cloudwatchEncryptionMode", "SSE-KMS"],
    ["jobBookmarksEncryption", "jobBookmarksEncryptionMode", "CSE-KMS"],
    ["s3Encryption", "s3EncryptionMode", "SSE-KMS"],
] as const;
