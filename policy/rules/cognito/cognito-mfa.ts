import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "cognito-mfa",
    title: "User pools require a second factor.",
    why: "Whoever learns a user's password elsewhere signs in with it here.",
    mend: "Set mfaConfiguration to ON and softwareTokenMfaConfiguration to enabled.",
    sources: ["cdk-nag AwsSolutions-COG2", "Security Hub Cognito.5"],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:cognito/userPool:UserPool"],
    *check({ props }) {
        if (textOf(props.mfaConfiguration) !== "ON") {
            yield { fault: "does not require a second factor" };
        }
    },
};
