import * as assert from "node:assert/strict";
import { planOf, resourcesOfType } from "../support/plans";

const FUNCTIONS = [
    "challenge-answer",
    "events-ingest",
    ...["confirm", "consult", "fail", "migrate", "promote", "request", "sweep", "update"].map((of) => `uploads-${of}`),
];

describe("alarms", () => {
    it("ring at the first error or throttle of a function, but for the authorizer's errors", async () => {
        const alarms = await alarmsOf("AWS/Lambda");

        const expected = [
            ...FUNCTIONS.map((name) => [`quartet-prod-${name}`, "Errors"]),
            ...[...FUNCTIONS, "uploads-authorize"].map((name) => [`quartet-prod-${name}`, "Throttles"]),
        ].map(([FunctionName, metric]) => [{ FunctionName }, metric, "Sum", 1, 300]);
        assert.deepEqual(alarms, sorted(expected));
    });

    it("ring at the first answer of an API with 5xx", async () => {
        const apis = [
            { ApiName: "quartet-prod-events-api", Stage: "prod" },
            { ApiName: "quartet-prod-uploads-api", Stage: "prod-uploads" },
            { ApiName: "quartet-prod-challenge-api", Stage: "prod" },
        ];

        assert.deepEqual(
            await alarmsOf("AWS/ApiGateway"),
            sorted(apis.map((dimensions) => [dimensions, "5XXError", "Sum", 1, 300])),
        );
    });

    it("ring at the first dead letter, and when the oldest message is an hour old", async () => {
        const letters = { QueueName: "quartet-prod-uploads-queue-dead-letters" };

        assert.deepEqual(
            await alarmsOf("AWS/SQS"),
            sorted([
                [{ QueueName: "quartet-prod-uploads-queue" }, "ApproximateAgeOfOldestMessage", "Maximum", 3600, 300],
                [letters, "ApproximateNumberOfMessagesVisible", "Maximum", 1, 300],
            ]),
        );
    });

    it("ring at their threshold already, after one period, and not without data", async () => {
        for (const { name, inputs } of resourcesOfType(await planOf("prod"), ALARM)) {
            const { comparisonOperator, evaluationPeriods, treatMissingData } = inputs;

            assert.deepEqual(
                [comparisonOperator, evaluationPeriods, treatMissingData],
                ["GreaterThanOrEqualToThreshold", 1, "notBreaching"],
                name,
            );
        }
    });
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

async function alarmsOf(namespace: string): Promise<unknown[]> {
    const alarms = resourcesOfType(await planOf("prod"), ALARM).filter(({ inputs }) => inputs.namespace === namespace);
    return sorted(
        alarms.map(({ inputs: { dimensions, metricName, statistic, threshold, period } }) => [
            ...[dimensions, metricName, statistic, threshold, period],
        ]),
    );
}

function sorted(rows: readonly unknown[]): unknown[] {
    return [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
