import type { Rule } from "../../support/rule";

export const rule: Rule = {
    id: "vpc-no-default",
    title: "Programs use VPCs of their own, not the account's default one.",
    why: "The default VPC is shared by whatever else runs in the account, and gives everything in it a public address.",
    mend: "Make an aws.ec2.Vpc or awsx.ec2.Vpc with subnets instead.",
    sources: ["checkov CKV_AWS_148", "trivy ec2/no_default_vpc"],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet"],
    *check({ type }) {
        yield { fault: `takes over the account's default ${type.endsWith("Subnet") ? "subnet" : "VPC"}` };
    },
};
