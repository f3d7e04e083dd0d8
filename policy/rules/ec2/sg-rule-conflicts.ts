import type { Rule } from "../../support/rule";
import { directionOf, GROUP_RULE_TYPES, SECURITY_GROUP_TYPES } from "../../support/ec2/securityGroups";
import { isSet } from "../../support/values";

export const rule: Rule = {
    id: "sg-rule-conflicts",
    title: "A security group has its rules of one direction inside or as resources of their own, never both.",
    why: "Rules inside of a group are all that it may have: each deployment removes the others, and the next one makes them again.",
    mend: "Move the rules out of the group's ingress and egress into resources of their own, or all of them into it.",
    sources: ["awsguard security-group-no-rule-management-conflicts"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: SECURITY_GROUP_TYPES,
    joins: GROUP_RULE_TYPES,
    *checkInStack(group, stack) {
        // A default group owns all of its rules, also those that it leaves out.
        const ownsAll = group.type === "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
        for (const other of stack.naming(group, "securityGroupId", ...GROUP_RULE_TYPES)) {
            const direction = directionOf(other.type, other.props);
            if (ownsAll || isSet(group.props, direction)) {
                yield {
                    fault: `removes the rule ${other.name}, since its own ${direction} leaves that out`,
                    finding: other.name,
                };
            }
        }
    },
};
