import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecr-immutable-tags",
    title: "A tag of an image always means the same image.",
    why: "Who may push to a repository with mutable tags can exchange the image that tasks and functions run under a known tag.",
    mend: "Set imageTagMutability to IMMUTABLE.",
    sources: ["Security Hub ECR.2", "checkov CKV_AWS_51", "Pulumi aws-ecr-repository-disallow-mutable-image"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecr/repository:Repository"],
    *check({ props }) {
        const mutability = textOf(props.imageTagMutability);
        if (mutability === "IMMUTABLE_WITH_EXCLUSION") {
            yield { fault: "excludes tags from being immutable" };
        } else if (mutability !== "IMMUTABLE") {
            yield { fault: "has mutable tags" };
        }
    },
};
