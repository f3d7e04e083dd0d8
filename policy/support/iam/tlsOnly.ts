import type { Resource } from "../resources";
import { coversAction } from "./actions";
import { parseArn } from "./arns";
import type { Condition } from "./conditions";
import { documentsOf } from "./documents";
import { statementsOf, type Statement } from "./statements";

/**
 * Whether a resource's policy refuses everybody's requests over plain HTTP.
 *
 * @param actions What must be denied, e.g. `["s3:*"]` for all that S3 does.
 * @param suffixes Endings of the resources that the denials must cover together, e.g. `["", "/*"]` for a bucket and its objects.
 * A resource `*` covers all.
 * @throws Where a document can't be read.
 */
export function deniesWithoutTls(resource: Resource, actions: readonly string[], suffixes: readonly string[]): boolean {
    const denied = documentsOf(resource, "resource")
        .flatMap((document) => statementsOf(document))
        .filter((statement) => isDenial(statement, actions))
        .flatMap((statement) => statement.resources);
    return denied.length > 0 && suffixes.every((suffix) => denied.some((each) => covers(each, suffix)));
}

/** Whether a statement refuses at least everything that comes without TLS: a further condition would make exceptions. */
function isDenial(statement: Statement, actions: readonly string[]): boolean {
    return (
        !statement.allows &&
        statement.principals.some(({ kind }) => kind === "*") &&
        actions.every((action) => coversAction(statement.actions, action)) &&
        statement.conditions.every(isWithoutTls)
    );
}

/** Each request has the key, so that `IfExists` changes nothing. */
function isWithoutTls({ operator, set, key, values }: Condition): boolean {
    return (
        operator === "Bool" &&
        set === undefined &&
        key === "aws:securetransport" &&
        values.some((value) => value.toLowerCase() === "false")
    );
}

/**
 * Whether a resource element covers what ends in a suffix; without one, the thing itself. AWS takes only policies about the
 * thing that they are attached to: its name need not be compared, but what comes after it.
 */
function covers(resource: string, suffix: string): boolean {
    if (resource === "*") {
        return true;
    }
    const [name, ...path] = (parseArn(resource)?.resource ?? "/?").split("/");
    if (name.includes("?") || /\*./.test(name)) {
        return false;
    }
    const rest = path.length === 0 ? "" : `/${path.join("/")}`;
    return rest === suffix || (rest === "" && name.endsWith("*"));
}
