import type { Rule } from "../../support/rule";
import { listOf } from "../../support/values";
import { inVpc, isJudgedVpc, VPC_TYPES } from "../../support/ec2/vpcs";

const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

export const rule: Rule = {
    id: "vpc-default-sg-closed",
    title: "The default security group of each VPC lets nothing in or out.",
    why: "Whatever is started without a group of its own gets this one, in which all members reach each other and the internet.",
    mend: "Make an aws.ec2.DefaultSecurityGroup with the VPC's vpcId, without ingress and egress.",
    sources: ["cdk-nag VPCDefaultSecurityGroupClosed", "Security Hub EC2.2", "checkov CKV2_AWS_12"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: [DEFAULT_GROUP, ...VPC_TYPES],
    *checkInStack(resource, stack) {
        if (resource.type !== DEFAULT_GROUP) {
            if (isJudgedVpc(resource, stack) && inVpc(resource, stack, DEFAULT_GROUP).length === 0) {
                yield { fault: "leaves its default security group open" };
            }
            return;
        }
        for (const direction of ["ingress", "egress"]) {
            if (listOf(resource.props[direction]).length > 0) {
                yield {
                    fault: `has rules in ${direction}`,
                    finding: direction,
                    mend: `Remove ${direction} from the group.`,
                };
            }
        }
    },
};
