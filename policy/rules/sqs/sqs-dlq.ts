import { ifKnown } from "../../support/known";
import { DEAD_LETTER_TYPES, QUEUE, redriveTarget, takesDeadLetters, withQueueUrl } from "../../support/sqs/queues";
import type { StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isSet, jsonOf, propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "sqs-dlq",
    title: "Queues hand messages that fail again and again to a dead-letter queue.",
    why: "Without one a message that can't be handled comes back until it is too old, and is then lost without a trace.",
    mend: "Set redrivePolicy with the deadLetterTargetArn of another queue.",
    sources: ["cdk-nag AwsSolutions-SQS3", "cdk-nag SQSRedrivePolicy", "Pulumi best practices sqs-dead-letter-queue"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [QUEUE],
    joins: DEAD_LETTER_TYPES,
    *checkInStack(queue, stack) {
        const policies = [queue, ...withQueueUrl(queue, stack, "aws:sqs/redrivePolicy:RedrivePolicy")];
        if (!policies.some(redrives) && !isForDeadLetters(queue) && !takesDeadLetters(queue, stack)) {
            yield { fault: "has no dead-letter queue" };
        }
    },
};

/** A policy that is still unknown has a target: it is made of one's ARN. */
function redrives({ props }: StackResource): boolean {
    return isSet(props, "redrivePolicy") && ifKnown(() => redriveTarget(props.redrivePolicy)) !== "";
}

/** Whether a queue says itself whose dead letters it takes: its sources may be in another stack. */
function isForDeadLetters({ props }: StackResource): boolean {
    const allowed = ifKnown(() => propsOf(jsonOf(props.redriveAllowPolicy, "redriveAllowPolicy")).redrivePermission);
    return textOf(allowed) === "byQueue";
}
