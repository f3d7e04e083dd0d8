import type { Declared } from "./judge";

/** A change to our own program that a rule of the pack must catch. */
export interface Mutation {
    /** Id of the rule. */
    readonly rule: string;
    /** What is changed, as it follows "when": `the queue of uploads is not encrypted`. */
    readonly when: string;
    /** @default "prod" */
    readonly stack?: "dev" | "prod";
    /** Options of the rule that are set for it. @default - none */
    readonly options?: Readonly<Record<string, unknown>>;
    /** The program's resources with the change: a new list, whose unchanged resources are the same objects. */
    change(resources: readonly Declared[]): readonly Declared[];
}

/**
 * Changes the inputs of the program's first resource of a type, or of the one with a name. A value of `undefined` takes a
 * property away.
 *
 * @throws When the program has no such resource.
 */
export function changed(
    resources: readonly Declared[],
    type: string,
    props: Readonly<Record<string, unknown>>,
    name?: string,
): readonly Declared[] {
    const found = resources.find((resource) => resource.type === type && (name ?? resource.name) === resource.name);
    if (!found) {
        throw new Error(`the program has no ${type} ${name ?? ""}`);
    }
    const without = (all: Readonly<Record<string, unknown>> = {}) =>
        Object.fromEntries(Object.entries({ ...all, ...props }).filter(([, value]) => value !== undefined));
    const next = { ...found, props: without(found.props), outputs: without(found.outputs) };
    return resources.map((resource) => (resource === found ? next : resource));
}

/** The program without its resources of a type. @throws When there is none. */
export function without(resources: readonly Declared[], type: string): readonly Declared[] {
    const rest = resources.filter((resource) => resource.type !== type);
    if (rest.length === resources.length) {
        throw new Error(`the program has no ${type}`);
    }
    return rest;
}

/** The program with one more resource. */
export function added(
    resources: readonly Declared[],
    type: string,
    props: Readonly<Record<string, unknown>>,
): readonly Declared[] {
    return [...resources, { type, name: "added", props }];
}
