import { parseUrn } from "../guard/urn";

/** A resource that a preview would change. */
export interface Change {
    /** `replace` for every step of a replacement; an operation that this file does not know keeps its own name. */
    readonly kind: string;
    readonly type: string;
    readonly name: string;
    /** Paths of the properties that differ, never their values; for a replacement those that cause it. */
    readonly properties: readonly string[];
}

/** What a preview says that people should see. */
export interface Changes {
    /** One for each resource, the ones that lose most first. */
    readonly changes: readonly Change[];
    /** How many resources stay as they are. */
    readonly same: number;
    /** Messages of the diagnostics that are errors. */
    readonly errors: readonly string[];
}

/** The kinds of change, in the order in which a reader should meet them. */
export const KINDS = ["delete", "replace", "create", "update", "import"] as const;

/**
 * Reads what `pulumi preview --json` prints: `steps`, `changeSummary` and `diagnostics`. Source: pulumi/pulumi, pkg/display/json.go.
 *
 * @throws When the text is no preview, which also happens when the CLI was ended while it printed.
 */
export function readChanges(text: string): Changes {
    const { steps = [], changeSummary = {}, diagnostics = [] } = parse(text);
    const byUrn = new Map<string, Change>();
    for (const step of steps) {
        const change = changeOf(step);
        const known = byUrn.get(step.urn);
        // A replacement is three steps of one resource, of which one says why.
        byUrn.set(step.urn, known && known.properties.length > change.properties.length ? known : change);
    }
    const all = [...byUrn.values()];
    return {
        changes: all.filter(({ kind }) => !QUIET.includes(kind)).sort((one, other) => rank(one) - rank(other)),
        same: changeSummary.same ?? 0,
        errors: diagnostics.filter(({ severity }) => severity === "error").map(({ message = "" }) => message.trim()),
    };
}

interface Step {
    readonly op: string;
    readonly urn: string;
    readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
    readonly diffReasons?: readonly string[] | null;
    readonly replaceReasons?: readonly string[] | null;
}

interface Preview {
    readonly steps?: readonly Step[];
    /** Absent when the preview failed before its end. Steps that change nothing are counted only here. */
    readonly changeSummary?: Readonly<Record<string, number>>;
    readonly diagnostics?: readonly { readonly severity?: string; readonly message?: string }[];
}

function parse(text: string): Preview {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new Error("What the preview printed is no complete JSON.");
    }
    const preview = (value ?? {}) as Preview;
    const { steps = [], changeSummary, diagnostics } = preview;
    const isStep = (step: Partial<Step> | null) => typeof step?.op === "string" && typeof step.urn === "string";
    if (!Array.isArray(steps) || !steps.every(isStep) || !(changeSummary ?? diagnostics)) {
        throw new Error("What the preview printed is JSON, but not that of pulumi preview --json.");
    }
    return preview;
}

function changeOf({ op, urn, detailedDiff, diffReasons, replaceReasons }: Step): Change {
    const { type, name } = parseUrn(urn);
    const kind = REPLACEMENTS.includes(op) ? "replace" : op;
    const differs = detailedDiff ? Object.keys(detailedDiff) : (diffReasons ?? []);
    const properties = kind === "replace" && replaceReasons?.length ? replaceReasons : differs;
    return { kind, type, name, properties: [...properties] };
}

/** Operations that are a part of a replacement. */
const REPLACEMENTS = [
    "replace",
    "create-replacement",
    "delete-replaced",
    "read-replacement",
    "discard-replaced",
    "import-replacement",
    "remove-pending-replace",
];

/** Operations that change nothing, neither in AWS nor in the state. */
const QUIET: readonly string[] = ["same", "read", "refresh", "diff"];

/** Unknown kinds come first: nobody has said yet that they are harmless. */
function rank({ kind }: Change): number {
    return (KINDS as readonly string[]).indexOf(kind);
}
