import { UnknownValueError } from "@pulumi/policy";
import { Unreadable } from "./failClosed";

// Readers of inputs, which arrive as data of any shape. Each reads only what it is asked for: an unknown value that is
// touched ends the check (see `failClosed`).

export type Props = Readonly<Record<string, unknown>>;

/** Whether a property has a value. A value that is known only after a deployment is one; null and the empty text are none. */
export function isSet(props: Props, key: string): boolean {
    if (!(key in props)) {
        return false;
    }
    try {
        const value = props[key];
        return value !== undefined && value !== null && value !== "";
    } catch (error) {
        if (error instanceof UnknownValueError) {
            return true;
        }
        throw error;
    }
}

/** Whether a value is true; AWS and older programs write it as a text, too. */
export function isTrue(value: unknown): boolean {
    return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** Whether a value is false, not just left out. */
export function isFalse(value: unknown): boolean {
    return value === false || (typeof value === "string" && value.toLowerCase() === "false");
}

/** A text, or undefined when it was left out. Numbers become texts. @throws Unreadable for anything else. */
export function textOf(value: unknown): string | undefined {
    if (value === undefined || value === null) {
        return undefined;
    }
    if (typeof value === "string" || typeof value === "number") {
        return String(value);
    }
    throw new Unreadable("a value that should be a text is something else");
}

/** A number, or undefined when it was left out, be it as an empty text. @throws Unreadable for what is no number. */
export function numberOf(value: unknown): number | undefined {
    if (value === undefined || value === null || value === "") {
        return undefined;
    }
    const number = typeof value === "string" ? Number(value) : value;
    if (typeof number !== "number" || Number.isNaN(number)) {
        throw new Unreadable("a value that should be a number is something else");
    }
    return number;
}

/** A list: empty when left out, of one element for a single value. Elements are not touched. */
export function listOf(value: unknown): readonly unknown[] {
    if (value === undefined || value === null) {
        return [];
    }
    return Array.isArray(value) ? value : [value];
}

/** A list of texts. @throws Unreadable when an element is none. */
export function textsOf(value: unknown): string[] {
    return Array.from(listOf(value), (item) => textOf(item) ?? "");
}

/** An object's properties: none when it was left out. @throws Unreadable for a text, number or list. */
export function propsOf(value: unknown): Props {
    if (value === undefined || value === null) {
        return {};
    }
    if (typeof value !== "object" || Array.isArray(value)) {
        throw new Unreadable("a value that should be an object is something else");
    }
    return value as Props;
}

/** Objects of a list; a single object counts as a list of one, as the v6 and v7 shapes of a property differ in that. */
export function propsListOf(value: unknown): readonly Props[] {
    return listOf(value) as readonly Props[];
}

/** A value that is JSON text or already an object. @param what Names it in the error, e.g. `containerDefinitions`. @throws Unreadable when it does not parse. */
export function jsonOf(value: unknown, what: string): unknown {
    if (typeof value !== "string") {
        return value;
    }
    try {
        return JSON.parse(value) as unknown;
    } catch {
        // The parser's own message quotes the text, which may hold secrets.
        throw new Unreadable(`${what} is no JSON`);
    }
}
