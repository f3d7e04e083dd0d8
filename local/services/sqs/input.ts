import { awsError } from "../../errors";
import { authorizeQueue } from "./access";
import type { SqsEnvironment, SqsRequest } from "./environment";
import { invalidValue, missingParameter, noSuchQueue } from "./errors";
import type { Queue } from "./queue/queue";

export type Input = Readonly<Record<string, unknown>>;

/**
 * The queue that a request is about, once the caller may do `sqs:<action>` on it.
 *
 * @throws QueueDoesNotExist, AccessDenied, …
 */
export function targetQueue(request: SqsRequest, action: string): Queue {
    const queue = queueOfUrl(request.environment, requiredText(request.input, "QueueUrl"));
    authorizeQueue(request, queue, action);
    return queue;
}

/** Host and scheme of a queue's URL do not count: programs may hold the one of AWS. */
function queueOfUrl({ account, queues }: SqsEnvironment, url: string): Queue {
    const [, owner, name] = /^(?:https?:\/\/[^/]+)?\/(\d{12})\/([\w.-]+)\/?$/.exec(url) ?? [];
    if (name === undefined) {
        throw awsError("InvalidAddress", 404, `The address ${url} is not valid for this endpoint.`);
    }
    const queue = owner === account ? queues().get(name) : undefined;
    if (queue === undefined) throw noSuchQueue();
    return queue;
}

/** @throws SerializationException when it is no text */
export function optionalText(input: Input, name: string): string | undefined {
    const value = input[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") throw wrongType(name, "String");
    return value;
}

/** @throws MissingParameter when it is absent or empty */
export function requiredText(input: Input, name: string): string {
    const value = optionalText(input, name);
    if (value === undefined || value === "") throw missingParameter(name);
    return value;
}

/** @throws InvalidParameterValue with `reason` when it is out of range */
export function optionalInteger(
    input: Input,
    name: string,
    range: { readonly from: number; readonly to: number; readonly reason: string },
): number | undefined {
    const value = input[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name, "Integer");
    if (value < range.from || value > range.to) throw invalidValue(value, name, range.reason);
    return value;
}

/** Texts of a list; none when it is absent. */
export function texts(input: Input, name: string): readonly string[] {
    const value = input[name] ?? [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) throw wrongType(name, "List");
    return value as string[];
}

export function optionalMap(input: Input, name: string): Input | undefined {
    const value = input[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw wrongType(name, "Map");
    return value as Input;
}

function wrongType(name: string, type: string): Error {
    return awsError("SerializationException", 400, `The value of ${name} can not be converted to a ${type}`);
}
