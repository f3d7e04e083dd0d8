import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import { stackNames } from "./names";
import { document, tlsOnly } from "./policy";

/** The topic that the stack's alarms are published to: subscribe to it. Encrypted as the stack is. */
export class AlarmTopic extends pulumi.ComponentResource {
    /** ARN, known before deploy. */
    public readonly arn: string;

    constructor(name: string, args: { readonly encryption: Encryption }, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:AlarmTopic", name, {}, opts);
        const names = stackNames();
        const topicName = names.physical(name);
        this.arn = names.arn("sns", topicName);
        const ofAlarms = { ArnLike: { "aws:SourceArn": names.arn("cloudwatch", "alarm:*") } };
        args.encryption.allowService("cloudwatch.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], ofAlarms);
        const topic = new aws.sns.Topic(
            `${name}-topic`,
            { name: topicName, kmsMasterKeyId: args.encryption.keyArn },
            { parent: this },
        );
        new aws.sns.TopicPolicy(
            `${name}-policy`,
            {
                arn: topic.arn,
                policy: document([
                    {
                        Sid: "PublishAlarms",
                        Effect: "Allow",
                        Principal: { Service: "cloudwatch.amazonaws.com" },
                        Action: "sns:Publish",
                        Resource: this.arn,
                        Condition: { StringEquals: { "aws:SourceAccount": names.account }, ...ofAlarms },
                    },
                    tlsOnly("sns:Publish", this.arn),
                ]),
            },
            { parent: this },
        );
        this.registerOutputs({ arn: this.arn });
    }
}
