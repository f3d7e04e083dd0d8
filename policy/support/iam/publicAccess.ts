import { coversAction } from "./actions";
import type { PolicyDocument } from "./documents";
import { isFixedTo, sparesOnlyFixed, tellsCaller } from "./fixedValues";
import { statementsOf, type Statement } from "./statements";

/** Whether a statement is about everybody, however that is written. */
export function isForAll({ principals }: Statement): boolean {
    return principals.some(({ value }) => value === "*");
}

/**
 * The resources for which a statement that allows something allows it to everybody: no condition of its own keeps it to fixed
 * callers, and no denial of the same document does. `*` where it does not name them by `Resource`.
 */
export function publicResources(statement: Statement, document: PolicyDocument): readonly string[] {
    if (!isForAll(statement) || isFixedTo(statement.conditions, tellsCaller)) {
        return [];
    }
    const { resources } = statement;
    const refused = statementsOf(document)
        .filter((other) => isDenialToOthers(other, statement))
        .flatMap((other) => other.resources);
    return (resources.length > 0 ? resources : ["*"]).filter((each) => !refused.some((one) => includes(one, each)));
}

/** Whether a statement refuses, on its resources, all that another one allows, but to fixed callers. */
function isDenialToOthers(denial: Statement, { actions }: Statement): boolean {
    return (
        !denial.allows &&
        isForAll(denial) &&
        actions.length > 0 &&
        actions.every((action) => coversAction(denial.actions, action)) &&
        sparesOnlyFixed(denial.conditions, tellsCaller)
    );
}

function includes(pattern: string, resource: string): boolean {
    const start = /^([^*?]*)\*$/.exec(pattern)?.[1];
    return pattern === resource || (start !== undefined && resource.startsWith(start));
}
