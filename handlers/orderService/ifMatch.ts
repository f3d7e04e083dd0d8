import { refusal } from "../shared/refusal";

/** A condition on an order's version, in DynamoDB's words. */
export interface Precondition {
    readonly when: string;
    readonly values: Readonly<Record<string, number>>;
}

/**
 * Reads `If-Match`: `*`, or entity tags, of which one must be the order's. Weak tags match nothing here. Source: RFC 9110, section 13.1.1.
 *
 * @throws A refusal: 428 when it is missing, 400 when it is none.
 */
export function ifMatch(header: string | undefined): Precondition {
    if (header === undefined) {
        throw refusal(428, "PRECONDITION_REQUIRED", "If-Match must say which version is to be replaced, as ETag tells");
    }
    const text = header.trim();
    if (text === "*") {
        return { when: "attribute_exists(#version)", values: {} };
    }
    if (!/^(W\/)?"[\x21\x23-\x7e]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e]*")*$/.test(text) || text.length > MOST_CHARACTERS) {
        const message = 'must be an entity tag in quotes, such as "3"';
        throw refusal(400, "INVALID_IF_MATCH", `If-Match ${message}`, { issues: [{ path: "If-Match", message }] });
    }
    const versions = Array.from(text.matchAll(/(W\/)?"([1-9]\d{0,14})"/g))
        .filter(([, weak]) => weak === undefined)
        .map(([, , version]) => Number(version));
    const values = Object.fromEntries(versions.map((version, index) => [`version${index}`, version]));
    return versions.length === 0
        ? { when: "attribute_not_exists(#version)", values }
        : { when: `#version IN (${Object.keys(values).map((name) => `:${name}`)})`, values };
}

/** DynamoDB takes 100 operands. */
const MOST_CHARACTERS = 250;
