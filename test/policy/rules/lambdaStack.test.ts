import * as assert from "node:assert/strict";
import { rule as asynchronous } from "../../../policy/rules/lambda/lambda-async-failure-destination";
import { rule as logGroups } from "../../../policy/rules/lambda/lambda-log-group-managed";
import { rule as sqs } from "../../../policy/rules/lambda/lambda-sqs-event-source";
import { judgeStack, UNKNOWN, type Declared } from "../support/judge";

type Values = Record<string, unknown>;

const ARN = "arn:aws:lambda:eu-west-1:111111111111:function:orders";
const fn = (props: Values = {}, refers = {}): Declared => ({
    type: "aws:lambda/function:Function",
    name: "fn",
    props: { name: "orders", ...props },
    outputs: { arn: ARN },
    refers,
});
const unnamed: Declared = { ...fn(), props: { runtime: "nodejs24.x" }, outputs: { name: UNKNOWN, arn: UNKNOWN } };
const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. Compute the value from names and config ` +
    `instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("lambda-log-group-managed", () => {
    const group = (name: unknown, refers = {}): Declared => ({
        type: "aws:cloudwatch/logGroup:LogGroup",
        name: "group",
        props: { name },
        refers,
    });

    for (const [title, resources] of [
        ["the log group of its name", [fn(), group("/aws/lambda/orders")]],
        ["one by another name", [fn({ loggingConfig: { logGroup: "/orders" } }), group("/orders")]],
        [
            "one by an output",
            [fn({ loggingConfig: { logGroup: UNKNOWN } }, { loggingConfig: ["group"] }), group(UNKNOWN)],
        ],
        ["one made of its own output", [unnamed, group(UNKNOWN, { name: ["fn"] })]],
        [
            "the log group of its name, in JSON",
            [fn({ loggingConfig: [{ logFormat: "JSON" }] }), group("/aws/lambda/orders")],
        ],
    ] as const) {
        it(`takes a function with ${title}`, async () => {
            assert.deepEqual(await judgeStack(logGroups, resources), []);
        });
    }

    for (const [title, resources] of [
        ["no log group", [fn()]],
        ["another function's", [fn(), group("/aws/lambda/orders-list")]],
        [
            "the one of its name, which it does not use",
            [fn({ loggingConfig: { logGroup: "/orders" } }), group("/aws/lambda/orders")],
        ],
        [
            "a name that only begins with a log group's",
            [fn({ loggingConfig: { logGroup: "/orders/2" } }, { loggingConfig: ["group"] }), group("/orders")],
        ],
        ["an unknown one of nobody", [unnamed, group(UNKNOWN)]],
    ] as const) {
        it(`refuses a function with ${title}`, async () => {
            assert.deepEqual(await judgeStack(logGroups, resources), [
                "fn writes into a log group that the program does not make. Add a LogGroup with the name /aws/lambda/<name of the function>, or name one in loggingConfig.logGroup.",
            ]);
        });
    }
});

describe("lambda-async-failure-destination", () => {
    const permission = (principal: string, named: unknown = "orders", refers = {}): Declared => ({
        type: "aws:lambda/permission:Permission",
        name: "permission",
        props: { principal, function: named, action: "lambda:InvokeFunction" },
        refers,
    });
    const invokeConfig = (destinationConfig: Values, functionName = ARN): Declared => ({
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        name: "config",
        props: { functionName, destinationConfig },
    });
    const onFailure = { onFailure: { destination: UNKNOWN } };

    for (const [title, resources] of [
        ["that nothing invokes", [fn()]],
        ["that API Gateway invokes", [fn(), permission("apigateway.amazonaws.com")]],
        [
            "with a queue for dead letters",
            [fn({ deadLetterConfig: { targetArn: UNKNOWN } }), permission("sns.amazonaws.com")],
        ],
        ["with a destination", [fn(), permission("events.amazonaws.com"), invokeConfig(onFailure)]],
        [
            "with a destination for an alias",
            [fn(), permission("s3.amazonaws.com"), invokeConfig(onFailure, `${ARN}:live`)],
        ],
        ["beside one that is invoked", [fn(), permission("events.amazonaws.com", "orders-list")]],
    ] as const) {
        it(`takes a function ${title}`, async () => {
            assert.deepEqual(await judgeStack(asynchronous, resources), []);
        });
    }

    for (const [title, resources, source] of [
        ["by name", [fn(), permission("events.amazonaws.com")], "events.amazonaws.com"],
        ["by ARN and version", [fn(), permission("sns.amazonaws.com", `${ARN}:7`)], "sns.amazonaws.com"],
        ["by an output", [unnamed, permission("s3.amazonaws.com", UNKNOWN, { function: ["fn"] })], "s3.amazonaws.com"],
        [
            "by a service of a region",
            [fn(), permission("logs.eu-west-1.amazonaws.com")],
            "logs.eu-west-1.amazonaws.com",
        ],
        [
            "through an alias",
            [
                fn(),
                {
                    type: "aws:lambda/alias:Alias",
                    name: "live",
                    props: { functionName: "orders" },
                    outputs: { arn: UNKNOWN },
                },
                permission("events.amazonaws.com", UNKNOWN, { function: ["live"] }),
            ],
            "events.amazonaws.com",
        ],
        [
            "with a destination for what succeeds",
            [fn(), permission("events.amazonaws.com"), invokeConfig({ onSuccess: { destination: UNKNOWN } })],
            "events.amazonaws.com",
        ],
    ] as const) {
        it(`refuses a function that is invoked ${title}`, async () => {
            assert.deepEqual(await judgeStack(asynchronous, resources), [
                `fn loses events of ${source} that it could not handle. Set deadLetterConfig, or destinationConfig.onFailure in a FunctionEventInvokeConfig.`,
            ]);
        });
    }
});

describe("lambda-sqs-event-source", () => {
    const QUEUE_ARN = "arn:aws:sqs:eu-west-1:111111111111:queue";
    const queue = (props: Values = {}): Declared => ({
        type: "aws:sqs/queue:Queue",
        name: "queue",
        props: { name: "queue", visibilityTimeoutSeconds: 60, redrivePolicy: UNKNOWN, ...props },
        outputs: { arn: UNKNOWN, url: UNKNOWN },
    });
    const mapping = (props: Values = {}, refers = {}): Declared => ({
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
        name: "mapping",
        props: {
            functionName: "orders",
            eventSourceArn: QUEUE_ARN,
            functionResponseTypes: ["ReportBatchItemFailures"],
            ...props,
        },
        refers,
    });
    const byOutput = mapping({ eventSourceArn: UNKNOWN }, { eventSourceArn: ["queue"] });
    const redrive = {
        type: "aws:sqs/redrivePolicy:RedrivePolicy",
        props: { queueUrl: UNKNOWN },
        refers: { queueUrl: ["queue"] },
    };

    for (const [title, resources] of [
        ["a sound queue by its ARN", [fn({ timeout: 10 }), queue(), mapping()]],
        ["a sound queue by an output", [fn({ timeout: 10 }), queue(), byOutput]],
        ["a queue with a redrive policy beside it", [fn(), queue({ redrivePolicy: null }), redrive, byOutput]],
        ["a queue with the defaults", [fn(), queue({ visibilityTimeoutSeconds: null }), mapping()]],
        ["one message at a time", [fn(), queue(), mapping({ functionResponseTypes: [], batchSize: 1 })]],
        ["a queue of another program", [fn({ timeout: 900 }), mapping()]],
        [
            "a stream",
            [
                fn(),
                queue(),
                mapping({
                    eventSourceArn: "arn:aws:kinesis:eu-west-1:111111111111:stream/a",
                    functionResponseTypes: [],
                }),
            ],
        ],
        [
            "an unknown stream",
            [
                { type: "aws:kinesis/stream:Stream", name: "stream" },
                mapping({ eventSourceArn: UNKNOWN, functionResponseTypes: [] }, { eventSourceArn: ["stream"] }),
            ],
        ],
    ] as const) {
        it(`takes a mapping of ${title}`, async () => {
            assert.deepEqual(await judgeStack(sqs, resources), []);
        });
    }

    const tooShort = (hidden: number, needed: number) =>
        `mapping reads from queue, which hides messages for ${hidden} s, while fn needs ${needed} s. Set visibilityTimeoutSeconds of the queue to six times the function's timeout and the batching window. [visibilityTimeoutSeconds]`;
    const wholeBatches = `mapping repeats whole batches when one message fails. ${sqs.mend} [functionResponseTypes]`;
    const forEver =
        "mapping reads from queue, which repeats messages that fail until they expire. Set redrivePolicy of the queue, with the ARN of a queue for dead letters. [redrivePolicy]";

    for (const [title, resources, messages] of [
        ["a slow function", [fn({ timeout: 11 }), queue(), mapping()], [tooShort(60, 66)]],
        [
            "a slow function by an alias's ARN",
            [fn({ timeout: 11 }), queue(), mapping({ functionName: `${ARN}:live` })],
            [tooShort(60, 66)],
        ],
        [
            "a batching window",
            [fn({ timeout: 10 }), queue(), mapping({ maximumBatchingWindowInSeconds: 5 })],
            [tooShort(60, 65)],
        ],
        [
            "the default of SQS",
            [fn({ timeout: 6 }), queue({ visibilityTimeoutSeconds: null }), byOutput],
            [tooShort(30, 36)],
        ],
        ["the default of Lambda", [fn(), queue({ visibilityTimeoutSeconds: 10 }), mapping()], [tooShort(10, 18)]],
        ["no redrive policy", [fn(), queue({ redrivePolicy: "" }), mapping()], [forEver]],
        ["whole batches", [fn(), queue(), mapping({ functionResponseTypes: [] })], [wholeBatches]],
        ["whole batches of another program's queue", [fn(), mapping({ functionResponseTypes: [] })], [wholeBatches]],
        [
            "values that are unknown, each by itself",
            [fn(), queue({ visibilityTimeoutSeconds: UNKNOWN }), mapping({ functionResponseTypes: [UNKNOWN] })],
            [unknown("mapping", "functionResponseTypes.0"), unknown("mapping", "visibilityTimeoutSeconds")],
        ],
        [
            "a source that nothing in the program tells",
            [fn(), queue(), mapping({ eventSourceArn: UNKNOWN })],
            [unknown("mapping", "eventSourceArn")],
        ],
    ] as const) {
        it(`refuses a mapping with ${title}`, async () => {
            assert.deepEqual(await judgeStack(sqs, resources), messages);
        });
    }
});
