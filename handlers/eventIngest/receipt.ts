import type { Answer } from "../shared/http";
import type { Issue } from "../shared/issues";

/** One thing wrong with one event of a batch. */
export interface RejectedEvent extends Issue {
    /** Index of the event in its batch. */
    readonly index: number;
}

/** What became of a batch. */
export interface Outcome {
    readonly batchId: string;
    /** How many of the batch's events are stored. */
    readonly accepted: number;
    /** Whether they were stored by an earlier request. */
    readonly duplicate: boolean;
    readonly rejected: readonly RejectedEvent[];
}

/** The answer to a batch: its receipt, and an error if none of its events was accepted. */
export function receipt({ batchId, accepted, duplicate, rejected }: Outcome): Answer {
    const counts = { events_count: accepted, batch_id: batchId, duplicate, rejected };
    if (accepted > 0) {
        return { status: 200, body: { message: `Successfully processed ${accepted} event(s)`, ...counts } };
    }
    const issues = rejected.map(({ index, path, message }) => ({ path: `${index}${path && `.${path}`}`, message }));
    return { status: 400, body: { message: "No event is valid", code: "NO_VALID_EVENT", ...counts, issues } };
}
