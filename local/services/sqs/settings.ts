import { awsError } from "../../errors";
import { compilePolicy, type CompiledPolicy } from "../../iam/policy";
import { parseRedriveAllowPolicy, parseRedrivePolicy, type RedriveAllowPolicy, type RedrivePolicy } from "./redrive";

/** The attributes of a queue that can be set. Times are in seconds. */
export interface QueueSettings {
    /** As `GetQueueAttributes` gives them, with defaults. */
    readonly attributes: Readonly<Record<string, string>>;
    readonly visibilityTimeout: number;
    readonly delaySeconds: number;
    /** In bytes. */
    readonly maximumMessageSize: number;
    readonly messageRetentionPeriod: number;
    readonly receiveMessageWaitTimeSeconds: number;
    readonly policy?: CompiledPolicy;
    readonly redrivePolicy?: RedrivePolicy;
    readonly redriveAllowPolicy?: RedriveAllowPolicy;
    /** A key of the account; absent for `alias/aws/sqs` and for SQS's own encryption. */
    readonly customerKey?: string;
}

/**
 * Reads and checks attributes; those not given get SQS's defaults. An empty text stands for none.
 *
 * @throws InvalidAttributeName, InvalidAttributeValue, or InvalidParameterValue
 */
export function readSettings(queueName: string, given: Readonly<Record<string, string>>): QueueSettings {
    for (const name of Object.keys(given)) {
        if (!settable.has(name)) throw awsError("InvalidAttributeName", 400, `Unknown Attribute ${name}.`);
    }
    const attributes: Record<string, string> = {};
    for (const [name, { byDefault }] of Object.entries(numbers)) attributes[name] = String(byDefault);
    for (const [name, value] of Object.entries(given)) if (value !== "") attributes[name] = value;
    const number = (name: string) => readNumber(name, attributes[name]);
    const { Policy, RedrivePolicy, RedriveAllowPolicy } = attributes;
    return {
        attributes: { ...attributes, ...encryption(attributes, given) },
        visibilityTimeout: number("VisibilityTimeout"),
        delaySeconds: number("DelaySeconds"),
        maximumMessageSize: number("MaximumMessageSize"),
        messageRetentionPeriod: number("MessageRetentionPeriod"),
        receiveMessageWaitTimeSeconds: number("ReceiveMessageWaitTimeSeconds"),
        ...(Policy === undefined ? {} : { policy: readPolicy(queueName, Policy) }),
        ...(RedrivePolicy === undefined ? {} : { redrivePolicy: parseRedrivePolicy(RedrivePolicy) }),
        ...(RedriveAllowPolicy === undefined
            ? {}
            : { redriveAllowPolicy: parseRedriveAllowPolicy(RedriveAllowPolicy) }),
        ...customerKey(attributes.KmsMasterKeyId),
    };
}

/** SQS API Reference, SetQueueAttributes. */
const numbers: Readonly<Record<string, { readonly from: number; readonly to: number; readonly byDefault: number }>> = {
    DelaySeconds: { from: 0, to: 900, byDefault: 0 },
    MaximumMessageSize: { from: 1024, to: 1_048_576, byDefault: 1_048_576 },
    MessageRetentionPeriod: { from: 60, to: 1_209_600, byDefault: 345_600 },
    ReceiveMessageWaitTimeSeconds: { from: 0, to: 20, byDefault: 0 },
    VisibilityTimeout: { from: 0, to: 43_200, byDefault: 30 },
};

const settable = new Set([
    ...Object.keys(numbers),
    "Policy",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "SqsManagedSseEnabled",
]);

function readNumber(name: string, text: string): number {
    const { from, to } = numbers[name];
    return inRange(name, text, from, to);
}

function inRange(name: string, text: string, from: number, to: number): number {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
        throw invalidAttribute(name, `Must be an integer from ${from} to ${to}, and is ${text}.`);
    }
    return value;
}

/** One kind of encryption at a time; SQS's own unless a key is named or it is turned off. */
function encryption(
    { KmsMasterKeyId, KmsDataKeyReusePeriodSeconds = "300" }: Readonly<Record<string, string>>,
    { SqsManagedSseEnabled }: Readonly<Record<string, string>>,
): Record<string, string> {
    if (SqsManagedSseEnabled !== undefined && !["", "true", "false"].includes(SqsManagedSseEnabled)) {
        throw invalidAttribute("SqsManagedSseEnabled", "Must be true or false.");
    }
    if (KmsMasterKeyId === undefined) {
        return { SqsManagedSseEnabled: SqsManagedSseEnabled === "false" ? "false" : "true" };
    }
    if (SqsManagedSseEnabled === "true") {
        throw invalidAttribute(
            "SqsManagedSseEnabled",
            "You can use one type of server-side encryption (SSE) at one time: either KMS SSE or SQS SSE.",
        );
    }
    inRange("KmsDataKeyReusePeriodSeconds", KmsDataKeyReusePeriodSeconds, 60, 86_400);
    return { SqsManagedSseEnabled: "false", KmsMasterKeyId, KmsDataKeyReusePeriodSeconds };
}

function customerKey(keyId: string | undefined): { customerKey?: string } {
    return keyId === undefined || /(^|:)alias\/aws\/sqs$/.test(keyId) ? {} : { customerKey: keyId };
}

function readPolicy(queueName: string, text: string): CompiledPolicy {
    try {
        return compilePolicy(text, `policy of queue ${queueName}`, "resource");
    } catch (error) {
        throw invalidAttribute("Policy", (error as Error).message);
    }
}

function invalidAttribute(name: string, reason: string): Error {
    return awsError("InvalidAttributeValue", 400, `Invalid value for the parameter ${name}. Reason: ${reason}`);
}
