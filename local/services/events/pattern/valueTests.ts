import * as net from "node:net";
import { invalid } from "./invalid";

/** Whether one of the values at a field matches; there are none where the field is missing. */
export type ValueTest = (values: readonly unknown[]) => boolean;

/**
 * Reads what stands in the list of a field: a value, or an operator such as `{"prefix": "eu-"}`.
 * Source: EventBridge User Guide, "Comparison operators for use in event patterns".
 */
export function toValueTest(item: unknown): ValueTest {
    if (item === null || typeof item !== "object") {
        return (values) => values.includes(item);
    }
    const [operator, operand] = onlyEntry(item);
    if (operator === "exists") {
        if (typeof operand !== "boolean") {
            throw invalid("exists match pattern must be either true or false.");
        }
        return (values) => values.length > 0 === operand;
    }
    const test = singleTest(operator, operand);
    return (values) => values.some(test);
}

type Test = (value: unknown) => boolean;

function onlyEntry(item: object): [string, unknown] {
    const entries = Object.entries(item) as [string, unknown][];
    if (Array.isArray(item) || entries.length !== 1) {
        throw invalid("Only one key allowed in match expression");
    }
    return entries[0];
}

function singleTest(operator: string, operand: unknown): Test {
    switch (operator) {
        case "anything-but":
            return anythingBut(operand);
        case "numeric":
            return numeric(operand);
        case "cidr":
            return cidr(operand);
        default:
            return textTest(operator, operand);
    }
}

/** Operators of texts, which `anything-but` takes as well. */
function textTest(operator: string, operand: unknown): Test {
    const ignoring = ignoredCase(operand);
    if (ignoring !== undefined && (operator === "prefix" || operator === "suffix")) {
        const test = textTest(operator, ignoring.toLowerCase());
        return (value) => typeof value === "string" && test(value.toLowerCase());
    }
    const make = textTests[operator];
    if (make === undefined) {
        throw invalid(`Unrecognized match type ${operator}`);
    }
    if (typeof operand !== "string") {
        throw invalid(`${operator} match pattern must be a string`);
    }
    const test = make(operand);
    return (value) => typeof value === "string" && test(value);
}

const textTests: Readonly<Record<string, (operand: string) => (value: string) => boolean>> = {
    prefix: (operand) => (value) => value.startsWith(operand),
    suffix: (operand) => (value) => value.endsWith(operand),
    "equals-ignore-case": (operand) => (value) => value.toLowerCase() === operand.toLowerCase(),
    wildcard(operand) {
        if (/(?<!\\)(?:\\\\)*\*\*/.test(operand)) {
            throw invalid("Consecutive wildcard characters at pos 0");
        }
        if (/(?<!\\)(?:\\\\)*\\(?![*\\])/.test(operand)) {
            throw invalid("Invalid escape character at pos 0");
        }
        const source = operand.replace(/\\[*\\]|[^]/g, (part) =>
            part === "*" ? "[^]*" : part.at(-1)!.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"),
        );
        const pattern = new RegExp(`^${source}$`);
        return (value) => pattern.test(value);
    },
};

function ignoredCase(operand: unknown): string | undefined {
    const text = (operand as { "equals-ignore-case"?: unknown } | null)?.["equals-ignore-case"];
    return typeof text === "string" ? text : undefined;
}

/** True for a value that is none of those named. */
function anythingBut(operand: unknown): Test {
    if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
        const [operator, operands] = onlyEntry(operand);
        const tests = [operands].flat().map((one) => textTest(operator, one));
        return (value) => !tests.some((test) => test(value));
    }
    const operands = [operand].flat();
    const types = new Set(operands.map((one) => typeof one));
    if (types.size !== 1 || !(types.has("string") || types.has("number"))) {
        throw invalid("Inside anything but list, either all values are number or string, mixed type is not supported");
    }
    return (value) => !operands.includes(value);
}

const COMPARISONS: Readonly<Record<string, (value: number, operand: number) => boolean>> = {
    "=": (value, operand) => value === operand,
    "<": (value, operand) => value < operand,
    "<=": (value, operand) => value <= operand,
    ">": (value, operand) => value > operand,
    ">=": (value, operand) => value >= operand,
};

/** e.g. `[">", 0, "<=", 5]` */
function numeric(operand: unknown): Test {
    if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) {
        throw invalid("Value of numeric must be an array.");
    }
    const tests: Test[] = [];
    for (let index = 0; index < operand.length; index += 2) {
        const [operator, bound] = operand.slice(index, index + 2) as [string, unknown];
        const compare = COMPARISONS[operator];
        if (compare === undefined) {
            throw invalid(`Unrecognized numeric range operator: ${operator}`);
        }
        if (typeof bound !== "number") {
            throw invalid(`Value of ${operator} must be numeric`);
        }
        tests.push((value) => compare(value as number, bound));
    }
    return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function cidr(operand: unknown): Test {
    const [address, bits] = typeof operand === "string" ? operand.split("/") : [];
    const family = net.isIP(address ?? "");
    const prefix = Number(bits);
    if (family === 0 || !/^\d{1,3}$/.test(bits ?? "") || prefix > (family === 4 ? 32 : 128)) {
        throw invalid(`Malformed CIDR, one '/' required`);
    }
    const block = new net.BlockList();
    block.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
    return (value) =>
        typeof value === "string" && net.isIP(value) === family && block.check(value, family === 4 ? "ipv4" : "ipv6");
}
