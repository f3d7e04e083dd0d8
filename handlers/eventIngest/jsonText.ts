/** Where a JSON value stands in a text: from byte `start` up to, but without, byte `end`. */
export interface Span {
    readonly start: number;
    readonly end: number;
}

/** A value between the commas of an array or object, or one that stands alone. */
export interface Item extends Span {
    /** For an object or array: how many members or elements it has, unless it is empty; otherwise 1. */
    readonly members: number;
}

/**
 * Splits the text of an array into its elements, without parsing them: a text is valid JSON if it can be split, and if each
 * item parses. Of anything but an array, the one item is the whole.
 *
 * Linear in the text, and no deeper for deep ones.
 *
 * @param most Stops after so many items.
 * @returns The items, none for an empty array; or `undefined` if the text can't be JSON.
 */
export function splitArray(json: Uint8Array, most: number): Item[] | undefined {
    const { start, end } = trimmed(json, { start: 0, end: json.length });
    if (json[start] !== OPEN_ARRAY) {
        return [wholeItem(json)];
    }
    return json[end - 1] === CLOSE_ARRAY && end - start > 1 ? splitItems(json, start + 1, end - 1, most) : undefined;
}

/** The text of one value as an item. */
export function wholeItem(json: Uint8Array): Item {
    const whole = trimmed(json, { start: 0, end: json.length });
    return { ...whole, members: itemAt(json, whole.start, whole.end).members };
}

/** The members of an object, as `"name":value`, from the text of the object, which must be valid. */
export function membersOf(json: Uint8Array): Span[] {
    const { start, end } = trimmed(json, { start: 0, end: json.length });
    return splitItems(json, start + 1, end - 1, Infinity) ?? [];
}

/** The text of a member's name, in its quotes. */
export function nameOf(json: Uint8Array, member: Span): Span {
    return { start: member.start, end: stringEnd(json, member.start, member.end) };
}

/** Items between commas; `undefined` where a bracket closes that was not opened. */
function splitItems(json: Uint8Array, start: number, end: number, most: number): Item[] | undefined {
    const inner = trimmed(json, { start, end });
    if (inner.start === inner.end) {
        return [];
    }
    const items: Item[] = [];
    for (let at = start; items.length < most;) {
        const item = itemAt(json, at, end);
        items.push(item);
        if (item.stop === end) {
            return items;
        }
        if (json[item.stop] !== COMMA) {
            return undefined;
        }
        at = item.stop + 1;
    }
    return items;
}

/** The item from `at` to where it stops: at a comma, at a bracket that it did not open, or at the end. */
function itemAt(json: Uint8Array, at: number, end: number): Item & { stop: number } {
    let depth = 0;
    let members = 1;
    let stop = at;
    for (; stop < end; stop++) {
        const byte = json[stop];
        if (byte === QUOTE) {
            stop = stringEnd(json, stop, end) - 1;
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
            depth++;
        } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
            if (depth === 0) {
                break;
            }
            depth--;
        } else if (byte === COMMA) {
            if (depth === 0) {
                break;
            }
            members += depth === 1 ? 1 : 0;
        }
    }
    return { ...trimmed(json, { start: at, end: stop }), members, stop };
}

/** Byte after the closing quote of the string that opens at `start`; `end` if it does not close. */
function stringEnd(json: Uint8Array, start: number, end: number): number {
    for (let at = start + 1; at < end; at++) {
        const byte = json[at];
        if (byte === QUOTE) {
            return at + 1;
        }
        if (byte === BACKSLASH) {
            at++;
        }
    }
    return end;
}

function trimmed(json: Uint8Array, { start, end }: Span): Span {
    while (start < end && isSpace(json[start])) {
        start++;
    }
    while (end > start && isSpace(json[end - 1])) {
        end--;
    }
    return { start, end };
}

function isSpace(byte: number): boolean {
    return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
