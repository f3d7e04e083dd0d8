import { deniesWithoutTls } from "../../support/iam/tlsOnly";
import { QUEUE, withQueueUrl } from "../../support/sqs/queues";
import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "sqs-tls-only",
    title: "Queues refuse requests without TLS.",
    why: "A request over plain HTTP shows its messages, and the signature of its caller, to everybody on the way.",
    mend: "Give the queue a policy that denies sqs:* to everybody where aws:SecureTransport is false.",
    sources: ["cdk-nag AwsSolutions-SQS4"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [QUEUE],
    joins: ["aws:sqs/queuePolicy:QueuePolicy"],
    *checkInStack(queue, stack) {
        const policies = [queue, ...withQueueUrl(queue, stack, "aws:sqs/queuePolicy:QueuePolicy")];
        if (!policies.some((policy) => deniesWithoutTls(policy, ["sqs:*"], [""]))) {
            yield { fault: "has no policy that refuses requests without TLS" };
        }
    },
};
