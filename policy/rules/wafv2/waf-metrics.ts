import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isTrue, propsListOf, propsOf, textOf, type Props } from "../../support/values";
import { rulesOfJson } from "../../support/wafv2/webAcls";

const GROUP_ASSOCIATION = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation";

export const rule: Rule = {
    id: "waf-metrics",
    title: "Web ACLs, rule groups and their rules count requests in CloudWatch.",
    why: "Without metrics no alarm goes off when a rule blocks an attack, or everybody.",
    mend: "Set cloudwatchMetricsEnabled: true in visibilityConfig.",
    sources: ["Security Hub WAF.12", "prowler wafv2_webacl_rule_logging_enabled"],
    severity: "low",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [
        "aws:wafv2/webAcl:WebAcl",
        "aws:wafv2/ruleGroup:RuleGroup",
        "aws:wafv2/webAclRule:WebAclRule",
        GROUP_ASSOCIATION,
    ],
    *check({ type, props }) {
        // The provider sets this for an association that says nothing.
        if (type !== GROUP_ASSOCIATION || "visibilityConfig" in props) {
            yield* each([props], ownMetrics);
        }
        yield* each(propsListOf(props.rules), metricsOfRule);
        yield* each([props], function* () {
            const rules = [...rulesOfJson(props, "ruleJson"), ...rulesOfJson(props, "rulesJson")];
            yield* each(rules, metricsOfJsonRule);
        });
    },
};

function* ownMetrics(props: Props): Generator<Fault> {
    if (!isTrue(block(props, "visibilityConfig").cloudwatchMetricsEnabled)) {
        yield { fault: "does not count requests in CloudWatch", finding: "visibilityConfig" };
    }
}

function* metricsOfRule(rule: Props): Generator<Fault> {
    if (!isTrue(block(rule, "visibilityConfig").cloudwatchMetricsEnabled)) {
        yield uncounted(rule.name);
    }
}

/** The provider reads the JSON without regard to case, and this key is written in two ways. */
function* metricsOfJsonRule(rule: unknown): Generator<Fault> {
    const { Name, VisibilityConfig } = propsOf(rule);
    const config = propsOf(VisibilityConfig);
    const key = Object.keys(config).find((name) => name.toLowerCase() === "cloudwatchmetricsenabled");
    if (key === undefined || !isTrue(config[key])) {
        yield uncounted(Name);
    }
}

function uncounted(name: unknown): Fault {
    const rule = textOf(name) ?? "";
    return { fault: `does not count the requests of rule ${rule} in CloudWatch`, finding: rule };
}
