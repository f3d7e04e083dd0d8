import { eachContainer, isWindows } from "../../support/ecs/containers";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-readonly-root",
    title: "Linux containers can't write to their root file system.",
    why: "Who breaks into a container that can change its own files replaces programs and leaves tools behind.",
    mend: "Set readonlyRootFilesystem to true and mount a volume where the container has to write.",
    sources: ["Security Hub ECS.5", "checkov CKV_AWS_336"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: (task) =>
        eachContainer(task, function* (container) {
            if (!isTrue(container.get("readonlyRootFilesystem")) && !isWindows(task)) {
                const fault = `lets container ${container.name} write to its root file system`;
                yield { fault, finding: container.name };
            }
        }),
};
