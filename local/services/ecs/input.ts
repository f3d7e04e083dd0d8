import { awsError } from "../../errors";
import { invalidParameter, unsupported } from "./errors";

/** Members of a request, unchecked. */
export type Input = Readonly<Record<string, unknown>>;

/** @throws SerializationException when it is no text */
export function optionalText(input: Input, name: string): string | undefined {
    const value = input[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") throw wrongType(name, "String");
    return value;
}

/** @throws InvalidParameterException when it is absent or empty */
export function requiredText(input: Input, name: string): string {
    const value = optionalText(input, name) ?? "";
    if (value === "") throw invalidParameter(`${name} can not be blank.`);
    return value;
}

/** @throws SerializationException when it is no list of texts */
export function textList(input: Input, name: string): readonly string[] {
    const value = input[name] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) throw wrongType(name, "List");
    return value;
}

/** A whole number. @throws InvalidParameterException out of its range */
export function integer(input: Input, name: string, [least, most]: readonly [number, number]): number | undefined {
    const value = input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name, "Integer");
    if (value < least || value > most) throw invalidParameter(`${name} must be between ${least} and ${most}.`);
    return value;
}

/** A structure, empty when it is absent. @throws SerializationException */
export function structure(input: Input, name: string): Input {
    const value = input[name] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) throw wrongType(name, "Structure");
    return value as Input;
}

/** A list of structures. @throws SerializationException */
export function structures(input: Input, name: string): readonly Input[] {
    const value = input[name] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "object" && item !== null)) {
        throw wrongType(name, "List");
    }
    return value as Input[];
}

/**
 * Refuses members that would change what an operation does.
 *
 * @throws UnsupportedFeatureException naming the first; false, and what is empty, ask for nothing.
 */
export function refuseOthers(operation: string, input: Input, served: readonly string[]): void {
    for (const [name, value] of Object.entries(input)) {
        const asks = Boolean(value) && !(Array.isArray(value) && value.length === 0);
        if (asks && !served.includes(name)) throw unsupported(`${operation} with ${name}`);
    }
}

function wrongType(name: string, type: string): Error {
    return awsError("SerializationException", 400, `${name} is no ${type}.`);
}
