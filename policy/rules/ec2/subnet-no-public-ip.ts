import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "subnet-no-public-ip",
    title: "Subnets give no public addresses to what is started in them.",
    why: "An instance or task that nobody meant to publish would be reachable from the internet by default.",
    mend: "Leave mapPublicIpOnLaunch out, and ask for an address where one is needed.",
    sources: ["cdk-nag VPCSubnetAutoAssignPublicIpDisabled", "Security Hub EC2.15", "checkov CKV_AWS_130"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ec2/subnet:Subnet"],
    *check({ props }) {
        if (isTrue(props.mapPublicIpOnLaunch)) {
            yield { fault: "gives a public address to each instance" };
        }
    },
};
