import { eachContainer, isWindows } from "../../support/ecs/containers";
import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-non-root-user",
    title: "Linux containers run as a user other than root, named in their definition.",
    why: "Root in a container may change its files and use gaps in the kernel to leave it. Without a user the image decides, and most images mean root.",
    mend: "Set user of the container's definition to a user id other than 0.",
    sources: ["cdk-nag ECSTaskDefinitionUserForHostMode", "Security Hub ECS.20"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: (task) =>
        eachContainer(task, function* (container) {
            // `user`, `user:group`, `uid`, `uid:gid`, …
            const user = textOf(container.get("user"))?.split(":")[0] ?? "";
            if (/^(root|0*)$/.test(user) && !isWindows(task)) {
                const fault =
                    user === ""
                        ? `names no user for container ${container.name}`
                        : `runs container ${container.name} as root`;
                yield { fault, finding: container.name };
            }
        }),
};
