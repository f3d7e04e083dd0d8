import type { Rule } from "../../support/rule";
import { parseArn } from "../../support/iam/arns";
import { IDENTITY_POLICY_TYPES } from "../../support/iam/documents";
import { namesOneThing } from "../../support/iam/narrowing";
import { isAnything, toldBy } from "../../support/iam/resourceIds";
import { eachAllowed } from "../../support/iam/statements";

export const rule: Rule = {
    id: "iam-no-wildcard-resource-segment",
    title: "ARNs in identity policies have no wildcard before the end of the resource's id.",
    why: "A wildcard in an id, account or region covers other workloads' resources, and those that are made later.",
    mend:
        "Write the ARN up to the end of its id; where AWS generates the id, demand a literal aws:ResourceTag or " +
        "kms:ResourceAliases with StringEquals.",
    sources: ["cdk-nag AwsSolutions-IAM5"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: IDENTITY_POLICY_TYPES,
    check: (resource) =>
        eachAllowed(resource, ["identity"], async function* (statement) {
            // A bare `*` is right for actions without resources; another rule is about that.
            for (const element of statement.resources.filter((each) => each.startsWith("arn") || !isAnything(each))) {
                const told = await toldBy(element);
                if (told !== "id" && !(await namesOneThing(element, () => statement.conditions))) {
                    yield { fault: `allows actions on ${element} in ${statement.place}`, finding: findingOf(element) };
                }
            }
        }),
};

/** Without account and region, so that one exception holds on every stack. */
function findingOf(element: string): string {
    const arn = parseArn(element);
    return arn ? `${arn.service}:${arn.resource}` : element;
}
