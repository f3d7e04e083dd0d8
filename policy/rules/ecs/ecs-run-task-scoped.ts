import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { covers } from "../../support/iam/grants";
import { demandedLiterals } from "../../support/iam/narrowing";
import { mayMatch } from "../../support/iam/resourceIds";
import { policiesOf, POLICIES_OF_ROLES } from "../../support/iam/rolePolicies";
import { eachAllowed, type Statement } from "../../support/iam/statements";
import type { Resource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";

export const rule: Rule = {
    id: "ecs-run-task-scoped",
    title: "ECS tasks are started from named task definitions in a named cluster, by roles that can't register others.",
    why: "Who may run a task definition of his own, or any of the account, runs his code with that task's role.",
    mend: "Name the task definition's family in Resource, demand ecs:cluster with ArnEquals, and leave ecs:RegisterTaskDefinition to the deployment.",
    sources: ["quartet", "cloudsplaining PassExistingRoleToNewECSTaskViaRunTask"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    joins: POLICIES_OF_ROLES,
    async *check(resource) {
        const rights = new Set<string>();
        yield* eachAllowed(resource, ["identity"], function* (statement) {
            rightsOf(statement).forEach((right) => rights.add(right));
            for (const action of STARTING.filter((each) => covers(statement, each))) {
                yield* scopeFaults(statement, action);
            }
        });
        if (canStartOwn(rights)) {
            yield OWN_TASKS;
        }
    },
    async *checkInStack(role, stack) {
        const rights = await Promise.all(policiesOf(role, stack).map(rightsOfPolicy));
        // Both in one policy is what `check` finds.
        if (canStartOwn(new Set(rights.flatMap((each) => [...each]))) && !rights.some(canStartOwn)) {
            yield OWN_TASKS;
        }
    },
};

const STARTING = ["ecs:RunTask", "ecs:StartTask"];
const REGISTER = "ecs:RegisterTaskDefinition";
const OWN_TASKS: Fault = { fault: `allows tasks to be started and ${REGISTER}`, finding: REGISTER };

function* scopeFaults({ resources, notResources, conditions, place }: Statement, action: string): Generator<Fault> {
    const unnamed = resources.filter(
        (element) =>
            mayMatch(element, "ecs", "task-definition/") && !/:task-definition\/[^*?:{]+(?::.*)?$/.test(element),
    );
    for (const element of notResources ? [...unnamed, "all but its NotResource"] : unnamed) {
        yield { fault: `allows ${action} on ${element} in ${place}`, finding: action };
    }
    if (!demandedLiterals(conditions, "ecs:cluster")) {
        yield { fault: `allows ${action} in any cluster in ${place}`, finding: "ecs:cluster" };
    }
}

function rightsOf(statement: Statement): string[] {
    return [...STARTING, REGISTER].filter((action) => covers(statement, action));
}

/** What a policy allows; what can't be read in it is a finding of `check`. */
async function rightsOfPolicy(policy: Resource): Promise<ReadonlySet<string>> {
    const rights = new Set<string>();
    const allowed = eachAllowed(policy, ["identity"], (statement) => {
        rightsOf(statement).forEach((right) => rights.add(right));
        return [];
    });
    while (!(await allowed.next()).done);
    return rights;
}

function canStartOwn(rights: ReadonlySet<string>): boolean {
    return rights.has(REGISTER) && STARTING.some((action) => rights.has(action));
}
