import { ifKnown } from "../../support/known";
import type { Resource, Stack, StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isSet, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-roles-distinct",
    title: "Tasks have a role of their own, which is not the one that starts them.",
    why: "The execution role reads secrets and pulls images for ECS. A container that shares it gets all of that, and one without a task role may fall back on its host's.",
    mend: "Set taskRoleArn to a role that nothing else uses as executionRoleArn.",
    sources: ["checkov CKV_AWS_249"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    joins: ["aws:iam/role:Role"],
    *check(task) {
        if (!isSet(task.props, "taskRoleArn")) {
            yield { fault: "has no task role" };
        } else if (ifKnown(() => sameName(task))) {
            yield SHARED;
        }
    },
    // Where a name is still unknown, the resources that it comes from tell.
    *checkInStack(task, stack) {
        if (ifKnown(() => sameName(task)) !== undefined || !ROLES.every((role) => isSet(task.props, role))) {
            return;
        }
        const [own, execution] = ROLES.map((role) => namesIn(task, role, stack));
        if (own.some((name) => execution.includes(name))) {
            yield SHARED;
        }
    },
};

const ROLES = ["taskRoleArn", "executionRoleArn"];

const SHARED = { fault: "has its execution role as task role" };

function sameName({ props }: Resource): boolean {
    const [own, execution] = ROLES.map((role) => roleName(props[role]));
    return own === execution;
}

/** Roles are named by ARN, by path and name, or by name. */
function roleName(value: unknown): string | undefined {
    return textOf(value)?.split("/").at(-1);
}

/** Names of the roles that a property may stand for; URNs of those that get their names from AWS. */
function namesIn(task: StackResource, property: string, stack: Stack): readonly (string | undefined)[] {
    const roles = stack.named(task, property, "aws:iam/role:Role");
    // What is no role of the stack is known, or can't be judged.
    return roles.length === 0
        ? [roleName(task.props[property])]
        : roles.map(({ urn, outputs }) => ifKnown(() => textOf(outputs.name)) ?? urn);
}
