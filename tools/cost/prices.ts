import type { Price, Source } from "./price";

const QUOTES = "quotes of the AWS Price List API";
const AUGUST: Source = { date: "2026-08-10", of: QUOTES };
const JAKARTA: Source = { date: "2026-09-03", of: `${QUOTES} for ap-southeast-3` };
const SEPTEMBER: Source = { date: "2026-09-19", of: QUOTES };
const METRICS: Source = { date: "2026-09-21", of: QUOTES };
const REGIONAL: Source = { date: "2026-09-30", of: QUOTES };
const OCTOBER: Source = { date: "2026-10-08", of: QUOTES };
const ADDRESSES: Source = { date: "2026-08-10", of: "https://aws.amazon.com/vpc/pricing/" };
const REPEATED: Source = { date: "2026-11", of: "several blogs" };
const MARCH: Source = { date: "2026-03", of: "several blogs, which quote https://aws.amazon.com/ecr/pricing/" };
const JUNE: Source = { date: "2026-06-13", of: "several blogs" };
const TRACES: Source = { date: "2026-11", of: "copies of https://aws.amazon.com/xray/pricing/, several blogs" };
const MEMORY: Source = { date: "2026-11", of: "memory" };

const MILLION = 1_000_000;
const BILLION = 1_000 * MILLION;

/** Prices of us-east-1 by service: the only place that has any. */
export const PRICES = {
    apiGateway: {
        restCall: {
            ...{ usd: 3.5, per: MILLION, unit: "call", confidence: "A", source: AUGUST },
            beyond: [
                [333 * MILLION, 2.8],
                [BILLION, 2.38],
                [20 * BILLION, 1.51],
            ],
        },
        httpCall: {
            ...{ usd: 1, per: MILLION, unit: "call", confidence: "A", source: OCTOBER },
            beyond: [[300 * MILLION, 0.9]],
        },
    },
    lambda: {
        request: { usd: 0.2, per: MILLION, unit: "request", confidence: "A", source: SEPTEMBER },
        // The first 6 (x86) and 7.5 (ARM) billion; the steps beyond are not known here.
        gbSecond: {
            X86_64: { usd: 0.0000166667, per: 1, unit: "GB-second", confidence: "A", source: SEPTEMBER },
            ARM64: { usd: 0.0000133334, per: 1, unit: "GB-second", confidence: "A", source: SEPTEMBER },
        },
        /** Of /tmp above 512 MB. */
        storageGbSecond: { usd: 0.0000000309, per: 1, unit: "GB-second", confidence: "C", source: MEMORY },
    },
    s3: {
        gbMonth: {
            ...{ usd: 0.023, per: 1, unit: "GB-month", confidence: "A", source: REGIONAL },
            beyond: [
                [51_200, 0.022],
                [512_000, 0.021],
            ],
        },
        /** PUT, COPY, POST and LIST. */
        write: { usd: 0.005, per: 1000, unit: "request", confidence: "A", source: REGIONAL },
        read: { usd: 0.0004, per: 1000, unit: "request", confidence: "A", source: REGIONAL },
    },
    /** A request for each 64 KB of a payload. */
    sqs: {
        standardRequest: {
            ...{ usd: 0.4, per: MILLION, unit: "request", free: MILLION, confidence: "A", source: OCTOBER },
            beyond: [
                [100 * BILLION, 0.3],
                [200 * BILLION, 0.24],
            ],
        },
        fifoRequest: {
            ...{ usd: 0.5, per: MILLION, unit: "request", free: MILLION, confidence: "A", source: OCTOBER },
            beyond: [
                [100 * BILLION, 0.4],
                [200 * BILLION, 0.35],
            ],
        },
    },
    /** On demand. An eventually consistent read takes half a unit. */
    dynamodb: {
        writeUnit: { usd: 0.625, per: MILLION, unit: "write request unit", confidence: "A", source: SEPTEMBER },
        readUnit: { usd: 0.125, per: MILLION, unit: "read request unit", confidence: "A", source: SEPTEMBER },
        gbMonth: { usd: 0.25, per: 1, unit: "GB-month", confidence: "A", source: SEPTEMBER },
        streamRead: { usd: 0.2, per: MILLION, unit: "read request unit", confidence: "A", source: SEPTEMBER },
        recoveryGbMonth: { usd: 0.2, per: 1, unit: "GB-month", confidence: "B", source: OCTOBER },
    },
    /** Nothing while idle. */
    dsql: {
        dpu: { usd: 8, per: MILLION, unit: "DPU", free: 100_000, confidence: "B", source: REPEATED },
        gbMonth: { usd: 0.33, per: 1, unit: "GB-month", free: 1, confidence: "B", source: REPEATED },
    },
    fargate: {
        vcpuHour: {
            X86_64: { usd: 0.04048, per: 1, unit: "vCPU-hour", confidence: "A", source: AUGUST },
            ARM64: { usd: 0.03238, per: 1, unit: "vCPU-hour", confidence: "A", source: AUGUST },
        },
        gbHour: {
            X86_64: { usd: 0.004445, per: 1, unit: "GB-hour", confidence: "A", source: AUGUST },
            ARM64: { usd: 0.00356, per: 1, unit: "GB-hour", confidence: "A", source: AUGUST },
        },
        /** Of ephemeral storage above 20 GB. */
        storageGbHour: { usd: 0.000111, per: 1, unit: "GB-hour", confidence: "C", source: MEMORY },
    },
    vpc: {
        publicAddressHour: { usd: 0.005, per: 1, unit: "address-hour", confidence: "A", source: ADDRESSES },
        /** Of interface endpoints; gateway endpoints (S3, DynamoDB) cost nothing. */
        endpointHour: { usd: 0.01, per: 1, unit: "endpoint-zone-hour", confidence: "A", source: REGIONAL },
        endpointGb: { usd: 0.01, per: 1, unit: "GB", confidence: "A", source: REGIONAL },
        natGatewayHour: { usd: 0.045, per: 1, unit: "hour", confidence: "A", source: REGIONAL },
        natGatewayGb: { usd: 0.045, per: 1, unit: "GB", confidence: "A", source: REGIONAL },
    },
    kms: {
        keyMonth: { usd: 1, per: 1, unit: "key-month", confidence: "B", source: REPEATED },
        request: { usd: 0.03, per: 10_000, unit: "request", confidence: "C", source: MEMORY },
    },
    cloudWatch: {
        logGb: { usd: 0.5, per: 1, unit: "GB", confidence: "A", source: AUGUST },
        logGbMonth: { usd: 0.03, per: 1, unit: "GB-month", confidence: "A", source: AUGUST },
        insightsGb: { usd: 0.005, per: 1, unit: "GB", confidence: "A", source: METRICS },
        metricMonth: { usd: 0.3, per: 1, unit: "metric-month", confidence: "A", source: METRICS },
        /** For each metric that an alarm looks at. */
        alarmMetricMonth: { usd: 0.1, per: 1, unit: "alarm-metric-month", confidence: "A", source: METRICS },
        dashboardMonth: { usd: 3, per: 1, unit: "dashboard-month", free: 3, confidence: "B", source: JUNE },
    },
    xray: {
        trace: { usd: 5, per: MILLION, unit: "trace", free: 100_000, confidence: "B", source: TRACES },
    },
    /** Standard topics. */
    sns: {
        publish: { usd: 0.5, per: MILLION, unit: "publish", free: MILLION, confidence: "B", source: JUNE },
    },
    ecr: {
        gbMonth: { usd: 0.1, per: 1, unit: "GB-month", confidence: "B", source: MARCH },
    },
    secretsManager: {
        secretMonth: { usd: 0.4, per: 1, unit: "secret-month", confidence: "A", source: JAKARTA },
        call: { usd: 0.05, per: 10_000, unit: "call", confidence: "A", source: JAKARTA },
    },
    ssm: {
        /** Of the standard tier. */
        parameterMonth: { usd: 0, per: 1, unit: "parameter-month", confidence: "A", source: AUGUST },
    },
    waf: {
        webAclMonth: { usd: 5, per: 1, unit: "web ACL-month", confidence: "B", source: REPEATED },
        ruleMonth: { usd: 1, per: 1, unit: "rule-month", confidence: "B", source: REPEATED },
        request: { usd: 0.6, per: MILLION, unit: "request", confidence: "B", source: REPEATED },
    },
    /** Direct PUT, the first 500 TB; each record counts as whole 5 KB. */
    firehose: {
        gb: { usd: 0.029, per: 1, unit: "GB", confidence: "B", source: REPEATED },
    },
    eventBridge: {
        /** Events of AWS services cost nothing. */
        customEvent: { usd: 1, per: MILLION, unit: "event", confidence: "B", source: OCTOBER },
    },
    /** To the internet, the first 10 TB. */
    dataOut: {
        gb: { usd: 0.09, per: 1, unit: "GB", free: 100, confidence: "A", source: REGIONAL },
    },
} as const satisfies Prices;

/** A price, or some by a name. */
interface Prices {
    readonly [name: string]: Price | Prices;
}
