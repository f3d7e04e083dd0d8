import { eachAsync, each } from "../../support/failClosed";
import { documentsOf } from "../../support/iam/documents";
import { namesRole } from "../../support/iam/roleNames";
import { serviceOf } from "../../support/iam/services";
import { statementsOf } from "../../support/iam/statements";
import type { Stack, StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";

const FUNCTION = "aws:lambda/function:Function";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";

export const rule: Rule = {
    id: "iam-role-single-service",
    title: "Each function and task definition has a role of its own, which one service may take.",
    why: "A role that several share needs the rights of all: whoever takes over one of them has those of the others.",
    mend: "Give each of them a role of its own.",
    sources: ["checkov CKV_AWS_249", "quartet"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:iam/role:Role"],
    joins: [FUNCTION, TASK],
    async *checkInStack(role, stack) {
        const services = new Set<string>();
        yield* eachAsync(documentsOf(role, "trust"), (document) =>
            each(statementsOf(document), function* ({ allows, principals }): Generator<Fault> {
                for (const { value } of principals.filter(({ kind }) => allows && kind === "Service")) {
                    services.add(workerOf(value));
                }
            }),
        );
        if (services.size > 1) {
            yield { fault: `may be taken by ${[...services].sort().join(" and ")}`, finding: "services" };
        }
        const users = usersOf(role, stack);
        if (users.length > 1) {
            yield { fault: `is the role of ${users.map(({ name }) => name).join(" and ")}`, finding: "shared" };
        }
    },
};

/** A function at the edge is one of Lambda, whose role both must trust. */
function workerOf(principal: string): string {
    return serviceOf(principal).replace(/^edgelambda$/, "lambda");
}

function usersOf(role: StackResource, stack: Stack): StackResource[] {
    return [
        ...stack.ofType(FUNCTION).filter((each) => namesRole(each, "role", role)),
        ...stack
            .ofType(TASK)
            .filter((each) => ["taskRoleArn", "executionRoleArn"].some((property) => namesRole(each, property, role))),
    ];
}
