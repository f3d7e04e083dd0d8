import type { Predictor } from "./types";

/** Log groups, alarms and dashboards. */
export const cloudwatch: Readonly<Record<string, Predictor>> = {
    "aws:cloudwatch/logGroup:LogGroup": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        return { id: name, outputs: { name, arn: `arn:aws:logs:${region}:${account}:log-group:${name}` } };
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": ({ inputs, region, account, physicalName }) => {
        const name = physicalName(inputs.name);
        return { id: name, outputs: { name, arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
    },
};
