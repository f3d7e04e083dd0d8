import type { Question } from "./question";

/** Tests a text of the request against a text of a policy. The request's text is literal; wildcards are the policy's alone. */
export type Matcher = (text: string, question: Question) => boolean;

export interface PatternOptions {
    /** Whether `*` and `?` are wildcards. */
    readonly wildcards: boolean;
    /** Whether `${aws:PrincipalTag/team}` is replaced, as version 2012-10-17 of the policy language has it. */
    readonly variables: boolean;
}

/** Compiles a text. A variable that the request has no single value for matches nothing. */
export function compileText(pattern: string, options: PatternOptions): Matcher {
    const parts = tokenise(pattern, options);
    return hasVariable(parts) ? (text, question) => matchResolved(parts, text, question) : compileGlob(parts as Glob);
}

/**
 * Compiles an ARN pattern. Each of the six fields is compared by itself, so that a `*` never reaches over a field's end; missing
 * fields at the end count as `*`.
 */
export function compileArn(pattern: string, variables: boolean): Matcher {
    const parts = tokenise(pattern, { wildcards: true, variables });
    if (parts.length === 1 && parts[0] === MANY) {
        return () => true;
    }
    const [head] = parts;
    // When the five first fields are literal, comparing the whole text is the same and faster.
    if (typeof head === "string" && head.split(":", ARN_FIELDS).length === ARN_FIELDS) {
        return hasVariable(parts)
            ? (text, question) => matchResolved(parts, text, question)
            : compileGlob(parts as Glob);
    }
    const fields = splitFields(parts);
    return (text, question) => {
        const values = arnFields(text);
        return values !== undefined && fields.every((field, index) => matchResolved(field, values[index], question));
    };
}

const ARN_FIELDS = 6;

/** `*`: any characters, or none. */
const MANY = Symbol("*");

/** `?`: one character. */
const ONE = Symbol("?");

interface Variable {
    /** Condition key, in lower case. */
    readonly key: string;
    readonly otherwise?: string;
}

type Glob = readonly (string | typeof MANY | typeof ONE)[];
type Part = Glob[number] | Variable;

function tokenise(pattern: string, { wildcards, variables }: PatternOptions): Part[] {
    const parts: Part[] = [];
    const literal = (text: string) => {
        const last = parts.at(-1);
        if (typeof last === "string") {
            parts[parts.length - 1] = last + text;
        } else if (text !== "") {
            parts.push(text);
        }
    };
    for (const token of pattern.split(variables ? /(\$\{[^}]*\}|[*?])/ : /([*?])/)) {
        if (token.startsWith("${") && token.endsWith("}") && variables) {
            const name = token.slice(2, -1);
            if (/^[*?$]$/.test(name)) {
                literal(name);
            } else {
                parts.push(readVariable(name));
            }
        } else if (wildcards && (token === "*" || token === "?")) {
            parts.push(token === "*" ? MANY : ONE);
        } else {
            literal(token);
        }
    }
    return parts;
}

/** `aws:PrincipalTag/team` or `aws:PrincipalTag/team, 'none'`. */
function readVariable(text: string): Variable {
    const match = /^\s*([^\s,]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(text);
    if (!match) {
        throw new Error(`"\${${text}}" is no policy variable`);
    }
    return { key: match[1].toLowerCase(), ...(match[2] === undefined ? {} : { otherwise: match[2] }) };
}

function hasVariable(parts: readonly Part[]): boolean {
    return parts.some((part) => typeof part === "object");
}

function compileGlob(parts: Glob): (text: string) => boolean {
    if (parts.every((part) => typeof part === "string")) {
        const whole = parts.join("");
        return (text) => text === whole;
    }
    if (parts.length === 1 && parts[0] === MANY) {
        return () => true;
    }
    if (parts.length === 2 && typeof parts[0] === "string" && parts[1] === MANY) {
        const [prefix] = parts;
        return (text) => text.startsWith(prefix);
    }
    return (text) => matchGlob(parts, text);
}

function matchResolved(parts: readonly Part[], text: string, question: Question): boolean {
    const resolved: Glob[number][] = [];
    for (const part of parts) {
        const value = typeof part === "object" ? (question.value(part.key) ?? part.otherwise) : part;
        if (value === undefined || Array.isArray(value)) {
            return false;
        }
        resolved.push(value as Glob[number]);
    }
    return matchGlob(resolved, text);
}

/** Goes back to the latest `*` only, which suffices for such patterns and keeps the time bounded. */
function matchGlob(parts: Glob, text: string): boolean {
    let position = 0;
    let index = 0;
    let retryIndex = -1;
    let retryPosition = 0;
    while (position < text.length || index < parts.length) {
        const part = parts[index];
        if (part === MANY) {
            retryIndex = ++index;
            retryPosition = position;
            if (index === parts.length) {
                return true;
            }
        } else if (part === ONE && position < text.length) {
            index++;
            position++;
        } else if (typeof part === "string" && text.startsWith(part, position)) {
            index++;
            position += part.length;
        } else if (retryIndex < 0 || retryPosition >= text.length) {
            return false;
        } else {
            index = retryIndex;
            position = ++retryPosition;
        }
    }
    return true;
}

function splitFields(parts: readonly Part[]): Part[][] {
    const fields: Part[][] = [[]];
    for (const part of parts) {
        const pieces: Part[] = typeof part === "string" ? part.split(":") : [part];
        pieces.forEach((piece, index) => {
            if (index > 0 && fields.length < ARN_FIELDS) {
                fields.push([piece]);
            } else if (index > 0) {
                fields[ARN_FIELDS - 1].push(":", piece);
            } else {
                fields[fields.length - 1].push(piece);
            }
        });
    }
    while (fields.length < ARN_FIELDS) {
        fields.push([MANY]);
    }
    return fields;
}

function arnFields(text: string): string[] | undefined {
    const fields = text.split(":");
    return fields.length < ARN_FIELDS ? undefined : [...fields.slice(0, 5), fields.slice(5).join(":")];
}
