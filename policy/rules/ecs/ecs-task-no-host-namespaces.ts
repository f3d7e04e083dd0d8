import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-no-host-namespaces",
    title: "Tasks share no network, processes or memory with their host.",
    why: "In a namespace of the host a container reaches the host's services, its credentials and the processes of other tasks.",
    mend: "Set networkMode to awsvpc and leave pidMode and ipcMode out.",
    sources: ["Security Hub ECS.3", "Security Hub ECS.17", "checkov CKV_AWS_335"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: ({ props }) =>
        each(["networkMode", "pidMode", "ipcMode"], function* (property) {
            if (textOf(props[property])?.toLowerCase() === "host") {
                yield { fault: `has ${property} host`, finding: property };
            }
        }),
};
