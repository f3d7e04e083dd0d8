import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MessageQueue } from "./messageQueue";
import { stackNames } from "./names";
import { scaleOutSteps } from "./scaleOutSteps";

/** Arguments for {@link QueueWorker}. */
export interface QueueWorkerArgs {
    readonly cluster: aws.ecs.Cluster;
    /** Physical name of the cluster. */
    readonly clusterName: string;
    readonly taskDefinition: aws.ecs.TaskDefinition;
    readonly network: {
        /** Private ones: tasks get no public address. */
        readonly subnetIds: pulumi.Input<string[]>;
        readonly securityGroupId: pulumi.Input<string>;
    };
    /** The queue that the tasks take their messages from. */
    readonly queue: MessageQueue;
    /** Tasks that run at the same time, at least 1. */
    readonly most: number;
    /** Waiting messages that are enough for one task more, at least 1. */
    readonly messagesPerTask: number;
}

/**
 * A service on Fargate whose tasks work off a queue: none while the queue is empty, more the more messages wait.
 *
 * A task is added for each `messagesPerTask` waiting messages, and again for as long as messages wait; the service never goes from some
 * tasks to fewer, as the one that ends might be at work. It goes to none once no message waited or was in flight for a while.
 *
 * CloudWatch counts messages once a minute. A queue that nobody used for six hours is not counted; once it is used again, that may take up
 * to 15 minutes to be seen. Source: SQS Developer Guide, "Monitoring Amazon SQS queues using CloudWatch".
 */
export class QueueWorker extends pulumi.ComponentResource {
    public readonly service: aws.ecs.Service;

    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        private readonly args: QueueWorkerArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:QueueWorker", name, {}, opts);
        atLeastOne("most", args.most, this);
        atLeastOne("messagesPerTask", args.messagesPerTask, this);
        this.service = this.makeService();
        const target = this.makeTarget();
        this.scaleOut(target);
        this.scaleIn(target);
        this.registerOutputs({ serviceArn: this.service.arn });
    }

    private makeService(): aws.ecs.Service {
        const { cluster, taskDefinition, network } = this.args;
        return new aws.ecs.Service(
            `${this.name}-service`,
            {
                name: this.names.physical(this.name),
                cluster: cluster.arn,
                taskDefinition: taskDefinition.arn,
                launchType: "FARGATE",
                platformVersion: "LATEST",
                desiredCount: 0,
                networkConfiguration: {
                    subnets: network.subnetIds,
                    securityGroups: [network.securityGroupId],
                    assignPublicIp: false,
                },
                deploymentCircuitBreaker: { enable: true, rollback: true },
                enableEcsManagedTags: true,
                propagateTags: "SERVICE",
            },
            // It is the number of tasks that scaling found right.
            { parent: this, ignoreChanges: ["desiredCount"] },
        );
    }

    private makeTarget(): aws.appautoscaling.Target {
        return new aws.appautoscaling.Target(
            `${this.name}-target`,
            {
                serviceNamespace: "ecs",
                scalableDimension: "ecs:service:DesiredCount",
                resourceId: pulumi.interpolate`service/${this.args.clusterName}/${this.service.name}`,
                minCapacity: 0,
                maxCapacity: this.args.most,
            },
            { parent: this },
        );
    }

    private scaleOut(target: aws.appautoscaling.Target): void {
        const { most, messagesPerTask } = this.args;
        const policy = this.makePolicy("scale-out", target, {
            // An exact number would end tasks at work when fewer messages wait.
            adjustmentType: "ChangeInCapacity",
            cooldown: TASK_START_SECONDS,
            metricAggregationType: "Maximum",
            stepAdjustments: scaleOutSteps(most, messagesPerTask).map(({ from, to, add }) => ({
                metricIntervalLowerBound: String(from - 1),
                metricIntervalUpperBound: to === undefined ? undefined : String(to - 1),
                scalingAdjustment: add,
            })),
        });
        this.makeAlarm("scale-out", policy, {
            alarmDescription: "No fault: messages wait, and tasks are added.",
            ...this.metric(WAITING),
            statistic: "Maximum",
            period: 60,
            evaluationPeriods: 1,
            comparisonOperator: "GreaterThanOrEqualToThreshold",
            threshold: 1,
        });
    }

    private scaleIn(target: aws.appautoscaling.Target): void {
        const policy = this.makePolicy("scale-in", target, {
            adjustmentType: "ExactCapacity",
            cooldown: 0,
            metricAggregationType: "Maximum",
            stepAdjustments: [{ metricIntervalUpperBound: "0", scalingAdjustment: 0 }],
        });
        const query = (id: string, metric: string) => ({
            id,
            metric: { ...this.metric(metric), stat: "Maximum", period: 60 },
        });
        this.makeAlarm("scale-in", policy, {
            alarmDescription: "No fault: no message waits or is in flight, and the tasks end.",
            metricQueries: [
                query("waiting", WAITING),
                query("inflight", IN_FLIGHT),
                // SQS counts messages in flight only while there are some.
                {
                    id: "messages",
                    expression: "waiting + FILL(inflight, 0)",
                    label: "Waiting or in flight",
                    returnData: true,
                },
            ],
            evaluationPeriods: IDLE_MINUTES,
            comparisonOperator: "LessThanOrEqualToThreshold",
            threshold: 0,
        });
    }

    private makePolicy(
        purpose: string,
        { resourceId, scalableDimension, serviceNamespace }: aws.appautoscaling.Target,
        stepScalingPolicyConfiguration: aws.types.input.appautoscaling.PolicyStepScalingPolicyConfiguration,
    ): aws.appautoscaling.Policy {
        return new aws.appautoscaling.Policy(
            `${this.name}-${purpose}`,
            {
                name: this.names.physical(`${this.name}-${purpose}`),
                policyType: "StepScaling",
                ...{ resourceId, scalableDimension, serviceNamespace, stepScalingPolicyConfiguration },
            },
            { parent: this },
        );
    }

    private makeAlarm(
        purpose: string,
        { arn }: aws.appautoscaling.Policy,
        args: Omit<aws.cloudwatch.MetricAlarmArgs, "name" | "alarmActions" | "treatMissingData">,
    ): void {
        new aws.cloudwatch.MetricAlarm(
            `${this.name}-${purpose}-alarm`,
            {
                name: this.names.physical(`${this.name}-${purpose}`),
                ...args,
                treatMissingData: "notBreaching",
                alarmActions: [arn],
            },
            { parent: this },
        );
    }

    private metric(metricName: string) {
        return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: this.args.queue.queue.name } };
    }
}

/** Time in which an added task surely takes its first message; until then no other is added for the same messages. */
const TASK_START_SECONDS = 120;

/** Minutes without a message, waiting or in flight, after which the tasks end. */
const IDLE_MINUTES = 5;

const WAITING = "ApproximateNumberOfMessagesVisible";
const IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible";

function atLeastOne(argument: string, value: number, worker: QueueWorker): void {
    if (!Number.isInteger(value) || value < 1) {
        throw new pulumi.ResourceError(`${argument} is ${value}: it must be a whole number of 1 or more.`, worker);
    }
}
