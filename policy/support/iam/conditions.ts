import { propsOf, textsOf } from "../values";

/** One key of a statement's conditions. All of a statement's conditions must hold. */
export interface Condition {
    /** Without its qualifiers, as IAM writes it: `StringEquals`, `ArnLike`, `Null`. */
    readonly operator: string;
    /** Prefix of the operator. With `ForAllValues`, a key that is missing makes the condition hold. */
    readonly set?: "ForAllValues" | "ForAnyValue";
    /** Whether the condition holds, too, when the key is missing (suffix of the operator). */
    readonly ifExists: boolean;
    /** In lower case, as keys are of any case: `aws:sourcearn`. */
    readonly key: string;
    /** As written; `true` and `12` are texts. One of them must match. */
    readonly values: readonly string[];
}

/** The conditions of a `Condition` element, none when it is left out. */
export function conditionsOf(element: unknown): Condition[] {
    const operators = propsOf(element);
    return Object.keys(operators).flatMap((written) => {
        const [, set, operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/is.exec(written)!;
        const keys = propsOf(operators[written]);
        return Object.keys(keys).map((key) => ({
            operator: OPERATORS.get(operator.toLowerCase()) ?? operator,
            ...(set && { set: /all/i.test(set) ? ("ForAllValues" as const) : ("ForAnyValue" as const) }),
            ifExists: ifExists !== undefined,
            key: key.toLowerCase(),
            values: textsOf(booleansAsText(keys[key])),
        }));
    });
}

/**
 * The values that a key must have for a statement to apply: of a condition that demands one of them and does not hold when
 * the key is missing. Values with wildcards count only where the operator takes them literally. Undefined when nothing
 * demands any.
 *
 * @param keys In any case.
 */
export function demanded(conditions: readonly Condition[], ...keys: readonly string[]): readonly string[] | undefined {
    const wanted = keys.map((key) => key.toLowerCase());
    return conditions.find(
        ({ operator, set, ifExists, key, values }) =>
            wanted.includes(key) && !ifExists && set !== "ForAllValues" && isDemand(operator, values),
    )?.values;
}

function isDemand(operator: string, values: readonly string[]): boolean {
    if (values.length === 0) {
        return false;
    }
    return EXACT.has(operator) || (LIKE.has(operator) && values.every((value) => !/[*?]/.test(value)));
}

/** Operators whose values are literal. `ArnEquals` is none: it takes wildcards as `ArnLike` does. */
const EXACT = new Set(["StringEquals", "StringEqualsIgnoreCase", "Bool", "NumericEquals", "IpAddress"]);
const LIKE = new Set(["StringLike", "ArnEquals", "ArnLike"]);

function booleansAsText(value: unknown): unknown {
    const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    return Array.from(list, (item) => (typeof item === "boolean" ? String(item) : item));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS = new Map(
    [
        ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
        ...["StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan"],
        ...["NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals"],
        ...["DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals"],
        ...["IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"],
    ].map((operator) => [operator.toLowerCase(), operator]),
);

/** Whether IAM knows an operator, without its qualifiers. */
export function isOperator(operator: string): boolean {
    return OPERATORS.has(operator.toLowerCase());
}
