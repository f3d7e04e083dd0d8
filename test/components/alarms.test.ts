import * as assert from "node:assert/strict";
import { planOf, resourcesOfType } from "../support/plans";

const FUNCTIONS = [
    "challenge-answer",
    "events-ingest",
    ...["confirm", "consult", "fail", "migrate", "promote", "request", "sweep", "update"].map((of) => `uploads-${of}`),
    ...["create", "delete", "get", "list", "replace", "stopped", "sweep"].map((of) => `orders-${of}`),
];

/** Functions that throw for each caller whom they do not know. */
const AUTHORIZERS = ["orders-authorize", "uploads-authorize"];

describe("alarms", () => {
    it("ring at the first error or throttle of a function, but for the authorizers' errors", async () => {
        const alarms = await alarmsOf("AWS/Lambda");

        const expected = [
            ...FUNCTIONS.map((name) => [`quartet-prod-${name}`, "Errors"]),
            ...[...FUNCTIONS, ...AUTHORIZERS].map((name) => [`quartet-prod-${name}`, "Throttles"]),
        ].map(([FunctionName, metric]) => [{ FunctionName }, metric, "Sum", 1, 300]);
        assert.deepEqual(alarms, sorted(expected));
    });

    it("ring at the first answer of an API with 5xx", async () => {
        const apis = [
            { ApiName: "quartet-prod-events-api", Stage: "prod" },
            { ApiName: "quartet-prod-orders-api", Stage: "prod" },
            { ApiName: "quartet-prod-uploads-api", Stage: "prod-uploads" },
            { ApiName: "quartet-prod-challenge-api", Stage: "prod" },
        ];

        assert.deepEqual(
            await alarmsOf("AWS/ApiGateway"),
            sorted(apis.map((dimensions) => [dimensions, "5XXError", "Sum", 1, 300])),
        );
    });

    it("ring at the first dead letter, and when the oldest message is an hour old", async () => {
        assert.deepEqual(
            await alarmsOf("AWS/SQS"),
            sorted(
                ["quartet-prod-orders-queue", "quartet-prod-uploads-queue"].flatMap((name) => [
                    [{ QueueName: name }, "ApproximateAgeOfOldestMessage", "Maximum", 3600, 300],
                    [
                        ...[{ QueueName: `${name}-dead-letters` }, "ApproximateNumberOfMessagesVisible"],
                        ...["Maximum", 1, 300],
                    ],
                ]),
            ),
        );
    });

    it("ring at the first order that failed", async () => {
        assert.deepEqual(await alarmsOf("quartet-prod-orders"), [
            [{ Service: "OrderService" }, "OrdersFailed", "Sum", 1, 300],
        ]);
    });

    it("ring at their threshold already, after one period, and not without data", async () => {
        for (const { name, inputs } of await faultAlarms()) {
            const { comparisonOperator, evaluationPeriods, treatMissingData } = inputs;

            assert.deepEqual(
                [comparisonOperator, evaluationPeriods, treatMissingData],
                ["GreaterThanOrEqualToThreshold", 1, "notBreaching"],
                name,
            );
        }
    });

    it("tell the stack's own topic in prod that they ring and that they are over, but for those that scale workers", async () => {
        const topic = ["arn:aws:sns:eu-west-1:222222222222:quartet-prod-alarms"];
        const alarms = await faultAlarms();

        const told = new Set(alarms.map(({ name }) => name));
        const all = resourcesOfType(await planOf("prod"), ALARM).map(({ name }) => name);
        assert.deepEqual(all.filter((name) => !told.has(name)).sort(), [
            "orders-worker-scale-in-alarm",
            "orders-worker-scale-out-alarm",
        ]);
        for (const { name, inputs } of alarms) {
            const { alarmActions, okActions, insufficientDataActions } = inputs;

            assert.deepEqual([alarmActions, okActions, insufficientDataActions], [topic, topic, undefined], name);
        }
    });

    it("tell nobody in dev", async () => {
        const alarms = resourcesOfType(await planOf("dev"), ALARM);

        assert.ok(alarms.length > 0);
        for (const { name, inputs } of alarms) {
            const { alarmActions, okActions, insufficientDataActions } = inputs;

            assert.deepEqual([alarmActions, okActions, insufficientDataActions], [[], [], undefined], name);
        }
    });
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Alarms that tell people; others scale a service. */
async function faultAlarms() {
    const alarms = resourcesOfType(await planOf("prod"), ALARM);
    return alarms.filter(({ inputs }) => !/:scalingPolicy:/.test(String(inputs.alarmActions)));
}

async function alarmsOf(namespace: string): Promise<unknown[]> {
    const alarms = (await faultAlarms()).filter(({ inputs }) => inputs.namespace === namespace);
    return sorted(
        alarms.map(({ inputs: { dimensions, metricName, statistic, threshold, period } }) => [
            ...[dimensions, metricName, statistic, threshold, period],
        ]),
    );
}

function sorted(rows: readonly unknown[]): unknown[] {
    return [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
