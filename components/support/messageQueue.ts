import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Callback } from "./callback";
import { stackNames } from "./names";
import { alarm, type Operations } from "./operations";
import { document, tlsOnly } from "./policy";

/** Arguments for {@link MessageQueue}. */
export interface MessageQueueArgs {
    /** Seconds that a message stays hidden from others after it was received: at least six times the time-out of the function that handles it. */
    readonly visibilitySeconds: number;
    /** Deliveries after which a message becomes a dead letter. */
    readonly mostDeliveries: number;
    /**
     * Age of the oldest message at which an alarm rings, in seconds.
     *
     * @default 3600
     */
    readonly oldestSeconds?: number;
    readonly operations: Operations;
}

/**
 * A queue and the queue of its dead letters, both encrypted as the stack is and reached by TLS alone, with alarms on dead letters and on
 * messages that wait too long.
 */
export class MessageQueue extends pulumi.ComponentResource {
    /** ARN of the queue, known before deploy. */
    public readonly arn: string;
    /** URL of the queue, known before deploy. */
    public readonly url: string;
    /** ARN of the queue of dead letters, known before deploy. */
    public readonly deadLettersArn: string;
    public readonly queue: aws.sqs.Queue;
    public readonly deadLetters: aws.sqs.Queue;

    private readonly names = stackNames();

    constructor(
        private readonly name: string,
        private readonly args: MessageQueueArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("quartet:support:MessageQueue", name, {}, opts);
        const { visibilitySeconds, mostDeliveries } = args;
        this.arn = this.names.arn("sqs", this.names.physical(name));
        this.url = this.names.queueUrl(this.names.physical(name));
        this.deadLettersArn = this.names.arn("sqs", this.names.physical(`${name}-dead-letters`));
        this.deadLetters = this.makeQueue(`${name}-dead-letters`, this.deadLettersArn, {
            messageRetentionSeconds: DEAD_LETTER_DAYS * 86_400,
            // Letters go back to where they came from, and come from nowhere else.
            redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [this.arn] }),
        });
        this.queue = this.makeQueue(
            name,
            this.arn,
            {
                visibilityTimeoutSeconds: visibilitySeconds,
                messageRetentionSeconds: MESSAGE_DAYS * 86_400,
                receiveWaitTimeSeconds: 20,
                redrivePolicy: JSON.stringify({
                    deadLetterTargetArn: this.deadLettersArn,
                    maxReceiveCount: mostDeliveries,
                }),
            },
            this.deadLetters,
        );
        this.alarms();
        this.registerOutputs({ url: this.queue.url, deadLettersUrl: this.deadLetters.url });
    }

    /** What a role of a function, or of a task, needs the customer key for when it sends to the queue, or receives from it. */
    allowKey(callback: Pick<Callback, "role" | "roleArn">, use: "send" | "receive" | "receiveDeadLetters"): void {
        this.args.operations.encryption.allowRole({
            role: callback.role,
            roleArn: callback.roleArn,
            actions: use === "send" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
            service: "sqs",
            context: { "aws:sqs:arn": use === "receiveDeadLetters" ? this.deadLettersArn : this.arn },
        });
    }

    private makeQueue(
        name: string,
        arn: string,
        settings: Omit<aws.sqs.QueueArgs, "name">,
        deadLetters?: aws.sqs.Queue,
    ): aws.sqs.Queue {
        const { keyArn } = this.args.operations.encryption;
        const queue = new aws.sqs.Queue(
            name,
            {
                name: this.names.physical(name),
                ...settings,
                ...(keyArn
                    ? { kmsMasterKeyId: keyArn, kmsDataKeyReusePeriodSeconds: 300 }
                    : { sqsManagedSseEnabled: true }),
            },
            { parent: this, dependsOn: deadLetters },
        );
        new aws.sqs.QueuePolicy(
            `${name}-policy`,
            { queueUrl: queue.url, policy: document([tlsOnly("sqs:*", arn)]) },
            { parent: this },
        );
        return queue;
    }

    private alarms(): void {
        const { name, args, names } = this;
        const ring = (what: string, queue: string, metric: string, threshold: number, description: string) =>
            alarm(
                `${name}-${what}`,
                {
                    alarmName: names.physical(`${name}-${what}`),
                    description,
                    namespace: "AWS/SQS",
                    metric,
                    dimensions: { QueueName: names.physical(queue) },
                    statistic: "Maximum",
                    threshold,
                },
                args.operations,
                { parent: this },
            );
        ring(
            "dead-letters-arrived",
            `${name}-dead-letters`,
            "ApproximateNumberOfMessagesVisible",
            1,
            `Messages of ${names.physical(name)} were given up: mend the cause, then start the redrive of ${names.physical(`${name}-dead-letters`)}.`,
        );
        ring(
            "oldest-message",
            name,
            "ApproximateAgeOfOldestMessage",
            args.oldestSeconds ?? 3600,
            `Messages of ${names.physical(name)} wait too long: their handler fails, or is too slow.`,
        );
    }
}

/** Days until a message that nobody handled is deleted. */
const MESSAGE_DAYS = 4;

/** The most that SQS keeps: people need time. A letter's age counts from when it was first sent. */
const DEAD_LETTER_DAYS = 14;
