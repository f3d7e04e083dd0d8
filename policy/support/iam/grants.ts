import type { Fault } from "../rule";
import { actionsOf, coversAction, matchesAction, type ActionFacts } from "./actions";
import { hasWildcard } from "./arns";
import { narrowsResource, namesOneThing } from "./narrowing";
import { concerns, toldBy } from "./resourceIds";
import type { Statement } from "./statements";

/** Whether a statement is about an action: by `Action`, or by a `NotAction` that leaves it over. */
export function covers(statement: Statement, action: string): boolean {
    const { actions, notActions } = statement;
    return coversAction(actions, action) || (notActions !== undefined && !coversAction(notActions, action));
}

/** Which of the actions that a rule is about a pattern of `Action` covers. */
export type Meant = (pattern: string) => Promise<readonly string[]> | readonly string[];

/** The actions of a list. */
export function listed(...actions: readonly string[]): Meant {
    return (pattern) => actions.filter((action) => matchesAction(pattern, action));
}

/**
 * Actions by what AWS says of them. A pattern without a literal service covers some of any kind. An action that AWS does not
 * list is taken for one of those meant, unless the rule is about what is said of it.
 */
export function described(test: (facts: ActionFacts) => boolean, unlisted: "meant" | "ignored"): Meant {
    return async (pattern) => {
        if (/[*?]/.test(pattern.split(":")[0])) {
            return [pattern];
        }
        const facts = await actionsOf(pattern);
        return facts.length === 0 && unlisted === "meant" ? [pattern] : facts.filter(test).map(({ name }) => name);
    };
}

/**
 * Faults for each pattern of a statement that allows an action on resources that nothing limits: on `*`, ARNs without an id
 * such as `table/*`, or all but a `NotResource`.
 *
 * @param excuse Whether a condition that names resources counts as a limit.
 */
export async function* unlimitedGrants(
    statement: Statement,
    meant: Meant,
    { excuse }: { readonly excuse: boolean },
): AsyncGenerator<Fault> {
    for (const { pattern, actions } of await grantsOf(statement, meant)) {
        const found = await firstUnlimited(statement, actions, excuse);
        if (found) {
            const general = pattern === NOT_ACTION || hasWildcard(pattern);
            const such = general && !hasWildcard(found.action) ? ` (such as ${found.action})` : "";
            const what = pattern === NOT_ACTION ? "all but its NotAction" : pattern;
            yield { fault: `allows ${what}${such} on ${found.on} in ${statement.place}`, finding: pattern };
        }
    }
}

const NOT_ACTION = "NotAction";

interface Grant {
    readonly pattern: string;
    /** Those of the actions a rule is about that the pattern covers. */
    readonly actions: readonly string[];
}

async function grantsOf({ actions, notActions }: Statement, meant: Meant): Promise<Grant[]> {
    const grants = await Promise.all(actions.map(async (pattern) => ({ pattern, actions: await meant(pattern) })));
    if (notActions) {
        const left = (await meant("*")).filter((action) => !coversAction(notActions, action));
        grants.push({ pattern: NOT_ACTION, actions: left });
    }
    return grants.filter((grant) => grant.actions.length > 0);
}

async function firstUnlimited(
    statement: Statement,
    actions: readonly string[],
    excuse: boolean,
): Promise<{ action: string; on: string } | undefined> {
    if (statement.notResources) {
        return excuse && narrowsResource(statement.conditions)
            ? undefined
            : { action: actions[0], on: "all but its NotResource" };
    }
    for (const on of statement.resources) {
        if ((await toldBy(on)) !== "nothing" || (excuse && (await isLimited(on, statement)))) {
            continue;
        }
        for (const action of actions) {
            if (await concerns(on, action)) {
                return { action, on };
            }
        }
    }
    return undefined;
}

async function isLimited(element: string, statement: Statement): Promise<boolean> {
    return (await namesOneThing(element, () => statement.conditions)) || narrowsResource(statement.conditions);
}
