import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "cognito-deletion-protection",
    title: "User pools are protected from deletion.",
    why: "With its pool all users, their passwords and second factors are lost, and there is no backup of them.",
    mend: "Set deletionProtection to ACTIVE.",
    sources: ["Security Hub Cognito.6"],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:cognito/userPool:UserPool"],
    *check({ props }) {
        if (textOf(props.deletionProtection) !== "ACTIVE") {
            yield { fault: "is not protected from deletion" };
        }
    },
};
