import { ifKnown } from "../../support/known";
import type { Rule } from "../../support/rule";
import { eachGroupRule, GROUP_RULE_TYPES, SECURITY_GROUP_TYPES } from "../../support/ec2/securityGroups";
import { isSet, type Props } from "../../support/values";

export const rule: Rule = {
    id: "sg-description",
    title: "Security groups and their rules say what they are for.",
    why: "A rule that nobody can explain is a rule that nobody dares to remove.",
    mend: "Set description to who may talk to whom, and why.",
    sources: [
        "cdk-nag AwsSolutions-EC27",
        "checkov CKV_AWS_23",
        "Pulumi compliance-policies aws-ec2-securitygroup-missing-description",
    ],
    severity: "low",
    levels: { dev: "advisory", prod: "advisory" },
    types: ["aws:ec2/securityGroup:SecurityGroup", ...GROUP_RULE_TYPES],
    *check(resource) {
        if (SECURITY_GROUP_TYPES.includes(resource.type) && !isDescribed(resource.props)) {
            yield { fault: "has no description of its own", finding: "description" };
        }
        for (const direction of ["ingress", "egress"] as const) {
            yield* eachGroupRule(resource, direction, function* ({ props, place }) {
                if (!isSet(props, "description")) {
                    yield place === undefined
                        ? { fault: "has no description", finding: "description" }
                        : { fault: `has no description in ${place}`, finding: place };
                }
            });
        }
    },
};

/** Whether a group has a description besides the one that the provider gives to each. An unknown one is none of the provider's. */
function isDescribed(props: Props): boolean {
    return isSet(props, "description") && ifKnown(() => props.description) !== "Managed by Pulumi";
}
