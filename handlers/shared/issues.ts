import * as v from "valibot";
import { refusal } from "./refusal";

/** One thing wrong with a value. */
export interface Issue {
    /** Where it is, keys joined by dots, e.g. `items.0.sku`; empty for the value as a whole. */
    readonly path: string;
    /** What is wrong, for people. It never repeats the value. */
    readonly message: string;
}

/** Checks a value against a schema. */
export function check<S extends v.GenericSchema>(
    schema: S,
    value: unknown,
): { readonly output: v.InferOutput<S>; readonly issues?: undefined } | { readonly issues: readonly Issue[] } {
    const result = v.safeParse(schema, value, { message: messageFor });
    return result.success ? { output: result.output } : { issues: distinct(result.issues) };
}

/** A value may break several rules that one sentence words. */
function distinct(issues: readonly v.BaseIssue<unknown>[]): Issue[] {
    const found = new Map<string, Issue>();
    for (const issue of issues) {
        const one = { path: v.getDotPath(issue) ?? "", message: issue.message };
        found.set(JSON.stringify(one), one);
    }
    return [...found.values()];
}

/**
 * The value as the schema gives it.
 *
 * @throws A refusal with status 400, code `VALIDATION_FAILED` and every issue.
 */
export function validated<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
    const result = check(schema, value);
    if (result.issues) {
        throw refusal(400, "VALIDATION_FAILED", "The request is not valid", { issues: result.issues });
    }
    return result.output;
}

/** Valibot's own messages end in the value received, which no answer may repeat. */
function messageFor({ input, expected }: v.BaseIssue<unknown>): string {
    if (input === undefined) {
        return "is required";
    }
    return `must be ${expected === "Object" ? "an object" : expected === "Array" ? "an array" : (expected ?? "valid")}`;
}
