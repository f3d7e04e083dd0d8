/** A count of a queue's messages. */
export interface Metric {
    readonly queueName: string;
    /** As `GetQueueAttributes` names it. */
    readonly attribute: string;
    readonly statistic: Statistic;
    readonly periodMs: number;
}

export type Statistic = keyof typeof STATISTICS;

/** A metric as an alarm declares it, by itself or in a query, where `stat` stands for the statistic. */
export interface MetricInputs {
    readonly namespace?: string;
    readonly metricName?: string;
    readonly dimensions?: Readonly<Record<string, string>>;
    readonly statistic?: string;
    readonly stat?: string;
    /** Seconds. */
    readonly period?: number;
}

/** A query of an alarm's metric math. */
export interface QueryInputs {
    readonly id: string;
    readonly expression?: string;
    readonly metric?: MetricInputs;
    readonly returnData?: boolean;
}

/**
 * Reads a metric.
 *
 * @throws When the local run does not measure it.
 */
export function toMetric({ namespace, metricName = "", dimensions = {}, ...given }: MetricInputs): Metric {
    const attribute = namespace === "AWS/SQS" ? ATTRIBUTES[metricName] : undefined;
    if (attribute === undefined) {
        throw new Error(
            `the local run scales on ${Object.keys(ATTRIBUTES).join(", ")} of AWS/SQS, not on ${metricName} of ${namespace}`,
        );
    }
    const { QueueName, ...others } = dimensions;
    if (QueueName === undefined || Object.keys(others).length > 0) {
        throw new Error(`a metric of AWS/SQS has the dimension QueueName, not ${Object.keys(dimensions).join(", ")}`);
    }
    const { statistic = given.stat ?? "", period } = given;
    if (!(statistic in STATISTICS)) {
        throw new Error(`the local run has the statistics ${Object.keys(STATISTICS).join(", ")}, not ${statistic}`);
    }
    if (period === undefined || !(period > 0)) {
        throw new Error(`the metric ${metricName} has no period`);
    }
    return { queueName: QueueName, attribute, statistic: statistic as Statistic, periodMs: period * 1000 };
}

/**
 * Reads the queries of an alarm: one metric, or a sum of some. `FILL(metric, value)` is the metric itself, as no data are missing here.
 *
 * @throws When their result is something else.
 */
export function toSum(queries: readonly QueryInputs[]): Metric[] {
    const results = queries.filter(({ returnData }) => returnData === true);
    if (results.length !== 1) {
        throw new Error(`${results.length} of its queries have returnData; it must be one`);
    }
    const [{ id, expression = id }] = results;
    const metrics = expression.split("+").map((term) => {
        const name = /^\s*(?:FILL\(\s*(\w+)\s*,\s*-?[\d.]+\s*\)|(\w+))\s*$/.exec(term);
        const metric = queries.find((query) => query.id === (name?.[1] ?? name?.[2]))?.metric;
        if (metric === undefined) {
            throw new Error(`the local run has sums of metrics, with FILL or without, not "${expression}"`);
        }
        return toMetric(metric);
    });
    if (metrics.some(({ periodMs }) => periodMs !== metrics[0].periodMs)) {
        throw new Error(`the metrics of "${expression}" must have the same period`);
    }
    return metrics;
}

/** A statistic of values, of which there is at least one. */
export function statisticOf(statistic: Statistic, values: readonly number[]): number {
    return STATISTICS[statistic](values);
}

const STATISTICS = {
    Maximum: (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value)),
    Minimum: (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value)),
    Average: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

/** Attributes of queues, by the names that they have as metrics. */
const ATTRIBUTES: Readonly<Record<string, string | undefined>> = {
    ApproximateNumberOfMessagesVisible: "ApproximateNumberOfMessages",
    ApproximateNumberOfMessagesNotVisible: "ApproximateNumberOfMessagesNotVisible",
    ApproximateNumberOfMessagesDelayed: "ApproximateNumberOfMessagesDelayed",
};
