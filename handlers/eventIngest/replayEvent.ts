import type { Issue } from "../shared/issues";
import type { eventSchema } from "./eventSchema";
import { wholeItem } from "./jsonText";
import { lineBytes, readEvent, type Stamp } from "./readEvent";

/** A line of an object with rejected events. */
export interface RejectedLine extends Stamp {
    readonly reason: readonly Issue[];
    /** Index of the event in its batch. */
    readonly index: number;
    /** The event's text as it was sent. */
    readonly raw: string;
}

/**
 * Checks a rejected event again, by today's rules.
 *
 * @param rejectedLine A line of an object with rejected events.
 * @returns The line of the event, with its line break, as it would have been stored when it was received; or what is still
 * wrong with it.
 */
export function revalidate(
    rejectedLine: string,
    schema: ReturnType<typeof eventSchema>,
): { readonly index: number; readonly line: string } | { readonly index: number; readonly issues: readonly Issue[] } {
    const { index, raw, received_at, batch_id, client_id } = JSON.parse(rejectedLine) as RejectedLine;
    const json = Buffer.from(raw);
    const result = readEvent(json, wholeItem(json), { received_at, batch_id, client_id }, schema);
    return result.issues ? { index, issues: result.issues } : { index, line: lineBytes(result).toString() };
}
