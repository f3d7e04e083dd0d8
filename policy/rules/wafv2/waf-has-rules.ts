import type { Rule } from "../../support/rule";
import { listOf } from "../../support/values";
import { rulesOfJson } from "../../support/wafv2/webAcls";

const RULES = ["aws:wafv2/webAclRule:WebAclRule", "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"];

export const rule: Rule = {
    id: "waf-has-rules",
    title: "Web ACLs have rules.",
    why: "A web ACL without rules lets each request through: it costs money, looks like protection and gives none.",
    mend: "Declare rules of the web ACL, such as AWS's managed AWSManagedRulesCommonRuleSet.",
    sources: ["Security Hub WAF.10", "checkov CKV_AWS_175"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:wafv2/webAcl:WebAcl"],
    joins: RULES,
    *checkInStack(acl, stack) {
        const { props } = acl;
        if (
            stack.naming(acl, "webAclArn", ...RULES).length === 0 &&
            listOf(props.rules).length === 0 &&
            rulesOfJson(props, "ruleJson").length === 0
        ) {
            yield { fault: "has no rules" };
        }
    },
};
