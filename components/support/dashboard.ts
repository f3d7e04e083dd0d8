import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";

/** A metric as CloudWatch writes it in a dashboard: namespace, name, then dimensions as names and values in turn. */
export type DashboardMetric = readonly string[];

/** A graph of a dashboard. */
export interface Graph {
    readonly title: string;
    readonly metrics: readonly DashboardMetric[];
    /** @default "Sum" */
    readonly stat?: "Sum" | "Average" | "Maximum" | "p99";
}

/** A dashboard of graphs, two in a row. */
export function dashboard(
    name: string,
    graphs: readonly Graph[],
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.Dashboard {
    const { region, physical } = stackNames();
    const widgets = graphs.map(({ title, metrics, stat = "Sum" }, index) => ({
        type: "metric",
        x: (index % 2) * 12,
        y: Math.floor(index / 2) * 6,
        width: 12,
        height: 6,
        properties: { title, metrics, stat, region, period: 300, view: "timeSeries" },
    }));
    return new aws.cloudwatch.Dashboard(
        `${name}-dashboard`,
        { dashboardName: physical(name), dashboardBody: JSON.stringify({ widgets }) },
        opts,
    );
}

/** What callers of an API see: how many, how fast, and what failed. */
export function apiGraphs(apiName: string, stage: string): Graph[] {
    const metric = (metricName: string) => ["AWS/ApiGateway", metricName, "ApiName", apiName, "Stage", stage];
    return [
        { title: "Requests and errors", metrics: ["Count", "4XXError", "5XXError"].map(metric) },
        { title: "Latency (99th percentile, ms)", metrics: ["Latency", "IntegrationLatency"].map(metric), stat: "p99" },
    ];
}

/** How a queue fills and empties. */
export function queueGraphs(queue: string, deadLetters: string): Graph[] {
    const metric = (metricName: string, name: string) => ["AWS/SQS", metricName, "QueueName", name];
    return [
        {
            title: "Messages waiting, and dead letters",
            metrics: [queue, deadLetters].map((name) => metric("ApproximateNumberOfMessagesVisible", name)),
            stat: "Maximum",
        },
        {
            title: "Age of the oldest message (s)",
            metrics: [metric("ApproximateAgeOfOldestMessage", queue)],
            stat: "Maximum",
        },
    ];
}

/** How a function runs. */
export function functionGraphs(functionName: string): Graph[] {
    const metric = (metricName: string) => ["AWS/Lambda", metricName, "FunctionName", functionName];
    return [
        { title: "Invocations, errors, throttles", metrics: ["Invocations", "Errors", "Throttles"].map(metric) },
        { title: "Duration (99th percentile, ms)", metrics: [metric("Duration")], stat: "p99" },
    ];
}
