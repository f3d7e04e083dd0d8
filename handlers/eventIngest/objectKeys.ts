import * as crypto from "node:crypto";

/** A batch, as the names of its objects tell it. */
export interface BatchName {
    /** UUIDv7 in lower case. */
    readonly batchId: string;
    /** The time in the batch's id, in ms since 1970. It alone picks the partition. */
    readonly time: number;
    /** See {@link batchTag}. */
    readonly tag: string;
}

/** Key of the object with the accepted events of a batch. */
export function eventsKey(batch: BatchName): string {
    return `events/${partition(batch.time)}/events_${batch.batchId}-${batch.tag}.json.gz`;
}

/** Key of the object with the rejected events of a batch. */
export function rejectedKey(batch: BatchName): string {
    return `rejected/${partition(batch.time)}/rejected_${batch.batchId}-${batch.tag}.json.gz`;
}

/**
 * Key of the object with one event that was rejected and is accepted now. The same event has the same key, whenever it is
 * replayed.
 *
 * @param rejected Key of the object that holds the rejected event.
 * @param index Index of the event in its batch.
 * @throws When the key is none of {@link rejectedKey}.
 */
export function replayedKey(rejected: string, index: number): string {
    const parts = /^rejected\/(year=\d{4}\/month=\d\d\/day=\d\d\/hour=\d\d)\/rejected_([0-9a-f-]{36})-/.exec(rejected);
    if (!parts) {
        throw new Error(`${rejected} is not the key of an object with rejected events`);
    }
    const [, place, batchId] = parts;
    return `events/${place}/events_${batchId}-${shortHash(rejected, String(index))}.json.gz`;
}

/**
 * Tells batches with one id apart: of another client, or with another body. A repeat has the same tag.
 *
 * @param body The unpacked body as it came.
 */
export function batchTag(clientId: string, body: Uint8Array): string {
    return shortHash(clientId, body);
}

function shortHash(first: string, second: string | Uint8Array): string {
    return crypto.createHash("sha256").update(first).update("\0").update(second).digest("hex").slice(0, 16);
}

function partition(time: number): string {
    const [, year, month, day, hour] = /^(\d+)-(\d\d)-(\d\d)T(\d\d)/.exec(new Date(time).toISOString())!;
    return `year=${year}/month=${month}/day=${day}/hour=${hour}`;
}
