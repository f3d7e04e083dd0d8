import { changed, without, type Mutation } from "../support/mutation";

export const mutations: readonly Mutation[] = [
    {
        rule: "sqs-encryption",
        when: "a queue is not encrypted",
        change: (resources) =>
            changed(resources, "aws:sqs/queue:Queue", { sqsManagedSseEnabled: false, kmsMasterKeyId: undefined }),
    },
    {
        rule: "sqs-encryption",
        when: "a queue of production leaves its key out",
        change: (resources) => changed(resources, "aws:sqs/queue:Queue", { kmsMasterKeyId: undefined }),
    },
    {
        rule: "sqs-tls-only",
        when: "no queue has a policy",
        change: (resources) => without(resources, "aws:sqs/queuePolicy:QueuePolicy"),
    },
    {
        rule: "sqs-tls-only",
        when: "the policy of a queue is about another one",
        change: (resources) =>
            changed(resources, "aws:sqs/queuePolicy:QueuePolicy", {
                queueUrl: "https://sqs.eu-west-1.amazonaws.com/222222222222/other",
            }),
    },
    {
        rule: "sqs-dlq",
        when: "a queue of uploads gives its messages up without a trace",
        change: (resources) => changed(resources, "aws:sqs/queue:Queue", { redrivePolicy: undefined }, "uploads-queue"),
    },
];
