import type * as v from "valibot";
import { parseJson } from "../shared/body";
import { check, type Issue } from "../shared/issues";
import { KNOWN_FIELDS, type eventSchema } from "./eventSchema";
import { membersOf, nameOf, type Item } from "./jsonText";

/** What the server says about each event that it stores; such members of the event itself are dropped. */
export interface Stamp {
    /** When the server received the event, RFC 3339 in UTC. It stands for `event_time`, too, where the event has none. */
    readonly received_at: string;
    readonly batch_id: string;
    readonly client_id: string;
}

/** An event that was accepted, as the parts of its line; or everything that is wrong with it. */
export type ReadEvent = EventLine | { readonly issues: readonly Issue[] };

/** The line of an event, with its line break in two parts. */
export interface EventLine {
    /** The event up to its closing brace. */
    readonly text: Uint8Array;
    readonly added: string;
    readonly issues?: undefined;
}

/**
 * Checks one event and makes its line. What the client sent stays as it is, digit for digit, but for line breaks between its
 * tokens, which become spaces.
 *
 * @param json The text around the event. In that of an accepted event line breaks are replaced: its line shares the memory.
 * @throws A refusal if the item is not JSON.
 */
export function readEvent(json: Buffer, item: Item, stamp: Stamp, schema: ReturnType<typeof eventSchema>): ReadEvent {
    const value = parseJson(json.toString("utf8", item.start, item.end));
    const bytes = json.subarray(item.start, item.end);
    const result = check(schema as v.GenericSchema, value);
    const issues = result.issues ?? repeatedFields(value as object, item.members, bytes);
    if (issues.length > 0) {
        return { issues };
    }
    blankLineBreaks(bytes);
    return lineOf(bytes, value as object, stamp);
}

/** The bytes of an event's line. */
export function lineBytes({ text, added }: EventLine): Buffer {
    return Buffer.concat([text, Buffer.from(added)]);
}

/** A field that stands twice can't be checked: readers disagree about which of the two counts. */
function repeatedFields(event: object, members: number, bytes: Buffer): Issue[] {
    if (Object.keys(event).length === members) {
        return [];
    }
    const names = namesIn(bytes);
    return KNOWN_FIELDS.filter((field) => names.indexOf(field) !== names.lastIndexOf(field)).map((path) => ({
        path,
        message: "must not be repeated",
    }));
}

/** In valid JSON a line break is never inside a string, where it is written `\n`. */
function blankLineBreaks(bytes: Buffer): void {
    for (const lineBreak of [0x0a, 0x0d]) {
        for (let at = bytes.indexOf(lineBreak); at >= 0; at = bytes.indexOf(lineBreak, at + 1)) {
            bytes[at] = 0x20;
        }
    }
}

function lineOf(bytes: Buffer, event: object, stamp: Stamp): EventLine {
    const own = Object.keys(stamp).some((name) => Object.hasOwn(event, name)) ? withoutMembers(bytes, stamp) : bytes;
    const added = Object.hasOwn(event, "event_time") ? stamp : { event_time: stamp.received_at, ...stamp };
    const isEmpty = own.length === "{}".length;
    return { text: own.subarray(0, -1), added: `${isEmpty ? "" : ","}${JSON.stringify(added).slice(1)}\n` };
}

function withoutMembers(bytes: Buffer, stamp: Stamp): Buffer {
    const names = namesIn(bytes);
    const kept = membersOf(bytes).filter((_, index) => !Object.hasOwn(stamp, names[index]));
    return Buffer.from(`{${kept.map(({ start, end }) => bytes.toString("utf8", start, end)).join(",")}}`);
}

function namesIn(bytes: Buffer): string[] {
    return membersOf(bytes).map((member) => {
        const { start, end } = nameOf(bytes, member);
        return JSON.parse(bytes.toString("utf8", start, end)) as string;
    });
}
