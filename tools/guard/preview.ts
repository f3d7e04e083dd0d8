import * as v from "valibot";
import { oneLine } from "../oneLine";
import { effectOf } from "./ops";

/** A step of a preview: what happens to one resource. */
export interface Step {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State;
    readonly newState?: State;
    /** Inputs whose change asks for a new resource. */
    readonly replaceReasons?: readonly string[] | null;
}

/** A resource as it is in a state. */
export interface State {
    readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi preview --json` prints. Unchanged resources are counted only, unless it has `--show-sames`. */
export interface Preview {
    readonly steps: readonly Step[];
    /** How many resources there are of each operation. */
    readonly changeSummary: Readonly<Record<string, number>>;
}

/**
 * Reads what `pulumi preview --json` printed.
 *
 * @throws When it is something else, or cut off, when the preview failed or did not reach its end, and when it has an operation
 * that nobody judged yet.
 */
export function parsePreview(text: string): Preview {
    const { steps, changeSummary, diagnostics, maybeCorrupt } = read(text);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
        throw new Error(
            `The preview failed, and what it shows is not all that would happen; mend this and preview again: ${errors.map(({ message }) => oneLine(message)).join(" / ")}`,
        );
    }
    if (maybeCorrupt) {
        throw new Error("The preview says that the state may be corrupt: repair it with pulumi refresh first.");
    }
    if (changeSummary === undefined) {
        throw new Error("The preview has no changeSummary, so it did not reach its end: preview again.");
    }
    for (const { op } of steps) {
        effectOf(op);
    }
    for (const [op, count] of Object.entries(changeSummary)) {
        const shown = steps.filter((step) => step.op === op).length;
        if (effectOf(op) !== "kept" && shown < count) {
            throw new Error(`The preview counts ${count} ${op} and shows ${shown}, so it is not whole: preview again.`);
        }
    }
    return { steps, changeSummary };
}

// Source: `PreviewDigest` of pulumi/pulumi, pkg/display/json.go. What is empty is left out there.
const STATE = v.object({ inputs: v.optional(v.record(v.string(), v.unknown())) });
const DIGEST = v.object({
    steps: v.array(
        v.object({
            op: v.string(),
            urn: v.pipe(v.string(), v.regex(/^urn:pulumi:[^:]+::[^:]+::[^:]+(:[^:]+)*::/)),
            oldState: v.optional(STATE),
            newState: v.optional(STATE),
            replaceReasons: v.optional(v.nullable(v.array(v.string()))),
        }),
    ),
    diagnostics: v.optional(
        v.array(v.object({ message: v.optional(v.string(), ""), severity: v.optional(v.string(), "error") })),
        [],
    ),
    changeSummary: v.optional(v.record(v.string(), v.number())),
    maybeCorrupt: v.optional(v.boolean(), false),
});

function read(text: string): v.InferOutput<typeof DIGEST> {
    if (text.trim() === "") {
        throw new Error("The preview is empty: pulumi preview ended before it printed it, and its messages tell why.");
    }
    try {
        return v.parse(DIGEST, JSON.parse(text));
    } catch (error) {
        const issue = error instanceof v.ValiError ? (error.issues[0] as v.BaseIssue<unknown>) : undefined;
        const where = issue && `${v.getDotPath(issue) ?? "the whole"}: ${issue.message}`;
        throw new Error(
            `This is not the whole output of pulumi preview --json (${oneLine(where ?? (error as Error).message)}): write its standard output alone to the file, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW.`,
            { cause: error },
        );
    }
}
