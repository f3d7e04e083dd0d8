import * as assert from "node:assert/strict";
import type { PlannedResource } from "../../../plan/types";
import { alarm, idleAlarm, policy, policyArn, steps, target } from "./support/resources";
import { startScaling } from "./support/scalingServer";

/** What cannot be served, and why. */
const refused: Record<string, readonly [readonly PlannedResource[], RegExp]> = {
    "a target of another service": [
        [
            target({
                serviceNamespace: "dynamodb",
                scalableDimension: "dynamodb:table:ReadCapacityUnits",
                resourceId: "table/x",
            }),
        ],
        /scales ecs:service:DesiredCount .* not dynamodb:table:ReadCapacityUnits of table\/x/,
    ],
    "a target whose minimum is above its maximum": [[target({ minCapacity: 4 })], /minCapacity is 4 and maxCapacity 3/],
    "a target that is suspended": [[target({ suspendedState: {} })], /suspendedState is not supported/],
    "a target whose service is not declared": [
        [target({ resourceId: "service/shop/none" })],
        /The service arn:\S+:service\/shop\/none is not declared/,
    ],
    "a policy of target tracking": [
        [target(), policy("out", {}, { policyType: "TargetTrackingScaling" })],
        /policies of type StepScaling, not TargetTrackingScaling/,
    ],
    "a policy that adjusts by per cent": [
        [target(), policy("out", { adjustmentType: "PercentChangeInCapacity" })],
        /ChangeInCapacity and ExactCapacity, not by PercentChangeInCapacity/,
    ],
    "a policy without steps": [[target(), policy("out", { stepAdjustments: [] })], /has 0 steps/],
    "a policy whose steps leave a gap": [
        [target(), policy("out", { stepAdjustments: steps([2, undefined, 2], [0, 1, 1]) })],
        /step from 2 to Infinity does not begin where the one before it ends/,
    ],
    "a policy without a target": [[policy("out")], /policy out scales service\/shop\/web, which is no declared/],
    "an alarm by a policy that is not declared": [
        [target(), alarm("out")],
        /alarm out acts by arn:\S+policyName\/out, which is no declared policy/,
    ],
    "an alarm on another metric": [
        [alarm("out", { namespace: "AWS/ECS", metricName: "CPUUtilization" })],
        /not on CPUUtilization of AWS\/ECS/,
    ],
    "an alarm on a metric of SQS that is no count of messages": [
        [alarm("out", { metricName: "ApproximateAgeOfOldestMessage" })],
        /not on ApproximateAgeOfOldestMessage of AWS\/SQS/,
    ],
    "an alarm on a queue that is not declared": [
        [target(), policy("out"), alarm("out", { dimensions: { QueueName: "none" } })],
        /The queue none is not declared/,
    ],
    "an alarm on the wrong dimension": [
        [alarm("out", { dimensions: { TopicName: "queue" } })],
        /has the dimension QueueName, not TopicName/,
    ],
    "an alarm on a sum over time": [[alarm("out", { statistic: "Sum" })], /Maximum, Minimum, Average, not Sum/],
    "an alarm without a period": [[alarm("out", { period: undefined })], /has no period/],
    "an alarm by anomaly detection": [
        [alarm("out", { comparisonOperator: "GreaterThanUpperThreshold" })],
        /compares with a threshold, not by GreaterThanUpperThreshold/,
    ],
    "an alarm on metric math that is no sum": [
        [idleAlarm("in", { metricQueries: [{ id: "all", expression: "m1 * 2", returnData: true }] })],
        /sums of metrics, with FILL or without, not "m1 \* 2"/,
    ],
    "an alarm on metric math without a result": [[idleAlarm("in", { metricQueries: [] })], /0 of its queries/],
    "an alarm that scales when it stops ringing": [
        [alarm("out", { okActions: [policyArn("out")] })],
        /alarmActions alone/,
    ],
};

describe("Application Auto Scaling of the local run refuses", () => {
    for (const [what, [resources, message]] of Object.entries(refused)) {
        it(what, () => assert.rejects(startScaling({ resources }), { message }));
    }
});
