import * as assert from "node:assert/strict";
import { rule as hasRules } from "../../../policy/rules/wafv2/waf-has-rules";
import { rule as logging } from "../../../policy/rules/wafv2/waf-logging";
import { rule as metrics } from "../../../policy/rules/wafv2/waf-metrics";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const make =
    (type: string, name: string) =>
    (props: Record<string, unknown> = {}, more: Partial<Declared> = {}): Declared => ({
        type: `aws:wafv2/${type}`,
        name,
        props,
        ...more,
    });
const ARN = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/quartet/1";
const acl = make("webAcl:WebAcl", "firewall");
const group = make("ruleGroup:RuleGroup", "firewall");
const aclRule = make("webAclRule:WebAclRule", "firewall");
const association = make("webAclRuleGroupAssociation:WebAclRuleGroupAssociation", "firewall");

const unknown = (path: string) =>
    `firewall could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("waf-has-rules", () => {
    const NONE =
        "firewall has no rules. Declare rules of the web ACL, such as AWS's managed AWSManagedRulesCommonRuleSet.";
    const known = acl({ name: "quartet" }, { outputs: { arn: ARN } });
    const other = { name: "other" };

    for (const [title, resources, ...messages] of [
        ["rules", [acl({ rules: [{ name: "rate" }] })]],
        ["one rule that is no list", [acl({ rules: { name: "rate" } })]],
        ["rules as JSON", [acl({ ruleJson: '[{"Name":"rate"}]' })]],
        ["a rule of its own by ARN", [known, { ...aclRule({ webAclArn: ARN }), ...other }]],
        [
            "a rule group by an ARN that is still unknown",
            [acl(), { ...association({ webAclArn: UNKNOWN }, { refers: { webAclArn: ["firewall"] } }), ...other }],
        ],
        ["what says nothing", [acl()], NONE],
        ["an empty list", [acl({ rules: [] })], NONE],
        ["an empty list as JSON", [acl({ ruleJson: "[]" })], NONE],
        ["an empty text", [acl({ ruleJson: "" })], NONE],
        ["a rule of another web ACL", [known, { ...aclRule({ webAclArn: `${ARN}1` }), ...other }], NONE],
        ["rules that only the provider answers", [acl({}, { outputs: { rules: UNKNOWN, ruleJson: UNKNOWN } })], NONE],
        ["what can't be read", [acl({ rules: UNKNOWN })], unknown("rules")],
        [
            "JSON that is none",
            [acl({ ruleJson: "[" })],
            "firewall could not be judged: ruleJson is no JSON. " +
                "Declare rules of the web ACL, such as AWS's managed AWSManagedRulesCommonRuleSet. [unreadable]",
        ],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(hasRules, resources), messages);
        });
    }
});

describe("waf-logging", () => {
    const NONE =
        "firewall has no logging. Declare an aws.wafv2.WebAclLoggingConfiguration with the web ACL's ARN as resourceArn.";
    const known = acl({ name: "quartet" }, { outputs: { arn: ARN } });
    const log = make("webAclLoggingConfiguration:WebAclLoggingConfiguration", "log");

    for (const [title, resources, ...messages] of [
        ["logging by ARN", [known, log({ resourceArn: ARN })]],
        [
            "logging by an ARN that is still unknown",
            [acl(), log({ resourceArn: UNKNOWN }, { refers: { resourceArn: ["firewall"] } })],
        ],
        ["a web ACL alone", [known], NONE],
        ["logging of another web ACL", [known, log({ resourceArn: `${ARN}1` })], NONE],
        ["logging of something that is still unknown", [known, log({ resourceArn: UNKNOWN })], NONE],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(logging, resources), messages);
        });
    }
});

describe("waf-metrics", () => {
    const MEND = "Set cloudwatchMetricsEnabled: true in visibilityConfig.";
    const NOT = `firewall does not count requests in CloudWatch. ${MEND} [visibilityConfig]`;
    const ruleNot = (name: string) =>
        `firewall does not count the requests of rule ${name} in CloudWatch. ${MEND} [${name}]`;
    const config = (enabled: unknown) => ({ visibilityConfig: { cloudwatchMetricsEnabled: enabled } });
    const counted = { name: "rate", ...config(true) };
    const json = (key: string, enabled: unknown) =>
        JSON.stringify([{ Name: "rate", VisibilityConfig: { [key]: enabled } }]);

    for (const [title, resource, ...messages] of [
        ["a web ACL and its rules", acl({ ...config(true), rules: [counted, counted] })],
        ["rules as JSON", acl({ ...config("true"), ruleJson: json("CloudWatchMetricsEnabled", true) })],
        [
            "JSON in the provider's spelling",
            group({ ...config(true), rulesJson: json("CloudwatchMetricsEnabled", true) }),
        ],
        ["a list of one, as older programs have it", acl({ visibilityConfig: [{ cloudwatchMetricsEnabled: true }] })],
        ["a rule of its own", aclRule({ name: "rate", ...config(true) })],
        ["a rule group that says nothing, which is counted", association()],
        ["a web ACL that says nothing", acl(), NOT],
        ["a rule group that is not counted", group(config(false)), NOT],
        ["a rule of its own that is not counted", aclRule(config("false")), NOT],
        ["an association that is not counted", association(config(false)), NOT],
        [
            "a rule that is not counted",
            acl({ ...config(true), rules: [counted, { name: "common", ...config(false) }] }),
            ruleNot("common"),
        ],
        ["a rule of a group that says nothing", group({ ...config(true), rules: { name: "rate" } }), ruleNot("rate")],
        [
            "a rule as JSON",
            acl({ ...config(true), ruleJson: json("CloudWatchMetricsEnabled", false) }),
            ruleNot("rate"),
        ],
        ["a group's rule as JSON", group({ ...config(true), rulesJson: json("Other", true) }), ruleNot("rate")],
        [
            "all that can be read beside what can't",
            acl({
                ...config(UNKNOWN),
                rules: [{ name: "rate", ...config(UNKNOWN) }, { name: "common" }],
                ruleJson: UNKNOWN,
            }),
            unknown("visibilityConfig.cloudwatchMetricsEnabled"),
            unknown("rules.0.visibilityConfig.cloudwatchMetricsEnabled"),
            ruleNot("common"),
            unknown("ruleJson"),
        ],
    ] as readonly (readonly [string, Declared, ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(metrics, resource), messages);
        });
    }
});
