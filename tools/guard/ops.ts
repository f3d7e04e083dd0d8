/** What a step leaves of a resource that is there. */
export type Effect = "kept" | "deleted" | "replaced" | "forgotten";

/**
 * What each operation of Pulumi's engine does to the resource that is there. Those around a replacement all tell of one.
 * Source: `StepOps` of pulumi/pulumi, pkg/resource/deploy/step.go, 3.255.0.
 */
const EFFECTS: Readonly<Record<string, Effect>> = {
    same: "kept",
    create: "kept",
    update: "kept",
    read: "kept",
    refresh: "kept",
    diff: "kept",
    // Takes what is there into the state and changes nothing of it.
    import: "kept",
    "extend-parameterize": "kept",
    delete: "deleted",
    replace: "replaced",
    "create-replacement": "replaced",
    "delete-replaced": "replaced",
    "read-replacement": "replaced",
    "discard-replaced": "replaced",
    "import-replacement": "replaced",
    "remove-pending-replace": "replaced",
    // What the program only read, and reads no more.
    discard: "forgotten",
};

/**
 * What an operation does to the resource that is there.
 *
 * @throws When the operation is unknown: a newer CLI may have one that deletes.
 */
export function effectOf(op: string): Effect {
    if (!Object.hasOwn(EFFECTS, op)) {
        throw new Error(
            `The preview has an operation ${op}, which this guard does not know: say in tools/guard/ops.ts what it does to a resource, or use the version of the Pulumi CLI that the guard was made for.`,
        );
    }
    return EFFECTS[op];
}
