import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import { readSettings } from "./settings";

/** Attributes of the declared queues, by queue name. */
export type Declarations = Map<string, Record<string, string>>;

/** Makes the `apply` functions that read planned queues, and what belongs to them, into attributes. */
export function queueDeclarations(declared: () => Declarations): ResourceProvider["apply"] {
    return {
        "aws:sqs/queue:Queue": (resource) => declareQueue(declared(), resource),
        "aws:sqs/queuePolicy:QueuePolicy": (resource) => declarePart(declared(), resource, "Policy", "policy"),
        "aws:sqs/redrivePolicy:RedrivePolicy": (resource) =>
            declarePart(declared(), resource, "RedrivePolicy", "redrivePolicy"),
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (resource) =>
            declarePart(declared(), resource, "RedriveAllowPolicy", "redriveAllowPolicy"),
    };
}

/** The attribute that each input sets. */
const inputs: readonly (readonly [input: string, attribute: string])[] = [
    ["delaySeconds", "DelaySeconds"],
    ["kmsDataKeyReusePeriodSeconds", "KmsDataKeyReusePeriodSeconds"],
    ["kmsMasterKeyId", "KmsMasterKeyId"],
    ["maxMessageSize", "MaximumMessageSize"],
    ["messageRetentionSeconds", "MessageRetentionPeriod"],
    ["policy", "Policy"],
    ["receiveWaitTimeSeconds", "ReceiveMessageWaitTimeSeconds"],
    ["redriveAllowPolicy", "RedriveAllowPolicy"],
    ["redrivePolicy", "RedrivePolicy"],
    ["sqsManagedSseEnabled", "SqsManagedSseEnabled"],
    ["visibilityTimeoutSeconds", "VisibilityTimeout"],
];

/** What the AWS provider sets where the program does not; it is less than SQS's own default. In bytes. */
const PROVIDER_MAXIMUM = "262144";

function declareQueue(declared: Declarations, resource: PlannedResource): void {
    const name = String(resource.outputs.name);
    if (resource.inputs.fifoQueue === true || name.endsWith(".fifo")) {
        throw new Error(`FIFO queues are not supported by the local run yet; "${name}" has to be a standard queue`);
    }
    // Also keeps the name from leading out of the data folder.
    if (!/^[\w-]{1,80}$/.test(name)) throw new Error(`"${name}" is no valid queue name`);
    const attributes: Record<string, string> = { MaximumMessageSize: PROVIDER_MAXIMUM };
    for (const [input, attribute] of inputs) {
        const value = resource.inputs[input];
        if (value !== undefined && value !== null) attributes[attribute] = text(value);
    }
    readSettings(name, attributes);
    declared.set(name, attributes);
}

function declarePart(declared: Declarations, resource: PlannedResource, attribute: string, input: string): void {
    const url = String(resource.inputs.queueUrl);
    const name = url.slice(url.lastIndexOf("/") + 1);
    const attributes = declared.get(name);
    if (attributes === undefined) throw new Error(`the queue ${url} is not declared`);
    attributes[attribute] = text(resource.inputs[input]);
    readSettings(name, attributes);
}

function text(value: unknown): string {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}
