import { eachAsync, Unreadable } from "../failClosed";
import type { Resource } from "../resources";
import type { Fault, Faults } from "../rule";
import { listOf, propsOf, textOf, textsOf, type Props } from "../values";
import { conditionsOf, type Condition } from "./conditions";
import { documentsOf, parseDocument, type DocumentKind, type PolicyDocument } from "./documents";
import { principalsOf, type Principal } from "./principals";

/**
 * A statement of a policy document, in the one form that rules read: single values are lists. Each element is read when it is
 * asked for, so that one which is known only after a deployment does not hide the others.
 */
export interface Statement {
    /** Where it stands: `statement 2 of policy`, with its Sid when it has one. */
    readonly place: string;
    /** Whether its effect is `Allow`. Anything else but `Deny` can't be read. */
    readonly allows: boolean;
    /** As written: of any case, with wildcards. Empty when there is no `Action`. */
    readonly actions: readonly string[];
    /** Undefined when there is no `NotAction`. */
    readonly notActions: readonly string[] | undefined;
    /** Empty when there is no `Resource`. */
    readonly resources: readonly string[];
    /** Undefined when there is no `NotResource`. */
    readonly notResources: readonly string[] | undefined;
    /** Empty when there is no `Principal`. */
    readonly principals: readonly Principal[];
    /** Undefined when there is no `NotPrincipal`. */
    readonly notPrincipals: readonly Principal[] | undefined;
    readonly conditions: readonly Condition[];
    /** As it was declared. */
    readonly raw: Props;
}

/** Judges each statement of a resource's documents of some kinds by itself. */
export function eachStatement(
    resource: Resource,
    kinds: readonly DocumentKind[],
    check: (statement: Statement, document: PolicyDocument) => Faults,
): AsyncGenerator<Fault> {
    return eachAsync(documentsOf(resource, ...kinds), (document) =>
        eachAsync(rawStatements(document), (raw, index) => check(statementOf(raw, index, document), document)),
    );
}

/** Judges each statement with the effect `Allow` by itself. */
export function eachAllowed(
    resource: Resource,
    kinds: readonly DocumentKind[],
    check: (statement: Statement, document: PolicyDocument) => Faults,
): AsyncGenerator<Fault> {
    return eachStatement(resource, kinds, (statement, document) =>
        statement.allows ? check(statement, document) : [],
    );
}

/** All statements of a document, for rules that look at them together. @throws Where the document can't be read. */
export function statementsOf(document: PolicyDocument): Statement[] {
    return Array.from(rawStatements(document), (raw, index) => statementOf(raw, index, document));
}

function rawStatements(document: PolicyDocument): readonly unknown[] {
    return listOf(parseDocument(document).Statement);
}

function statementOf(value: unknown, index: number, { place }: PolicyDocument): Statement {
    const raw = propsOf(value);
    return {
        place: `statement ${index + 1}${sidOf(raw)} of ${place}`,
        raw,
        get allows() {
            const effect = textOf(raw.Effect);
            if (effect !== "Allow" && effect !== "Deny") {
                throw new Unreadable(`statement ${index + 1} of ${place} has no effect Allow or Deny`);
            }
            return effect === "Allow";
        },
        get actions() {
            return textsOf(raw.Action);
        },
        get notActions() {
            return "NotAction" in raw ? textsOf(raw.NotAction) : undefined;
        },
        get resources() {
            return textsOf(raw.Resource);
        },
        get notResources() {
            return "NotResource" in raw ? textsOf(raw.NotResource) : undefined;
        },
        get principals() {
            return principalsOf(raw.Principal);
        },
        get notPrincipals() {
            return "NotPrincipal" in raw ? principalsOf(raw.NotPrincipal) : undefined;
        },
        get conditions() {
            return conditionsOf(raw.Condition);
        },
    };
}

/** A Sid only says where a statement stands: one that is unknown keeps nothing from being judged. */
function sidOf(raw: Props): string {
    try {
        return typeof raw.Sid === "string" && raw.Sid !== "" ? ` (${raw.Sid})` : "";
    } catch {
        return "";
    }
}
