import * as assert from "node:assert/strict";
import { API, component, costOf, item, lambdaFunction, near, restApi, system } from "./support/costPlan";

describe("the cost of a stack's calls", () => {
    it("is, for a million calls, that of requests, answers, runs and their milliseconds", () => {
        // Requests 3.50; answers 1 GB x 0.09; runs 0.20; 1e6 x 0.1 s x 0.5 GB x 0.0000133334 = 0.66667.
        const { perMillionCallsUsd, fixedUsd } = system(costOf(API, {}, { apiMs: 100, responseBytes: 1000 }), "shop");

        near(perMillionCallsUsd!, 3.5 + 0.09 + 0.2 + 0.66667);
        assert.equal(fixedUsd, 0);
    });

    it("takes the price of the function's architecture, which is x86 where none is said", () => {
        const resources = [component("shop"), lambdaFunction("f", "shop", { architectures: undefined }), API[2]];

        // 1e6 x 0.1 s x 0.5 GB x 0.0000166667.
        near(item(costOf(resources, {}, { apiMs: 100 }), "shop", "lambda", "GB-second"), 0.833335);
    });

    it("runs an authorizer for the share of calls whose answer API Gateway does not remember, or for all", () => {
        const guarded = (seconds: number) => [
            ...[component("shop"), lambdaFunction("f", "shop"), lambdaFunction("guard", "shop")],
            restApi("api", "shop", { "POST /a": "f" }, { name: "guard", seconds }),
        ];

        near(item(costOf(guarded(300), {}, { authorizerShare: 0.25 }), "shop", "lambda", "request"), 1.25 * 0.2);
        near(item(costOf(guarded(0), {}, { authorizerShare: 0.25 }), "shop", "lambda", "request"), 2 * 0.2);
    });

    it("divides calls over the routes by their shares, or evenly without preflights", () => {
        const resources = [
            ...[component("shop"), lambdaFunction("f", "shop"), lambdaFunction("g", "shop", { memorySize: 1024 })],
            restApi("api", "shop", { "POST /a": "f", "GET /b": "g", "OPTIONS /c": "g" }),
        ];
        const seconds = (calls: object) =>
            item(costOf(resources, { calls }, { apiMs: 100 }), "shop", "lambda", "GB-second");

        // GB-seconds: 1e6 x 0.1 s x (3/4 x 0.5 GB + 1/4 x 1 GB) and x (1/2 x 0.5 + 1/2 x 1).
        near(seconds({ shop: { "POST /a": 3, "GET /b": 1 } }), 100_000 * 0.625 * 0.0000133334);
        near(seconds({}), 100_000 * 0.75 * 0.0000133334);
    });

    it("follows the work of functions to buckets, queues, their consumers and tables", () => {
        const resources = [
            ...API,
            lambdaFunction("consumer", "shop"),
            { type: "aws:s3/bucket:Bucket", name: "bucket", parent: "shop" },
            {
                type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
                name: "lifecycle",
                parent: "shop",
                inputs: {
                    bucket: "bucket",
                    rules: [{ status: "Enabled", filter: { prefix: "a/" }, expiration: { days: 73 } }],
                },
            },
            { type: "aws:sqs/queue:Queue", name: "queue", parent: "shop", outputs: { arn: QUEUE_ARN } },
            {
                type: "aws:lambda/eventSourceMapping:EventSourceMapping",
                name: "mapping",
                parent: "shop",
                inputs: { eventSourceArn: QUEUE_ARN, functionName: "consumer" },
            },
            {
                type: "aws:dynamodb/table:Table",
                name: "table",
                parent: "shop",
                inputs: {
                    billingMode: "PAY_PER_REQUEST",
                    globalSecondaryIndexes: [{}, {}],
                    pointInTimeRecovery: { enabled: true },
                },
            },
        ];
        const work = {
            f: { bucket: { writes: 2, reads: 5, "bytes a/": 1000, "bytes b/": 1000 }, queue: { messages: 1 } },
            consumer: { table: { writes: 1, reads: 4, bytes: 1000 } },
        };

        const cost = costOf(resources, { work }, { storageMonths: 10, messagesPerRun: 5, queuePollers: 5 });

        // 2e6 x 0.005/1000 + 5e6 x 0.0004/1000.
        near(item(cost, "shop", "s3", "request"), 10 + 2);
        // 1 GB for 73 days of 30.41667, and 1 GB for 10 months, at 0.023.
        near(item(cost, "shop", "s3", "GB-month"), (2.4 + 10) * 0.023);
        // Send, receive, delete.
        near(item(cost, "shop", "sqs", "request"), 3 * 0.4);
        // 1e6 for the API, 200,000 for the queue.
        near(item(cost, "shop", "lambda", "request"), 1.2 * 0.2);
        // Each message's work, and each index: 3e6 and 4e6 units.
        near(item(cost, "shop", "dynamodb", "write request unit"), 3 * 0.625);
        near(item(cost, "shop", "dynamodb", "read request unit"), 4 * 0.125);
        // 1 GB x 10 months: 0.25 for what is stored and 0.20 for its recovery.
        near(item(cost, "shop", "dynamodb", "GB-month"), 10 * 0.45);
        // What is paid without calls is not paid again for them.
        const { items, perMillionCallsUsd } = system(cost, "shop");
        near(
            perMillionCallsUsd!,
            items.reduce((sum, one) => sum + one.perMillionCallsUsd, 0),
        );
        // Five long polls of 20 s, all month: 657,000 requests.
        near(system(cost, "shop").fixedUsd, 657_000 * 0.0000004);
    });

    it("counts what calls cost elsewhere, at the firewall and the key, for the system that is called", () => {
        const resources = [
            ...API,
            component("shared"),
            { type: "aws:kms/key:Key", name: "key", parent: "shared" },
            {
                type: "aws:wafv2/webAclAssociation:WebAclAssociation",
                name: "guard",
                parent: "shared",
                inputs: { resourceArn: "arn:aws:apigateway:eu-west-1::/restapis/api/stages/dev" },
            },
        ];

        const cost = costOf(resources, {}, { kmsRequestShare: 0.5 });

        near(item(cost, "shop", "wafv2", "request"), 0.6);
        near(item(cost, "shop", "kms", "request"), 500_000 * 0.000003);
        near(system(cost, "shared").fixedUsd, 1);
    });

    it("records the first trace of each second, and a share of the others", () => {
        const stage = {
            type: "aws:apigateway/stage:Stage",
            name: "stage",
            parent: "shop",
            inputs: { restApi: "api", xrayTracingEnabled: true },
        };
        const cost = costOf([...API, stage], {}, { tracesPerSecond: 0.1, tracedShare: 0.5 });

        // A month has 2,628,000 s: 262,800 traces, and half of the other 737,200.
        near(item(cost, "shop", "apigateway", "trace"), (262_800 + 368_600) * 0.000005);
    });

    it("is that of a month with the calls given, of which systems may have different ones", () => {
        const both = [...API, component("other"), restApi("api2", "other", { "GET /x": "f" })];

        const cost = costOf(both, {}, { responseBytes: 0, apiMs: 0 }, { shop: 2_000_000, other: 1_000_000 });

        near(cost.monthUsd, 3 * (3.5 + 0.2));
        assert.deepEqual(cost.callsPerMonth, { shop: 2_000_000, other: 1_000_000 });
    });
});

const QUEUE_ARN = "arn:aws:sqs:eu-west-1:111111111111:queue";
