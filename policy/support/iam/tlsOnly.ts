import type { Resource } from "../resources";
import { coversAction } from "./actions";
import { documentsOf } from "./documents";
import { statementsOf, type Statement } from "./statements";

/**
 * Whether a resource's policy refuses everybody's requests over plain HTTP.
 *
 * @param actions What must be denied, e.g. `["s3:*"]` for all that S3 does.
 * @param suffixes Endings of the resources that the denial must cover together, e.g. `["", "/*"]` for a bucket and its objects.
 * A resource `*` covers all.
 * @throws Where a document can't be read.
 */
export function deniesWithoutTls(resource: Resource, actions: readonly string[], suffixes: readonly string[]): boolean {
    const denials = documentsOf(resource, "resource")
        .flatMap((document) => statementsOf(document))
        .filter((statement) => isDenial(statement, actions));
    const resources = denials.flatMap((statement) => statement.resources);
    return denials.length > 0 && suffixes.every((suffix) => resources.some((each) => covers(each, suffix)));
}

function isDenial(statement: Statement, actions: readonly string[]): boolean {
    const [condition, ...others] = statement.conditions;
    return (
        !statement.allows &&
        statement.principals.some(({ kind }) => kind === "*") &&
        actions.every((action) => coversAction(statement.actions, action)) &&
        others.length === 0 &&
        condition?.operator === "Bool" &&
        condition.set === undefined &&
        condition.key === "aws:securetransport" &&
        condition.values.every((value) => value.toLowerCase() === "false")
    );
}

/** Whether a resource element covers what ends in a suffix; without one, the thing itself, which has no path. */
function covers(resource: string, suffix: string): boolean {
    if (resource === "*") {
        return true;
    }
    return suffix === "" ? !/[/*?]/.test(resource.split(":").slice(5).join(":")) : resource.endsWith(suffix);
}
