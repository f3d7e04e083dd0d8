import { invalidValue } from "./errors";
import type { QueueSettings } from "./settings";

/** Where messages go that were received too often. */
export interface RedrivePolicy {
    readonly deadLetterTargetArn: string;
    /** 1 to 1000. */
    readonly maxReceiveCount: number;
}

/** Which queues may have this one for their dead letters. */
export interface RedriveAllowPolicy {
    readonly redrivePermission: "allowAll" | "denyAll" | "byQueue";
    /** At most 10; with `byQueue` only. */
    readonly sourceQueueArns: readonly string[];
}

/** @throws InvalidParameterValue */
export function parseRedrivePolicy(text: string): RedrivePolicy {
    const refuse = (reason: string) => invalidValue(text, "RedrivePolicy", reason);
    const policy = parseMap(text);
    if (policy === undefined) throw refuse("Redrive policy is not a valid JSON map.");
    const { deadLetterTargetArn, maxReceiveCount, ...others } = policy;
    for (const [name, value] of Object.entries({ deadLetterTargetArn, maxReceiveCount })) {
        if (value === undefined) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
    }
    const [other] = Object.keys(others);
    if (other !== undefined) throw refuse(`Redrive policy contains an unknown attribute: ${other}.`);
    const count = Number(maxReceiveCount);
    if (!Number.isInteger(count) || count < 1 || count > 1000) {
        throw refuse(
            `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
        );
    }
    return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: count };
}

/** @throws InvalidParameterValue */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
    const refuse = (reason: string) => invalidValue(text, "RedriveAllowPolicy", reason);
    const policy = parseMap(text);
    if (policy === undefined) throw refuse("Redrive allow policy is not a valid JSON map.");
    const { redrivePermission, sourceQueueArns } = policy;
    if (redrivePermission === "allowAll" || redrivePermission === "denyAll") {
        if (sourceQueueArns !== undefined) throw refuse(`sourceQueueArns cannot be given with ${redrivePermission}.`);
        return { redrivePermission, sourceQueueArns: [] };
    }
    if (redrivePermission !== "byQueue") throw refuse("redrivePermission must be allowAll, denyAll or byQueue.");
    if (!Array.isArray(sourceQueueArns) || sourceQueueArns.length === 0 || sourceQueueArns.length > 10) {
        throw refuse("sourceQueueArns must have 1 to 10 ARNs.");
    }
    return { redrivePermission, sourceQueueArns: sourceQueueArns.map(String) };
}

/**
 * Checks that a queue may send its dead letters where it wants to.
 *
 * @param find The settings of a queue that exists, by ARN.
 * @throws InvalidParameterValue
 */
export function checkRedrive(
    arn: string,
    { attributes, redrivePolicy }: QueueSettings,
    find: (arn: string) => QueueSettings | undefined,
): void {
    if (redrivePolicy === undefined) return;
    const refuse = (reason: string) => invalidValue(attributes.RedrivePolicy, "RedrivePolicy", reason);
    const target = find(redrivePolicy.deadLetterTargetArn);
    if (target === undefined) throw refuse("Dead letter target does not exist.");
    const { redrivePermission, sourceQueueArns } = target.redriveAllowPolicy ?? allowAll;
    if (redrivePermission === "denyAll" || (redrivePermission === "byQueue" && !sourceQueueArns.includes(arn))) {
        throw refuse(`The redrive allow policy of the dead letter target does not permit ${arn}.`);
    }
}

const allowAll: RedriveAllowPolicy = { redrivePermission: "allowAll", sourceQueueArns: [] };

function parseMap(text: string): Record<string, unknown> | undefined {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null && !Array.isArray(value)
            ? (value as Record<string, unknown>)
            : undefined;
    } catch {
        return undefined;
    }
}
