import { invalid } from "./invalid";
import { toValueTest, type ValueTest } from "./valueTests";

/** Whether an event, or a part of one, matches. */
export type Pattern = (event: unknown) => boolean;

/**
 * Reads an event pattern: every field named must match by one of its list, and of the parts of `$or` one must match.
 *
 * @throws `Event pattern is not valid. Reason: …`, as EventBridge says. Source: EventBridge User Guide, "Event patterns".
 */
export function compilePattern(text: string): Pattern {
    let pattern: unknown;
    try {
        pattern = JSON.parse(text);
    } catch {
        throw invalid("Filter is not valid JSON");
    }
    return objectPattern(pattern);
}

function objectPattern(pattern: unknown): Pattern {
    if (!isObject(pattern)) {
        throw invalid("Filter is not an object");
    }
    const entries = Object.entries(pattern);
    if (entries.length === 0) {
        throw invalid("Empty objects are not allowed");
    }
    const parts = entries.map(([name, value]) => (isOr(name, value) ? anyOf(value) : fieldPattern(name, value)));
    const matchesAll: Pattern = (event) => isObject(event) && parts.every((matches) => matches(event));
    // In a list of objects, one and the same of them must match.
    return (event) => (Array.isArray(event) ? event.some(matchesAll) : matchesAll(event));
}

/** A field may also be called `$or`. */
function isOr(name: string, value: unknown): value is readonly unknown[] {
    return name === "$or" && Array.isArray(value) && value.length > 1 && value.every(isObject);
}

function anyOf(alternatives: readonly unknown[]): Pattern {
    const patterns = alternatives.map(objectPattern);
    return (event) => patterns.some((matches) => matches(event));
}

function fieldPattern(name: string, value: unknown): Pattern {
    const field = (event: unknown) => (Object.hasOwn(event as object, name) ? (event as Fields)[name] : undefined);
    if (isObject(value)) {
        const matches = objectPattern(value);
        // Where the object is missing, its fields are missing too, which `exists: false` asks for.
        return (event) => matches(field(event) ?? {});
    }
    if (!Array.isArray(value)) {
        throw invalid(`"${name}" must be an object or an array`);
    }
    if (value.length === 0) {
        throw invalid("Empty arrays are not allowed");
    }
    const tests = value.map(toValueTest);
    return (event) => {
        const found = leaves(field(event));
        return tests.some((matches: ValueTest) => matches(found));
    };
}

type Fields = Readonly<Record<string, unknown>>;

/** The values at a field: those of a list all count, and objects are no values. */
function leaves(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) {
        return value.flatMap(leaves);
    }
    return value === undefined || isObject(value) ? [] : [value];
}

function isObject(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
