import type { Rule } from "../../support/rule";
import { eachGroupRule, eachWorldwideRange, trafficOf } from "../../support/ec2/securityGroups";

export const rule: Rule = {
    id: "sg-no-open-ingress",
    title: "Security groups accept no connections from the whole internet.",
    why: "Whatever listens behind the group is found by scanners within minutes, and is one flaw away from a break-in.",
    mend: "Name the networks or security groups that may connect in the rule's cidrIpv4, cidrBlocks or referencedSecurityGroupId.",
    sources: [
        "cdk-nag AwsSolutions-EC23",
        "cdk-nag EC2RestrictedCommonPorts",
        "Security Hub EC2.18",
        "Security Hub EC2.19",
        "checkov CKV_AWS_24",
        "checkov CKV_AWS_277",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ],
    check: (resource) =>
        eachGroupRule(resource, "ingress", (rule) =>
            eachWorldwideRange(rule, function* (range) {
                const traffic = trafficOf(rule);
                yield { fault: `accepts ${traffic} from ${range}`, finding: `${range} ${traffic}` };
            }),
        ),
};
