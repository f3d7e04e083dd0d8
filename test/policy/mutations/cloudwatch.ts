import { changed, type Mutation } from "../support/mutation";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const mutations: readonly Mutation[] = [
    {
        rule: "log-group-retention",
        when: "a log group keeps its events for ever",
        change: (resources) => changed(resources, LOG_GROUP, { retentionInDays: undefined }),
    },
    {
        rule: "log-group-retention",
        when: "a log group keeps its events for a month",
        change: (resources) => changed(resources, LOG_GROUP, { retentionInDays: 30 }),
    },
    {
        rule: "log-group-cmk",
        when: "AWS's own key encrypts a log group",
        change: (resources) => changed(resources, LOG_GROUP, { kmsKeyId: undefined }),
    },
    {
        rule: "alarm-has-action",
        when: "an alarm does nothing",
        change: (resources) => changed(resources, ALARM, { alarmActions: [] }, "orders-worker-scale-out-alarm"),
    },
    {
        rule: "alarm-has-action",
        when: "an alarm's actions are disabled",
        change: (resources) => changed(resources, ALARM, { actionsEnabled: false }, "orders-worker-scale-out-alarm"),
    },
];
