import { each } from "../failClosed";
import type { Fault } from "../rule";
import { ESCALATION_METHODS } from "./escalationMethods";
import { covers } from "./grants";
import { demandedLiterals, narrowsResource } from "./narrowing";
import { concerns, toldBy } from "./resourceIds";
import type { Statement } from "./statements";

/**
 * Faults for each way in which statements, taken together, let a principal give itself more rights. A statement that can't be
 * read is a fault as well, and counts for nothing.
 *
 * @param known Ways that need not be told.
 */
export async function* escalations(
    statements: readonly Statement[],
    known: ReadonlySet<string> = new Set(),
): AsyncGenerator<Fault> {
    const readable: Statement[] = [];
    yield* each(statements, function* (statement) {
        READ.forEach((element) => statement[element]);
        readable.push(statement);
    });
    for (const [name, actions] of Object.entries(ESCALATION_METHODS)) {
        if (!known.has(name) && (await escalates(readable, actions))) {
            const fault = `can give itself more rights with ${actions.join(" and ")} on resources that nothing limits`;
            yield { fault, finding: name };
        }
    }
}

/** Elements that are read before statements are looked at together. */
const READ = ["allows", "actions", "notActions", "resources", "notResources", "conditions"] as const;

async function escalates(statements: readonly Statement[], actions: readonly string[]): Promise<boolean> {
    if (!actions.every((action) => isAllowed(statements, action))) {
        return false;
    }
    const [decisive, next] = actions;
    for (const statement of statements) {
        if (
            statement.allows &&
            covers(statement, decisive) &&
            !isLimited(statement, next) &&
            (await isOnAny(statement, decisive))
        ) {
            return true;
        }
    }
    return false;
}

/** Whether statements allow an action on anything, and none refuses it altogether. */
function isAllowed(statements: readonly Statement[], action: string): boolean {
    const about = statements.filter((statement) => covers(statement, action));
    const refused = about.some(
        ({ allows, resources, conditions }) => !allows && resources.includes("*") && conditions.length === 0,
    );
    return !refused && about.some(({ allows }) => allows);
}

async function isOnAny({ resources, notResources }: Statement, action: string): Promise<boolean> {
    if (notResources) {
        return true;
    }
    for (const element of resources) {
        if ((await toldBy(element)) === "nothing" && (await concerns(element, action))) {
            return true;
        }
    }
    return false;
}

/**
 * Whether conditions keep the first action of a set to some things: to a resource, to policies or a boundary of permissions,
 * or to passing roles to services other than the one that the next action is of.
 */
function isLimited({ conditions }: Statement, next = ""): boolean {
    const services = demandedLiterals(conditions, "iam:PassedToService");
    const service = next.split(":")[0];
    return (
        narrowsResource(conditions) ||
        demandedLiterals(conditions, "iam:PermissionsBoundary", "iam:PolicyARN") !== undefined ||
        (services !== undefined && next !== "" && !services.some((each) => each.includes(service)))
    );
}
