import { DEFAULT_LOAD } from "./orders";

/** What the cost of a stack rests on besides its declared resources, by name. */
export type Assumptions = Readonly<Record<AssumptionName, number>>;

export type AssumptionName = keyof typeof ASSUMPTIONS;

/** Each assumption with the value that it has where neither `cost.json` nor an option says otherwise. */
export const ASSUMPTIONS = {
    apiMs: { value: 60, says: "milliseconds of a function that an API calls" },
    authorizerMs: { value: 20, says: "milliseconds of an authorizer" },
    queueMs: { value: 500, says: "milliseconds of a function that a queue calls" },
    scheduleMs: { value: 200, says: "milliseconds of a function that a schedule calls" },
    eventMs: { value: 100, says: "milliseconds of a function that anything else calls" },
    authorizerShare: {
        value: 0.1,
        says: "of the calls to a route run its authorizer, where API Gateway remembers answers",
    },
    messagesPerRun: { value: 1, says: "messages that a function gets at a time from a queue" },
    queuePollers: { value: 5, says: "connections by which Lambda waits at a queue, each asking every 20 s" },
    responseBytes: { value: 1000, says: "bytes of an API's answer, with headers" },
    runLogBytes: { value: 1500, says: "bytes that a run of a function writes to its log" },
    accessLogBytes: { value: 500, says: "bytes in the access log for a request to an API, or to a bucket" },
    taskLogBytes: { value: 2000, says: "bytes that a task writes to its log for one piece of work" },
    flowLogBytes: { value: 3000, says: "bytes of a network's flow log for one piece of work" },
    firewallLoggedShare: { value: 0.01, says: "of the requests are logged by a firewall that logs" },
    firewallLogBytes: { value: 2000, says: "bytes of such a log line" },
    logCompression: { value: 0.15, says: "of what is logged is stored, since CloudWatch compresses it" },
    storageMonths: { value: 12, says: "months that is stored what nothing expires" },
    tracesPerSecond: { value: 1, says: "traces that X-Ray records each second before it samples" },
    tracedShare: { value: 0.05, says: "of the requests beyond are traced" },
    dpusPerTransaction: { value: 0.15, says: "DPUs of a transaction in Aurora DSQL" },
    kmsRequestShare: {
        value: 0.05,
        says: "requests to a customer key for one request to an API: services keep data keys",
    },
    imageGb: { value: 0.1, says: "GB of an image in ECR" },
    endpointBytes: {
        value: 100_000,
        says: "bytes through interface endpoints, or a NAT gateway, for one piece of work",
    },
    containerInsightsMetrics: {
        value: 25,
        says: "metrics of Container Insights for a cluster, in hours in which tasks run",
    },
    taskSeconds: { value: DEFAULT_LOAD.seconds, says: "seconds that a container takes for one piece of work" },
    taskStartSeconds: { value: DEFAULT_LOAD.startSeconds, says: "seconds from the pull of a task's image to its work" },
    taskConcurrency: { value: DEFAULT_LOAD.concurrent, says: "pieces of work that a task of a service does at a time" },
    taskBursts: { value: DEFAULT_LOAD.bursts, says: "times a month that a service scales out from nothing" },
} as const satisfies Record<string, { readonly value: number; readonly says: string }>;

export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as AssumptionName[];

/**
 * All assumptions, with other values for some.
 *
 * @throws When one is 0 that others are divided by.
 */
export function assume(others: Partial<Assumptions> = {}): Assumptions {
    const defaults = ASSUMPTION_NAMES.map((name) => [name, ASSUMPTIONS[name].value]);
    const all = { ...(Object.fromEntries(defaults) as Assumptions), ...others };
    for (const name of ["messagesPerRun", "taskConcurrency"] as const) {
        if (all[name] === 0) {
            throw new Error(`The assumption ${name} is 0: give a number above 0.`);
        }
    }
    return all;
}
