/** Why a file can't be moved, in words that the client may read. */
export interface Defect extends Error {
    readonly name: "Defect";
}

/** Makes a {@link Defect}. */
export function defect(reason: string): Defect {
    return Object.assign(new Error(reason), { name: "Defect" as const });
}

/** Tells a {@link Defect} from other errors, whose text is not for clients. */
export function isDefect(error: unknown): error is Defect {
    return error instanceof Error && error.name === "Defect";
}

/** What a client may know of an error. */
export function publicReason(error: unknown): string {
    return isDefect(error) ? error.message : "The file could not be moved to its place";
}
