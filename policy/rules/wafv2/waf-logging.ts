import type { Rule } from "../../support/rule";

const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

export const rule: Rule = {
    id: "waf-logging",
    title: "Web ACLs log the requests that they judge.",
    why: "Without a log nobody can tell what an attacker tried, or which good requests a rule blocks.",
    mend: "Declare an aws.wafv2.WebAclLoggingConfiguration with the web ACL's ARN as resourceArn.",
    sources: ["cdk-nag WAFv2LoggingEnabled", "Security Hub WAF.11", "checkov CKV2_AWS_31"],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:wafv2/webAcl:WebAcl"],
    joins: [LOGGING],
    *checkInStack(acl, stack) {
        if (stack.naming(acl, "resourceArn", LOGGING).length === 0) {
            yield { fault: "has no logging" };
        }
    },
};
