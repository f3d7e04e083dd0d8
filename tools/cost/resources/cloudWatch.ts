import type { PlannedResource } from "../../../plan/types";
import type { Month } from "../month";
import { PRICES } from "../prices";
import { FUNCTION } from "../structure";
import { requestsOf } from "./apiGateway";
import { BYTES_PER_GB, DAYS, type Pricing, type ServicePricing } from "./pricing";

/** What comes in, and what lies there once as much expires as comes. */
const logGroup: Pricing = (resource, month) => {
    const { logCompression, storageMonths } = month.assumptions;
    const gb = bytesInto(resource, month) / BYTES_PER_GB;
    const days = Number(resource.inputs.retentionInDays ?? 0);
    const months = days > 0 ? days / DAYS : storageMonths;
    return [
        { price: PRICES.cloudWatch.logGb, units: gb },
        { price: PRICES.cloudWatch.logGbMonth, units: gb * logCompression * months },
    ];
};

/** Of all that writes to a log group: functions, stages, tasks, firewalls and networks. */
function bytesInto({ inputs: { name } }: PlannedResource, month: Month): number {
    const { structure, assumptions } = month;
    const isThis = (text: unknown) => String(text).endsWith(`:log-group:${name}`);
    const sum = (type: string, bytes: (resource: PlannedResource) => number) =>
        structure.ofType(type).reduce((total, resource) => total + bytes(resource), 0);
    const tasks = month.total("aws:ecs/taskDefinition:TaskDefinition", "tasks");
    return (
        sum(FUNCTION, (one) => {
            const { logGroup: own } = (one.inputs.loggingConfig ?? {}) as { readonly logGroup?: string };
            const is = (own ?? `/aws/lambda/${one.inputs.name}`) === name;
            return is ? month.amount(one, "runs") * assumptions.runLogBytes : 0;
        }) +
        sum("aws:apigateway/stage:Stage", ({ inputs }) => {
            const { destinationArn } = (inputs.accessLogSettings ?? {}) as { readonly destinationArn?: string };
            return isThis(destinationArn) ? requestsOf(String(inputs.restApi), month) * assumptions.accessLogBytes : 0;
        }) +
        sum("aws:ecs/taskDefinition:TaskDefinition", (one) =>
            String(one.inputs.containerDefinitions).includes(`"awslogs-group":"${name}"`)
                ? month.amount(one, "tasks") * assumptions.taskLogBytes
                : 0,
        ) +
        sum("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", ({ inputs }) =>
            (inputs.logDestinationConfigs as readonly unknown[]).some(isThis)
                ? guardedRequests(String(inputs.resourceArn), month) *
                  assumptions.firewallLoggedShare *
                  assumptions.firewallLogBytes
                : 0,
        ) +
        sum("aws:ec2/flowLog:FlowLog", ({ inputs }) =>
            isThis(inputs.logDestination) ? tasks * assumptions.flowLogBytes : 0,
        )
    );
}

/** Requests to the APIs behind a firewall. */
function guardedRequests(aclArn: string, month: Month): number {
    return month.structure
        .ofType("aws:wafv2/webAclAssociation:WebAclAssociation")
        .filter(({ inputs }) => inputs.webAclArn === aclArn)
        .reduce((sum, { inputs }) => sum + requestsOf(apiIn(inputs.resourceArn), month), 0);
}

/** The id of the API that the ARN of a stage names. */
export function apiIn(stageArn: unknown): string {
    return /\/restapis\/(\w+)\//.exec(String(stageArn))?.[1] ?? "";
}

/** An alarm is paid for each metric that it looks at. */
const alarm: Pricing = (resource) => {
    const { metricQueries = [], period = 60 } = resource.inputs as AlarmInputs;
    if (period < 60 || metricQueries.some(({ metric }) => (metric?.period ?? 60) < 60)) {
        return [{ notPriced: `the alarm ${resource.name}, which looks more often than once a minute` }];
    }
    const queried = metricQueries.filter(({ metric }) => metric).length;
    return [{ price: PRICES.cloudWatch.alarmMetricMonth, units: Math.max(1, queried) }];
};

interface AlarmInputs {
    readonly period?: number;
    readonly metricQueries?: readonly { readonly metric?: { readonly period?: number } }[];
}

/** The dashboard, and the metrics of the program's own that it shows: the program declares them nowhere else. */
const dashboard: Pricing = ({ inputs }) => [
    { price: PRICES.cloudWatch.dashboardMonth, units: 1 },
    { price: PRICES.cloudWatch.metricMonth, units: ownMetrics(String(inputs.dashboardBody)).size },
];

function ownMetrics(body: string): Set<string> {
    const { widgets = [] } = JSON.parse(body) as { widgets?: readonly Widget[] };
    const metrics = widgets.flatMap(({ properties }) => properties?.metrics ?? []);
    const own = metrics.filter(([namespace]) => typeof namespace === "string" && !/^(AWS\/|ECS\/|\.)/.test(namespace));
    return new Set(own.map((metric) => JSON.stringify(metric.filter((part) => typeof part === "string"))));
}

interface Widget {
    readonly properties?: { readonly metrics?: readonly (readonly unknown[])[] };
}

export const cloudWatch: ServicePricing = {
    priced: {
        "aws:cloudwatch/logGroup:LogGroup": logGroup,
        "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
        "aws:cloudwatch/dashboard:Dashboard": dashboard,
    },
    free: ["aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"],
};
