import { awsError } from "../../../errors";
import { authorizeAccount, authorizeQueue } from "../access";
import type { SqsEnvironment, SqsRequest } from "../environment";
import { noSuchQueue } from "../errors";
import { optionalMap, optionalText, requiredText, targetQueue, texts } from "../input";
import type { Queue } from "../queue/queue";
import { checkRedrive } from "../redrive";
import { readSettings } from "../settings";
import { page } from "./page";

export function getQueueUrl(request: SqsRequest): object {
    const { environment, input } = request;
    const owner = optionalText(input, "QueueOwnerAWSAccountId") ?? environment.account;
    const queue = environment.queues().get(requiredText(input, "QueueName"));
    if (queue === undefined || owner !== environment.account) throw noSuchQueue();
    authorizeQueue(request, queue, "GetQueueUrl");
    return { QueueUrl: urlOf(environment, queue) };
}

export function listQueues(request: SqsRequest): object {
    authorizeAccount(request, "ListQueues");
    const { environment, input } = request;
    const prefix = optionalText(input, "QueueNamePrefix") ?? "";
    const queues = [...environment.queues().values()].filter(({ name }) => name.startsWith(prefix));
    const { items, rest } = page(
        input,
        queues.map((queue) => urlOf(environment, queue)),
    );
    return { ...(items.length === 0 ? {} : { QueueUrls: items }), ...rest };
}

export function listDeadLetterSourceQueues(request: SqsRequest): object {
    const { arn } = targetQueue(request, "ListDeadLetterSourceQueues");
    const { environment, input } = request;
    const { items, rest } = page(
        input,
        sourcesOf(environment, arn).map((queue) => urlOf(environment, queue)),
    );
    return { queueUrls: items, ...rest };
}

/** The queues whose dead letters go to a queue. */
export function sourcesOf({ queues }: SqsEnvironment, arn: string): readonly Queue[] {
    return [...queues().values()].filter(({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === arn);
}

export function getQueueAttributes(request: SqsRequest): object {
    const queue = targetQueue(request, "GetQueueAttributes");
    const names = texts(request.input, "AttributeNames");
    if (names.length === 0) return {};
    const all = attributesOf(queue);
    const unknown = names.find((name) => name !== "All" && !known.has(name));
    if (unknown !== undefined) throw awsError("InvalidAttributeName", 400, `Unknown Attribute ${unknown}.`);
    if (names.includes("All")) return { Attributes: all };
    return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) };
}

/** All attributes of a queue, those that count its messages included. */
export function attributesOf(queue: Queue): Record<string, string> {
    const { ready, delayed, inFlight } = queue.counts();
    return {
        QueueArn: queue.arn,
        ApproximateNumberOfMessages: String(ready),
        ApproximateNumberOfMessagesDelayed: String(delayed),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        CreatedTimestamp: String(Math.floor(queue.created / 1000)),
        LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
        ...queue.settings.attributes,
    };
}

/** Names that may be asked for, also where the queue has no such attribute. */
const known = new Set([
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "ContentBasedDeduplication",
    "CreatedTimestamp",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "LastModifiedTimestamp",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "Policy",
    "QueueArn",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
]);

/** What is set lasts until the plan is applied again. */
export function setQueueAttributes(request: SqsRequest): object {
    const queue = targetQueue(request, "SetQueueAttributes");
    const { environment, input } = request;
    const given = optionalMap(input, "Attributes") ?? {};
    const changes = Object.fromEntries(Object.keys(given).map((name) => [name, optionalText(given, name) ?? ""]));
    const settings = readSettings(queue.name, { ...exclusive(queue.settings.attributes, changes), ...changes });
    checkRedrive(queue.arn, settings, (arn) => environment.find(arn)?.settings);
    queue.settings = settings;
    queue.modified = environment.now();
    return {};
}

/** The attributes of now, without those of the kind of encryption that a change replaces. */
function exclusive(
    now: Readonly<Record<string, string>>,
    changes: Readonly<Record<string, string>>,
): Record<string, string> {
    const { SqsManagedSseEnabled, KmsMasterKeyId, KmsDataKeyReusePeriodSeconds, ...others } = now;
    if (changes.KmsMasterKeyId) return others;
    if (changes.SqsManagedSseEnabled === "true" || KmsMasterKeyId === undefined) {
        return { ...others, SqsManagedSseEnabled };
    }
    return { ...others, KmsMasterKeyId, KmsDataKeyReusePeriodSeconds };
}

export async function purgeQueue(request: SqsRequest): Promise<object> {
    const queue = targetQueue(request, "PurgeQueue");
    const now = request.environment.now();
    if (now < (purges.get(queue) ?? -Infinity) + PURGE_PERIOD) {
        throw awsError(
            "PurgeQueueInProgress",
            403,
            `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
    }
    purges.set(queue, now);
    await queue.purge();
    return {};
}

/** In milliseconds. */
const PURGE_PERIOD = 60_000;

/** When queues were last purged. */
const purges = new WeakMap<Queue, number>();

function urlOf({ endpoint, account }: SqsEnvironment, { name }: Queue): string {
    return `${endpoint()}/${account}/${name}`;
}
