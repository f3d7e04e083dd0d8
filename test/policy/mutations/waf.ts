import { changed, without, type Mutation } from "../support/mutation";

const ACL = "aws:wafv2/webAcl:WebAcl";
const METRICS = { cloudwatchMetricsEnabled: true, metricName: "added", sampledRequestsEnabled: false };

export const mutations: readonly Mutation[] = [
    {
        rule: "waf-has-rules",
        when: "the web ACL loses its rules",
        change: (resources) => changed(resources, ACL, { rules: [] }),
    },
    {
        rule: "waf-logging",
        when: "the web ACL loses its log",
        change: (resources) => without(resources, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"),
    },
    {
        rule: "waf-metrics",
        when: "the web ACL does not count requests",
        change: (resources) =>
            changed(resources, ACL, { visibilityConfig: { ...METRICS, cloudwatchMetricsEnabled: false } }),
    },
    {
        rule: "waf-metrics",
        when: "a rule of the web ACL does not count requests",
        change: (resources) =>
            changed(resources, ACL, {
                rules: [{ name: "quiet", visibilityConfig: { ...METRICS, cloudwatchMetricsEnabled: false } }],
            }),
    },
];
