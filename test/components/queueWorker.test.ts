import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { MessageQueue } from "../../components/support/messageQueue";
import { QueueWorker, type QueueWorkerArgs } from "../../components/support/queueWorker";
import { scaleOutSteps } from "../../components/support/scaleOutSteps";
import { createAutoScaling } from "../../local/services/autoscaling/autoscaling";
import type { Plan } from "../../plan/types";
import { manualClock } from "../local/events/support/clock";
import { resource, resourcesOfType } from "../support/plans";
import { operations } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

const POLICY = "aws:appautoscaling/policy:Policy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const MINUTE = 60_000;

describe("a queue worker", () => {
    it("is a service of Fargate without tasks or public addresses, which undoes a deployment that fails", async () => {
        const plan = await planOfWorker();

        const { inputs } = resource(plan, "aws:ecs/service:Service", "work-service");
        assert.deepEqual(inputs, {
            name: "quartet-dev-work",
            cluster: "arn:aws:ecs:eu-west-1:111111111111:cluster/quartet-dev-orders",
            taskDefinition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/quartet-dev-work:1",
            launchType: "FARGATE",
            platformVersion: "LATEST",
            desiredCount: 0,
            networkConfiguration: {
                subnets: ["subnet-1", "subnet-2"],
                securityGroups: ["sg-1"],
                assignPublicIp: false,
            },
            deploymentCircuitBreaker: { enable: true, rollback: true },
            enableEcsManagedTags: true,
            propagateTags: "SERVICE",
        });
    });

    it("is scaled between no task and the most", async () => {
        const plan = await planOfWorker({ most: 7 });

        const { inputs } = resource(plan, "aws:appautoscaling/target:Target", "work-target");
        assert.deepEqual(inputs, {
            serviceNamespace: "ecs",
            scalableDimension: "ecs:service:DesiredCount",
            resourceId: "service/quartet-dev-orders/quartet-dev-work",
            minCapacity: 0,
            maxCapacity: 7,
        });
    });

    it("adds a task for each so many messages, by steps from the alarm's threshold on", async () => {
        const plan = await planOfWorker({ most: 3, messagesPerTask: 10 });

        const { inputs } = resource(plan, POLICY, "work-scale-out");
        assert.deepEqual(inputs.stepScalingPolicyConfiguration, {
            adjustmentType: "ChangeInCapacity",
            cooldown: 120,
            metricAggregationType: "Maximum",
            stepAdjustments: [
                { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
                { metricIntervalLowerBound: "10", metricIntervalUpperBound: "20", scalingAdjustment: 2 },
                { metricIntervalLowerBound: "20", scalingAdjustment: 3 },
            ],
        });
    });

    it("has alarms that ring nobody, each with its policy, one on waiting messages and one on none at all", async () => {
        const plan = await planOfWorker();

        const [scaleOut, scaleIn] = ["work-scale-out", "work-scale-in"].map((name) => {
            const { inputs } = resource(plan, ALARM, `${name}-alarm`);
            assert.deepEqual(inputs.alarmActions, [resource(plan, POLICY, name).outputs.arn]);
            assert.deepEqual([inputs.name, inputs.treatMissingData], [`quartet-dev-${name}`, "notBreaching"]);
            return inputs;
        });
        const dimensions = { QueueName: "quartet-dev-jobs" };
        const metric = (which: string) => ({
            ...{ namespace: "AWS/SQS", metricName: `ApproximateNumberOfMessages${which}`, dimensions },
        });
        const { namespace, metricName, statistic, period, evaluationPeriods, comparisonOperator, threshold } = scaleOut;
        assert.deepEqual(
            { namespace, metricName, dimensions: scaleOut.dimensions, statistic, period },
            { ...metric("Visible"), statistic: "Maximum", period: 60 },
        );
        assert.deepEqual([evaluationPeriods, comparisonOperator, threshold], [1, "GreaterThanOrEqualToThreshold", 1]);
        assert.deepEqual(scaleIn.metricQueries, [
            { id: "waiting", metric: { ...metric("Visible"), stat: "Maximum", period: 60 } },
            { id: "inflight", metric: { ...metric("NotVisible"), stat: "Maximum", period: 60 } },
            {
                ...{ id: "messages", expression: "waiting + FILL(inflight, 0)" },
                ...{ label: "Waiting or in flight", returnData: true },
            },
        ]);
        assert.deepEqual(
            [scaleIn.evaluationPeriods, scaleIn.comparisonOperator, scaleIn.threshold],
            [5, "LessThanOrEqualToThreshold", 0],
        );
    });

    it("keeps its tasks while messages wait or are in flight, and ends all five minutes after", async () => {
        const { count, messages, pass } = await scaledWorker({ most: 3, messagesPerTask: 10 });
        const counts: number[] = [];
        const after = (minutes: number, waiting: number, inFlight: number) => {
            messages({ waiting, inFlight });
            pass(minutes * MINUTE);
            counts.push(count());
        };

        after(1, 0, 0);
        after(1, 1, 0);
        after(1, 25, 0);
        after(1, 5, 20);
        after(30, 0, 1);
        after(4, 0, 0);
        after(2, 0, 0);

        assert.deepEqual(counts, [0, 1, 3, 3, 3, 3, 0]);
    });

    it("adds a task again for messages that still wait, up to the most", async () => {
        const { count, messages, pass } = await scaledWorker({ most: 2, messagesPerTask: 10 });
        messages({ waiting: 1, inFlight: 1 });

        const counts = [1, 1, 1, 10].map((minutes) => {
            pass(minutes * MINUTE);
            return count();
        });

        assert.deepEqual(counts, [1, 1, 2, 2]);
    });

    it("scales in no more steps than a policy may have, the last one to the most", () => {
        const steps = scaleOutSteps(50, 4);

        assert.equal(steps.length, 20);
        assert.deepEqual(steps[0], { from: 1, to: 13, add: 3 });
        assert.deepEqual(steps[19], { from: 193, add: 50 });
        steps.slice(1).forEach(({ from }, index) => assert.equal(from, steps[index].to));
    });

    it("refuses to have no task, and a part of a message per task", async () => {
        await assert.rejects(planOfWorker({ most: 0 }), /most is 0: it must be a whole number of 1 or more/);
        await assert.rejects(planOfWorker({ messagesPerTask: 0.5 }), /messagesPerTask is 0.5/);
    });
});

function planOfWorker(more: Partial<QueueWorkerArgs> = {}): Promise<Plan> {
    return planOfProgram(() => {
        const settings = { visibilitySeconds: 60, mostDeliveries: 3 };
        new QueueWorker("work", {
            cluster: new aws.ecs.Cluster("orders", { name: "quartet-dev-orders" }),
            clusterName: "quartet-dev-orders",
            taskDefinition: new aws.ecs.TaskDefinition("work", {
                family: "quartet-dev-work",
                containerDefinitions: "[]",
            }),
            network: { subnetIds: ["subnet-1", "subnet-2"], securityGroupId: "sg-1" },
            queue: new MessageQueue("jobs", { ...settings, operations: operations() }),
            ...{ most: 3, messagesPerTask: 10 },
            ...more,
        });
    });
}

/** The worker as the local run scales it, with a queue and tasks that are numbers. */
async function scaledWorker(more: Partial<QueueWorkerArgs>) {
    const plan = await planOfWorker(more);
    const clock = manualClock("2026-01-01T00:00:00Z");
    let counts: Record<string, string> = {};
    const messages = ({ waiting, inFlight }: { waiting: number; inFlight: number }) => {
        counts = {
            ApproximateNumberOfMessages: String(waiting),
            ApproximateNumberOfMessagesNotVisible: String(inFlight),
        };
    };
    messages({ waiting: 0, inFlight: 0 });
    let desiredCount = 0;
    const { arn } = resource(plan, "aws:ecs/service:Service", "work-service").outputs;
    const { outputs } = resource(plan, "aws:sqs/queue:Queue", "jobs");
    const scaling = createAutoScaling({
        ...{ account: plan.account, region: plan.region, clock },
        queues: { attributes: (queueArn) => (queueArn === outputs.arn ? counts : undefined) },
        services: {
            desiredCount: (serviceArn) => (serviceArn === arn ? desiredCount : undefined),
            setDesiredCount(_, count) {
                desiredCount = count;
            },
        },
        print: () => undefined,
    });
    for (const type of Object.keys(scaling.apply)) {
        for (const planned of resourcesOfType(plan, type)) await scaling.apply[type](planned);
    }
    scaling.ready();
    return { messages, count: () => desiredCount, pass: clock.pass };
}
