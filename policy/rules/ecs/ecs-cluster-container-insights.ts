import type { Rule } from "../../support/rule";
import { propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-cluster-container-insights",
    title: "Clusters measure their tasks with Container Insights.",
    why: "Without measurements of tasks nobody sees one that restarts again and again, or works for somebody else.",
    mend: "Add the setting containerInsights with the value enhanced or enabled to settings.",
    sources: ["cdk-nag AwsSolutions-ECS4", "Security Hub ECS.12", "checkov CKV_AWS_65"],
    severity: "low",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:ecs/cluster:Cluster"],
    *check({ props }) {
        const settings = propsListOf(props.settings);
        const insights = settings.find(({ name }) => textOf(name) === "containerInsights");
        if (!["enabled", "enhanced"].includes(textOf(insights?.value) ?? "")) {
            yield { fault: "does not have Container Insights" };
        }
    },
};
