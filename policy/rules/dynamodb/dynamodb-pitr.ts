import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "dynamodb-pitr",
    title: "Tables can be restored to any point in time.",
    why: "What a faulty release or a stolen credential overwrites is lost when there is no state from before to go back to.",
    mend: "Set pointInTimeRecovery.enabled to true.",
    sources: ["cdk-nag AwsSolutions-DDB3", "Security Hub DynamoDB.2", "checkov CKV_AWS_28"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:dynamodb/table:Table"],
    *check({ props }) {
        if (!isTrue(block(props, "pointInTimeRecovery").enabled)) {
            yield { fault: "has no point-in-time recovery" };
        }
    },
};
