import { UnknownValueError } from "@pulumi/policy";
import { block } from "../blocks";
import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { isSet, jsonOf, propsOf, textOf } from "../values";

export const QUEUE = "aws:sqs/queue:Queue";

/** Resources of some types that are about a queue, by its URL. */
export function withQueueUrl(queue: StackResource, stack: Stack, ...types: readonly string[]): StackResource[] {
    return stack.ofType(...types).filter((resource) => stands(resource, "queueUrl", (url) => url, queue));
}

/** Whether something gives a queue the messages that it could not deliver or handle. */
export function takesDeadLetters(queue: StackResource, stack: Stack): boolean {
    return DEAD_LETTERS.some(({ type, property, target }) =>
        stack.ofType(type).some((resource) => stands(resource, property, target, queue)),
    );
}

/** The target of a redrive policy, empty when it names none. */
export function redriveTarget(policy: unknown): string {
    return textOf(propsOf(jsonOf(policy, "redrivePolicy")).deadLetterTargetArn) ?? "";
}

/** Where resources name the queue of their dead letters. */
const DEAD_LETTERS: readonly {
    readonly type: string;
    readonly property: string;
    readonly target: (value: unknown) => unknown;
}[] = [
    { type: QUEUE, property: "redrivePolicy", target: redriveTarget },
    { type: "aws:sqs/redrivePolicy:RedrivePolicy", property: "redrivePolicy", target: redriveTarget },
    { type: "aws:sns/topicSubscription:TopicSubscription", property: "redrivePolicy", target: redriveTarget },
    {
        type: "aws:lambda/function:Function",
        property: "deadLetterConfig",
        target: (value) => block({ value }, "value").targetArn,
    },
    {
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        property: "destinationConfig",
        target: (value) => block({ value }, "value", "onFailure").destination,
    },
    {
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
        property: "destinationConfig",
        target: (value) => block({ value }, "value", "onFailure").destinationArn,
    },
    {
        type: "aws:cloudwatch/eventTarget:EventTarget",
        property: "deadLetterConfig",
        target: (value) => block({ value }, "value").arn,
    },
    {
        type: "aws:scheduler/schedule:Schedule",
        property: "target",
        target: (value) => block({ value }, "value", "deadLetterConfig").arn,
    },
];

/** Types with a queue for dead letters. */
export const DEAD_LETTER_TYPES = DEAD_LETTERS.map(({ type }) => type);

/** Whether what a property says stands for a queue. Where it is unknown, what it is made of decides. */
function stands(
    resource: StackResource,
    property: string,
    read: (value: unknown) => unknown,
    queue: StackResource,
): boolean {
    if (!isSet(resource.props, property)) {
        return false;
    }
    try {
        return identifies(textOf(read(resource.props[property])) ?? "", queue);
    } catch (error) {
        if (error instanceof UnknownValueError) {
            return resource.referred(property).includes(queue.urn);
        }
        // What can't be read names nothing: where it has to, its own rules say so.
        return false;
    }
}

/** Whether a text is a queue's ARN or URL. Before the first deployment only the queue's name is known, which ends either. */
function identifies(text: string, { outputs }: StackResource): boolean {
    const [whole, name] = [text.startsWith("arn:") ? "arn" : "url", "name"].map((key) => ifKnown(() => outputs[key]));
    return whole === undefined ? text.split(/[:/]/).at(-1) === name : text === whole;
}
