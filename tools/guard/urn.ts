/** The parts of a URN, `urn:pulumi:<stack>::<project>::<types>::<name>`; of the types its own, which is the last. */
export interface Urn {
    readonly stack: string;
    readonly project: string;
    readonly type: string;
    readonly name: string;
}

/** Takes a URN apart. A name may hold anything, also `::`. */
export function parseUrn(urn: string): Urn {
    const [stack, project, types, ...name] = urn.slice("urn:pulumi:".length).split("::");
    return { stack, project, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
