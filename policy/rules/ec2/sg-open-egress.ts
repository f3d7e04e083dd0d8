import type { Rule } from "../../support/rule";
import { eachGroupRule, eachWorldwideRange, isAllTraffic, trafficOf } from "../../support/ec2/securityGroups";

export const rule: Rule = {
    id: "sg-open-egress",
    title: "Security groups do not let everything out to the whole internet.",
    why: "Code that was broken into can reach any server by any protocol, to fetch tools or send data away.",
    mend: "Name the protocol and the port in the egress rule, such as tcp 443, or the networks that are reached.",
    sources: ["checkov CKV_AWS_382", "trivy ec2/no_public_egress_sgr"],
    severity: "medium",
    levels: { dev: "advisory", prod: "advisory" },
    types: [
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ],
    check: (resource) =>
        eachGroupRule(resource, "egress", (rule) =>
            eachWorldwideRange(rule, function* (range) {
                if (isAllTraffic(rule)) {
                    const traffic = trafficOf(rule);
                    yield { fault: `lets ${traffic} out to ${range}`, finding: `${range} ${traffic}` };
                }
            }),
        ),
};
