import { compileStatement, type CompiledStatement, type PolicyKind } from "./statement";

/** A policy document, ready for decisions. */
export interface CompiledPolicy {
    readonly statements: readonly CompiledStatement[];
}

/** A compiled policy and where it stands, for people: `policy write-events of role x`. */
export interface PlacedPolicy {
    readonly place: string;
    readonly policy: CompiledPolicy;
}

/**
 * Compiles a policy document, given as JSON text, as an object, or compiled already. The same document is compiled once.
 *
 * Throws an error that names `place` when IAM would not accept the document: so a document that cannot be understood stops the
 * start, and never allows anything.
 *
 * @param place Where the document stands, for people, e.g. `policy of bucket events`.
 */
export function compilePolicy(document: unknown, place: string, kind: PolicyKind): CompiledPolicy {
    const known =
        typeof document === "string"
            ? byText.get(kind + document)
            : typeof document === "object" && document
              ? byObject.get(document)
              : undefined;
    if (known) {
        return known;
    }
    let policy: CompiledPolicy;
    try {
        policy = compile(typeof document === "string" ? JSON.parse(document) : document, kind);
    } catch (error) {
        throw new Error(`${place}: the policy document is not valid: ${(error as Error).message}`);
    }
    remember(document, kind, policy);
    return policy;
}

/** Documents kept by text; a plan has some dozens. */
const MOST_TEXTS = 2000;

const byText = new Map<string, CompiledPolicy>();
const byObject = new WeakMap<object, CompiledPolicy>();

function remember(document: unknown, kind: PolicyKind, policy: CompiledPolicy): void {
    if (typeof document === "string") {
        if (byText.size >= MOST_TEXTS) {
            byText.clear();
        }
        byText.set(kind + document, policy);
    } else {
        byObject.set(document as object, policy);
    }
    byObject.set(policy, policy);
}

const MEMBERS = ["Version", "Id", "Statement"];
const VERSIONS = ["2012-10-17", "2008-10-17"];

function compile(document: unknown, kind: PolicyKind): CompiledPolicy {
    if (typeof document !== "object" || document === null || Array.isArray(document)) {
        throw new Error("it is no object");
    }
    const { Version = "2008-10-17", Statement, ...others } = document as Record<string, unknown>;
    const unknown = Object.keys(others).find((name) => !MEMBERS.includes(name));
    if (unknown !== undefined) {
        throw new Error(`${unknown} is no element of a policy`);
    }
    if (!VERSIONS.includes(Version as string)) {
        throw new Error(`Version must be one of ${VERSIONS.join(", ")}`);
    }
    if (Statement === undefined) {
        throw new Error("Statement is missing");
    }
    const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
    return {
        statements: statements.map((statement, index) =>
            compileStatement(statement, index, kind, Version === "2012-10-17"),
        ),
    };
}
