import { eachContainer } from "../../support/ecs/containers";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-no-privileged",
    title: "Containers do not run in privileged mode.",
    why: "A privileged container is root on its host: who breaks into it owns the host and all other containers there.",
    mend: "Leave privileged out of the container's definition.",
    sources: ["Security Hub ECS.4", "checkov CKV_AWS_334"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: (task) =>
        eachContainer(task, function* (container) {
            if (isTrue(container.get("privileged"))) {
                yield { fault: `runs container ${container.name} in privileged mode`, finding: container.name };
            }
        }),
};
