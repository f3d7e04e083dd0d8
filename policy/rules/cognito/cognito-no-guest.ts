import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "cognito-no-guest",
    title: "Identity pools give no credentials to guests.",
    why: "Everybody on the internet gets AWS credentials from such a pool, without signing in.",
    mend: "Leave allowUnauthenticatedIdentities out.",
    sources: ["cdk-nag AwsSolutions-COG7", "Security Hub Cognito.2", "checkov CKV_AWS_366"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:cognito/identityPool:IdentityPool"],
    *check({ props }) {
        if (isTrue(props.allowUnauthenticatedIdentities)) {
            yield { fault: "gives credentials to guests" };
        }
    },
};
