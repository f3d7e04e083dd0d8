/** Where metrics go. */
export interface MetricsTarget {
    readonly namespace: string;
    /** Value of the dimension `Service`. */
    readonly service: string;
}

/**
 * Counts in CloudWatch: one line in its embedded metric format, written past `console`, which Lambda would wrap.
 *
 * @param properties What else to find the line by, such as the request's id; no dimensions.
 */
export function count(
    { namespace, service }: MetricsTarget,
    counts: Readonly<Record<string, number>>,
    properties: Readonly<Record<string, string>>,
): void {
    const metrics = Object.keys(counts).map((name) => ({ Name: name, Unit: "Count" }));
    const directive = { Namespace: namespace, Dimensions: [["Service"]], Metrics: metrics };
    const line = {
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
        Service: service,
        ...properties,
        ...counts,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
}
