import { PRICES } from "../prices";
import { DAYS, SECONDS, type Pricing, type ServicePricing } from "./pricing";

/** Runs, and memory while they last. */
const runs: Pricing = (resource, month) => {
    const { memorySize = 128, architectures, ephemeralStorage, tracingConfig } = resource.inputs as FunctionInputs;
    const architecture = architectures?.[0] === "arm64" ? "ARM64" : "X86_64";
    const seconds = month.amount(resource, "milliseconds") / 1000;
    const storage = Math.max(0, (ephemeralStorage?.size ?? 512) - 512);
    return [
        { price: PRICES.lambda.request, units: month.amount(resource, "runs") },
        { price: PRICES.lambda.gbSecond[architecture], units: (seconds * memorySize) / 1024 },
        { price: PRICES.lambda.storageGbSecond, units: (seconds * storage) / 1024 },
        ...(tracingConfig?.mode === "Active" ? [traces(month.amount(resource, "ownRuns"), month)] : []),
    ];
};

/**
 * What X-Ray's default rule records: the first requests of each second, and a share of those beyond. An upper bound: requests are taken to
 * come evenly, and each resource to have a rule for itself.
 */
export function traces(requests: number, { assumptions }: Parameters<Pricing>[1]) {
    const first = Math.min(requests, SECONDS * assumptions.tracesPerSecond);
    return { price: PRICES.xray.trace, units: first + (requests - first) * assumptions.tracedShare };
}

interface FunctionInputs {
    readonly memorySize?: number;
    readonly architectures?: readonly string[];
    readonly ephemeralStorage?: { readonly size?: number };
    readonly tracingConfig?: { readonly mode?: string };
}

/** Lambda waits at a queue all the time, by long polls of 20 s. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html. */
const polls: Pricing = ({ inputs }, { assumptions }) =>
    /^arn:[\w-]+:sqs:/.test(String(inputs.eventSourceArn))
        ? [{ price: PRICES.sqs.standardRequest, units: (assumptions.queuePollers * DAYS * 86_400) / 20 }]
        : [{ notPriced: `reading of ${inputs.eventSourceArn}` }];

export const lambda: ServicePricing = {
    priced: {
        "aws:lambda/function:Function": runs,
        "aws:lambda/eventSourceMapping:EventSourceMapping": polls,
    },
    free: [
        "aws:lambda/alias:Alias",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "aws:lambda/functionUrl:FunctionUrl",
        // One run for each deployment.
        "aws:lambda/invocation:Invocation",
        "aws:lambda/layerVersion:LayerVersion",
        "aws:lambda/permission:Permission",
    ],
};
