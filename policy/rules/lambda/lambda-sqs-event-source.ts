import { FUNCTION, functionsOf } from "../../support/lambda/lambdaFunctions";
import { withQueueUrl, QUEUE } from "../../support/sqs/queues";
import { parseArn } from "../../support/iam/arns";
import { each } from "../../support/failClosed";
import { ifKnown } from "../../support/known";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isSet, numberOf, textOf, textsOf } from "../../support/values";

const REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy";

export const rule: Rule = {
    id: "lambda-sqs-event-source",
    title: "Queues that invoke functions hide messages long enough, keep those that fail, and get back only those.",
    why: "Otherwise a message is handled twice at once, is tried again for ever, or one that fails makes its whole batch be repeated.",
    mend: "Set functionResponseTypes to ReportBatchItemFailures.",
    sources: [
        "cdk-nag LambdaEventSourceSQSVisibilityTimeout",
        "cdk-nag LambdaEventSourceMappingDestination",
        "quartet",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:lambda/eventSourceMapping:EventSourceMapping"],
    joins: [QUEUE, REDRIVE_POLICY, FUNCTION],
    *checkInStack(mapping, stack) {
        const queues = queuesOf(mapping, stack);
        if (queues.length > 0 || queueName(mapping) !== undefined) {
            const ofQueues = queues.map((queue) => () => judgeQueue(mapping, queue, stack));
            yield* each([() => judgeResponse(mapping), ...ofQueues], (judge) => judge());
        }
    },
};

/** A batch of one fails as a whole anyway. */
function* judgeResponse({ props }: StackResource): Generator<Fault> {
    if (!textsOf(props.functionResponseTypes).includes("ReportBatchItemFailures") && numberOf(props.batchSize) !== 1) {
        yield { fault: "repeats whole batches when one message fails", finding: "functionResponseTypes" };
    }
}

function* judgeQueue(mapping: StackResource, queue: StackResource, stack: Stack): Generator<Fault> {
    if (!isSet(queue.props, "redrivePolicy") && withQueueUrl(queue, stack, REDRIVE_POLICY).length === 0) {
        yield {
            fault: `reads from ${queue.name}, which repeats messages that fail until they expire`,
            finding: "redrivePolicy",
            mend: "Set redrivePolicy of the queue, with the ARN of a queue for dead letters.",
        };
    }
    // SQS hides messages for 30 s, and Lambda stops functions after 3 s, unless told otherwise.
    const hidden = numberOf(queue.props.visibilityTimeoutSeconds) ?? 30;
    const window = numberOf(mapping.props.maximumBatchingWindowInSeconds) ?? 0;
    for (const { name, props } of functionsOf(mapping, "functionName", stack)) {
        const needed = 6 * (numberOf(props.timeout) ?? 3) + window;
        if (hidden < needed) {
            yield {
                fault: `reads from ${queue.name}, which hides messages for ${hidden} s, while ${name} needs ${needed} s`,
                finding: "visibilityTimeoutSeconds",
                mend: "Set visibilityTimeoutSeconds of the queue to six times the function's timeout and the batching window.",
            };
        }
    }
}

/** The queue that a mapping reads from. Before its first deployment only its name is known, which ends its ARN. */
function queuesOf(mapping: StackResource, stack: Stack): readonly StackResource[] {
    const named = stack.named(mapping, "eventSourceArn", QUEUE);
    if (named.length > 0) {
        return named;
    }
    const name = queueName(mapping);
    return name === undefined ? [] : stack.ofType(QUEUE).filter(({ outputs }) => ifKnown(() => outputs.name) === name);
}

/** The queue's name, if the source is one by its ARN. An unknown one that comes from no resource at all can't be judged. */
function queueName(mapping: StackResource): string | undefined {
    const read = () => textOf(mapping.props.eventSourceArn);
    const arn = parseArn((mapping.referred("eventSourceArn").length > 0 ? ifKnown(read) : read()) ?? "");
    return arn?.service === "sqs" ? arn.resource : undefined;
}
