import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";

/** What all parts of a stack have in common when they run: how data is encrypted, what is logged, who is alarmed. */
export interface Operations {
    /** The stack's encryption; parts that need its key say so to it. */
    readonly encryption: Encryption;
    readonly logs: {
        /** Days until a log line is deleted; one of the periods that CloudWatch Logs knows. */
        readonly retentionDays: number;
        /** The lowest level that functions write. */
        readonly level: "DEBUG" | "INFO" | "WARN" | "ERROR";
    };
    /** ARNs of the SNS topics that alarms notify; empty for alarms that only show. */
    readonly alarmTopics: readonly string[];
}

/** A log group with the stack's retention, encrypted as the stack is. */
export function logGroup(
    name: string,
    logGroupName: string,
    { encryption, logs }: Operations,
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
    encryption.allowLogGroup(logGroupName);
    return new aws.cloudwatch.LogGroup(
        name,
        { name: logGroupName, retentionInDays: logs.retentionDays, kmsKeyId: encryption.keyArn },
        opts,
    );
}

/** What an alarm watches. */
export interface AlarmArgs {
    /** Physical name of the alarm. */
    readonly alarmName: string;
    /** What it means when it rings, and where to look first. */
    readonly description: string;
    /** e.g. `AWS/Lambda` */
    readonly namespace: string;
    /** e.g. `Errors` */
    readonly metric: string;
    readonly dimensions: Record<string, pulumi.Input<string>>;
    /** @default "Sum" */
    readonly statistic?: "Sum" | "Maximum" | "Average";
    /** The alarm rings at this value or above. @default 1 */
    readonly threshold?: number;
    /** Length of a period, in seconds. @default 300 */
    readonly periodSeconds?: number;
}

/** An alarm that rings after one bad period and is silent where there is no data. */
export function alarm(name: string, args: AlarmArgs, { alarmTopics }: Operations, opts: pulumi.CustomResourceOptions) {
    return new aws.cloudwatch.MetricAlarm(
        name,
        {
            name: args.alarmName,
            alarmDescription: args.description,
            namespace: args.namespace,
            metricName: args.metric,
            dimensions: args.dimensions,
            statistic: args.statistic ?? "Sum",
            comparisonOperator: "GreaterThanOrEqualToThreshold",
            threshold: args.threshold ?? 1,
            period: args.periodSeconds ?? 300,
            evaluationPeriods: 1,
            treatMissingData: "notBreaching",
            alarmActions: [...alarmTopics],
            okActions: [...alarmTopics],
        },
        opts,
    );
}
