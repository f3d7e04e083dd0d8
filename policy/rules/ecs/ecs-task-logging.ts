import { eachContainer, member } from "../../support/ecs/containers";
import type { Rule } from "../../support/rule";
import { propsOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-logging",
    title: "All containers send what they write to a log.",
    why: "What a container did, and what was done to it, is gone with the container when nothing keeps its output.",
    mend: "Set logConfiguration with a logDriver in the container's definition, e.g. awslogs.",
    sources: ["cdk-nag AwsSolutions-ECS7", "Security Hub ECS.9"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: (task) =>
        eachContainer(task, function* (container) {
            const driver = textOf(member(propsOf(container.get("logConfiguration")), "logDriver")) ?? "";
            if (driver === "" || driver === "none") {
                yield { fault: `has no log of container ${container.name}`, finding: container.name };
            }
        }),
};
