import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "ecr-lifecycle",
    title: "Repositories delete images that are no longer used.",
    why: "Old images keep old vulnerabilities at hand for whoever may run them, and cost storage.",
    mend: "Add an ecr.LifecyclePolicy for the repository.",
    sources: ["Security Hub ECR.3"],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:ecr/repository:Repository"],
    joins: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
    *checkInStack(repository, stack) {
        if (stack.naming(repository, "repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy").length === 0) {
            yield { fault: "has no life-cycle policy" };
        }
    },
};
