import { block } from "../../support/blocks";
import type { StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isTrue, propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecr-image-scan",
    title: "Images are scanned for vulnerabilities when they are pushed.",
    why: "Nobody learns of a known vulnerability in a package of an image that nothing scans.",
    mend: "Set imageScanningConfiguration.scanOnPush to true, or name the repository in a filter of the registry's scanning configuration.",
    sources: ["Security Hub ECR.1", "checkov CKV_AWS_163", "Pulumi aws-ecr-repository-enable-image-scan"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecr/repository:Repository"],
    joins: ["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"],
    *checkInStack(repository, stack) {
        const registries = stack.ofType("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration");
        // With enhanced scanning, filters of the registry alone decide.
        const enhanced = registries.some(({ props }) => textOf(props.scanType) === "ENHANCED");
        const own = !enhanced && isTrue(block(repository.props, "imageScanningConfiguration").scanOnPush);
        if (!own && !registries.some((registry) => scans(registry, repository))) {
            yield { fault: "does not have its images scanned on push" };
        }
    },
};

function scans({ props }: StackResource, { outputs }: StackResource): boolean {
    return propsListOf(props.rules)
        .filter(({ scanFrequency }) => textOf(scanFrequency) !== "MANUAL")
        .flatMap(({ repositoryFilters }) => propsListOf(repositoryFilters))
        .map(({ filter }) => textOf(filter) ?? "")
        .some((filter) => filter === "*" || covers(filter, textOf(outputs.name) ?? ""));
}

/** A filter without a wildcard covers all names that hold it: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html */
function covers(filter: string, name: string): boolean {
    if (!filter.includes("*")) {
        return name.includes(filter);
    }
    const parts = filter.split("*").map((part) => part.replace(/\./g, "\\."));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
}
