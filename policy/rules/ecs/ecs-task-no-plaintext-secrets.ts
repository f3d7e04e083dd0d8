import { eachContainer, member } from "../../support/ecs/containers";
import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { holdsSecret } from "../../support/secretNames";
import { propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-no-plaintext-secrets",
    title: "Containers get secrets by reference, never as plain environment values.",
    why: "Everybody who may describe the task definition reads its environment, in each revision there ever was.",
    mend: "Move the value to Secrets Manager or a SecureString parameter and name it in secrets of the container's definition.",
    sources: [
        "cdk-nag AwsSolutions-ECS2",
        "Security Hub ECS.8",
        "trivy ecs/no_plaintext_secrets",
        "prowler ecs_task_definitions_no_environment_secrets",
    ],
    severity: "critical",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: (task) =>
        eachContainer(task, (container) =>
            each(propsListOf(container.get("environment")), function* (variable) {
                const name = textOf(member(variable, "name")) ?? "";
                if (holdsSecret(name, textOf(member(variable, "value")) ?? "")) {
                    const fault = `has what looks like a secret in ${name} of container ${container.name}`;
                    yield { fault, finding: `${container.name}.${name}` };
                }
            }),
        ),
};
