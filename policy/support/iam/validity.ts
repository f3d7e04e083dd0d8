import { eachAsync, Unreadable } from "../failClosed";
import { ifKnown } from "../known";
import type { Fault } from "../rule";
import { textOf, type Props } from "../values";
import { parseDocument, type DocumentKind, type PolicyDocument } from "./documents";
import { statementsOf, type Statement } from "./statements";
import { actionFaults, conditionFaults, principalFaults, resourceFaults } from "./validElements";

/**
 * What is wrong with the form of a policy document: what AWS would refuse, or take for something that is not there.
 *
 * @param type Of the resource that the document belongs to.
 */
export function documentFaults(document: PolicyDocument, type: string): AsyncGenerator<Fault> {
    const parsed = parseDocument(document);
    const { place } = document;
    return eachAsync([elementFaults, versionFaults, sidFaults, statementFaults], (check) =>
        check(parsed, document, type, place),
    );
}

function* elementFaults(parsed: Props, _document: PolicyDocument, _type: string, place: string): Generator<Fault> {
    yield* unknownElements(parsed, ["Version", "Id", "Statement"], place);
}

function* unknownElements(props: Props, known: readonly string[], place: string): Generator<Fault> {
    for (const element of Object.keys(props).filter((each) => !known.includes(each))) {
        yield { fault: `has the unknown element ${element} in ${place}`, finding: element };
    }
}

function* versionFaults(parsed: Props, _document: PolicyDocument, _type: string, place: string): Generator<Fault> {
    if (textOf(parsed.Version) !== "2012-10-17") {
        const mend = 'Set Version to "2012-10-17": the older one knows no variables.';
        yield { fault: `has another Version than 2012-10-17 in ${place}`, finding: "Version", mend };
    }
}

function* sidFaults(_parsed: Props, document: PolicyDocument, _type: string, place: string): Generator<Fault> {
    const sids = statementsOf(document).flatMap(({ raw }) => ifKnown(() => textOf(raw.Sid)) || []);
    for (const sid of new Set(sids)) {
        if (sids.indexOf(sid) !== sids.lastIndexOf(sid)) {
            yield { fault: `has several statements with the Sid ${sid} in ${place}`, finding: sid };
        }
        if (document.kind !== "resource" && !/^[a-z\d]+$/i.test(sid)) {
            yield { fault: `has a Sid of other characters than letters and digits in ${place}`, finding: sid };
        }
    }
}

function statementFaults(_parsed: Props, document: PolicyDocument, type: string, place: string): AsyncGenerator<Fault> {
    const statements = statementsOf(document);
    if (statements.length === 0) {
        throw new Unreadable(`${place} has no statement`);
    }
    return eachAsync(statements, (statement) =>
        eachAsync([formFaults, actionFaults, resourceFaults, principalFaults, conditionFaults], (check) =>
            check(statement, document.kind, type),
        ),
    );
}

const ELEMENTS = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

function* formFaults(statement: Statement, kind: DocumentKind, type: string): Generator<Fault> {
    const { raw, place } = statement;
    yield* unknownElements(raw, ELEMENTS, place);
    for (const [element, demand] of Object.entries(demandsOf(kind, type))) {
        const found = [element, `Not${element}`].filter((each) => each in raw);
        if (demand === "one" && found.length !== 1) {
            yield { fault: `has not one of ${element} and Not${element} in ${place}`, finding: element };
        } else if (demand === "none" && found.length > 0) {
            yield { fault: `has ${found.join(" and ")} in ${place}, where it can't be`, finding: element };
        }
    }
    // Reading it tells whether it is one.
    void statement.allows;
}

/** Which elements a statement must have, and which it can't have. A repository's policy is about the repository alone. */
function demandsOf(kind: DocumentKind, type: string): Readonly<Record<string, "one" | "none" | "any">> {
    const isRepository = type === "aws:ecr/repositoryPolicy:RepositoryPolicy";
    return {
        Action: "one",
        Principal: kind === "identity" ? "none" : "one",
        Resource: kind === "trust" ? "none" : isRepository ? "any" : "one",
    };
}
