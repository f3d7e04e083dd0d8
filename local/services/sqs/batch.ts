import { awsError, isAwsError, type AwsError } from "../../errors";
import { missingParameter, queryCode } from "./errors";
import { optionalText, type Input } from "./input";

/** One entry of a batch that is refused while others are not. */
export interface BatchFailure {
    readonly Id: string;
    /** In the names of the query protocol. */
    readonly Code: string;
    readonly Message: string;
    readonly SenderFault: true;
}

export interface BatchEntry<T = Input> {
    readonly id: string;
    readonly value: T;
}

/**
 * The entries of a batch.
 *
 * @param kind e.g. `SendMessageBatchRequestEntry`
 * @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct
 */
export function batchEntries(input: Input, kind: string): readonly BatchEntry[] {
    const list: unknown[] = Array.isArray(input.Entries) ? input.Entries : [];
    if (list.length === 0) {
        throw awsError("EmptyBatchRequest", 400, `There should be at least one ${kind} in the request.`);
    }
    if (list.length > MOST) {
        const message = `Maximum number of entries per request are ${MOST}. You have sent ${list.length}.`;
        throw awsError("TooManyEntriesInBatchRequest", 400, message);
    }
    const ids = new Set<string>();
    return list.map((item, index) => {
        const entry = (item ?? {}) as Input;
        const id = optionalText(entry, "Id");
        if (id === undefined) throw missingParameter(`${kind}.${index + 1}.Id`);
        if (!/^[\w-]{1,80}$/.test(id)) {
            throw awsError(
                "InvalidBatchEntryId",
                400,
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
            );
        }
        if (ids.has(id)) throw awsError("BatchEntryIdsNotDistinct", 400, `Id ${id} repeated.`);
        ids.add(id);
        return { id, value: entry };
    });
}

const MOST = 10;

/** Does something with each entry; an entry that is refused leaves the others alone. */
export function forEntries<From, To>(
    entries: readonly BatchEntry<From>[],
    action: (value: From) => To,
): { done: readonly BatchEntry<To>[]; failed: readonly BatchFailure[]; errors: readonly AwsError[] } {
    const done: BatchEntry<To>[] = [];
    const failed: BatchFailure[] = [];
    const errors: AwsError[] = [];
    for (const { id, value } of entries) {
        try {
            done.push({ id, value: action(value) });
        } catch (error) {
            if (!isAwsError(error)) throw error;
            errors.push(error);
            failed.push({ Id: id, Code: queryCode(error.code), Message: error.message, SenderFault: true });
        }
    }
    return { done, failed, errors };
}

/** A batch's answer. `Failed` is absent when nothing failed, as in SQS. */
export function batchAnswer(successful: readonly object[], failed: readonly BatchFailure[]): object {
    return { Successful: successful, ...(failed.length === 0 ? {} : { Failed: failed }) };
}
