import type { PlannedResource } from "../../../../plan/types";
import { compilePattern, type Pattern } from "../../events/pattern/compile";

/** A planned event source mapping of a queue, with Lambda's defaults. */
export interface Mapping {
    readonly name: string;
    readonly queueArn: string;
    /** Name or ARN, perhaps with an alias. */
    readonly functionName: string;
    /** Messages in a batch, at most. */
    readonly batchSize: number;
    /** Time in which a batch may fill, in milliseconds; 0 delivers at once what there is. */
    readonly windowMs: number;
    /** Batches at one time. */
    readonly concurrency: number;
    readonly reportsFailures: boolean;
    /** A message that matches none is deleted; without any, all are delivered. */
    readonly filters: readonly Pattern[];
    readonly enabled: boolean;
}

/**
 * Reads a planned `aws:lambda/eventSourceMapping:EventSourceMapping`.
 *
 * @throws When Lambda would refuse it, or when its source is no standard queue. Source: Lambda API Reference, CreateEventSourceMapping.
 */
export function toMapping({ name, inputs }: PlannedResource): Mapping {
    const {
        eventSourceArn = "",
        functionName = "",
        batchSize = 10,
        maximumBatchingWindowInSeconds: window = 0,
        scalingConfig: { maximumConcurrency = FIRST_CONCURRENCY } = {},
        functionResponseTypes = [],
        filterCriteria: { filters = [] } = {},
    } = inputs as MappingInputs;
    if (!/^arn:[\w-]+:sqs:/.test(eventSourceArn) || eventSourceArn.endsWith(".fifo")) {
        throw new Error(`the local run delivers from standard queues of SQS, not from "${eventSourceArn}"`);
    }
    const unsupported = UNSUPPORTED.find((property) => inputs[property] !== undefined);
    if (unsupported !== undefined) {
        throw new Error(`${unsupported} is not supported by the local run`);
    }
    within("BatchSize", batchSize, 1, 10_000);
    within("MaximumBatchingWindowInSeconds", window, 0, 300);
    within("ScalingConfig.MaximumConcurrency", maximumConcurrency, 2, 1000);
    if (batchSize > 10 && window === 0) {
        throw new Error(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        );
    }
    if (functionResponseTypes.some((type) => type !== "ReportBatchItemFailures")) {
        throw new Error(
            `functionResponseTypes has ReportBatchItemFailures alone, not ${functionResponseTypes.join(", ")}`,
        );
    }
    return {
        ...{ name, queueArn: eventSourceArn, functionName, batchSize },
        windowMs: window * 1000,
        concurrency: maximumConcurrency,
        reportsFailures: functionResponseTypes.length > 0,
        filters: filters.map(({ pattern }) => compilePattern(pattern)),
        enabled: inputs.enabled !== false,
    };
}

/** Batches that Lambda begins with at one time; it adds more with time, and the local run does not. */
const FIRST_CONCURRENCY = 5;

const UNSUPPORTED = ["destinationConfig", "provisionedPollerConfig"] as const;

interface MappingInputs {
    readonly eventSourceArn?: string;
    readonly functionName?: string;
    readonly batchSize?: number;
    readonly maximumBatchingWindowInSeconds?: number;
    readonly scalingConfig?: { readonly maximumConcurrency?: number };
    readonly functionResponseTypes?: readonly string[];
    readonly filterCriteria?: { readonly filters?: readonly { readonly pattern: string }[] };
}

function within(property: string, value: number, least: number, most: number): void {
    if (!Number.isInteger(value) || value < least || value > most) {
        throw new Error(`${property} is ${value}; Lambda allows ${least} to ${most}`);
    }
}
