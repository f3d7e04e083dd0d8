import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "dynamodb-deletion-protection",
    title: "Tables are protected from deletion.",
    why: "A mistaken destroy, or a change that replaces the table, deletes all of its items.",
    mend: "Set deletionProtectionEnabled to true.",
    sources: ["Security Hub DynamoDB.6"],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:dynamodb/table:Table"],
    *check({ props }) {
        if (!isTrue(props.deletionProtectionEnabled)) {
            yield { fault: "is not protected from deletion" };
        }
    },
};
