import { operators } from "./operators";
import type { Matcher } from "./pattern";
import type { Question } from "./question";

/** Whether a statement's conditions hold for a question. */
export type ConditionTest = (question: Question) => boolean;

/**
 * Compiles the `Condition` of a statement: all operators and keys must hold, any value of a key suffices.
 *
 * Throws for an unknown operator or a value that is not of its type.
 */
export function compileConditions(block: unknown, variables: boolean): ConditionTest {
    const tests = entries(block, "Condition").flatMap(([name, keys]) =>
        entries(keys, name).map(([key, values]) =>
            compileCondition(name, key.toLowerCase(), readValues(values, name), variables),
        ),
    );
    return (question) => tests.every((test) => test(question));
}

function entries(value: unknown, name: string): [string, unknown][] {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`${name} must be an object`);
    }
    return Object.entries(value);
}

function readValues(value: unknown, operator: string): string[] {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || !values.every((item) => ["string", "number", "boolean"].includes(typeof item))) {
        throw new Error(`${operator} needs texts, numbers or booleans to compare with`);
    }
    return values.map(String);
}

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

function compileCondition(name: string, key: string, values: readonly string[], variables: boolean): ConditionTest {
    if (name === "Null") {
        return compileNull(key, values);
    }
    const [, set, base, ifExists] = NAME.exec(name) ?? [];
    const operator = operators.get(base);
    if (!operator) {
        throw new Error(`${name} is no condition operator`);
    }
    const { negated } = operator;
    const matchers: Matcher[] = values.map((value) => operator.compile(value, variables));
    const whenAbsent = set === "ForAllValues" || ifExists !== undefined || (negated && set === undefined);
    const all = set === "ForAllValues" || (negated && set === undefined);
    return (question) => {
        const found = question.value(key);
        if (found === undefined) {
            return whenAbsent;
        }
        const holds = (text: string) => matchers.some((match) => match(text, question)) !== negated;
        if (typeof found === "string") {
            return holds(found);
        }
        return all ? found.every(holds) : found.some(holds);
    };
}

function compileNull(key: string, values: readonly string[]): ConditionTest {
    const wanted = new Set(values.map((value) => value.toLowerCase()));
    if (![...wanted].every((value) => value === "true" || value === "false")) {
        throw new Error("Null needs true or false");
    }
    return (question) => wanted.has(String(question.value(key) === undefined));
}
