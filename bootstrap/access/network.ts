import { allow, type ServiceAccess } from "./types";

/**
 * The VPC of containers, by tags, as AWS makes all ids: what is made gets the stack's tags, and only what has them is changed.
 *
 * Source: Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation".
 */
export const network: ServiceAccess = ({ names, own, made, claimed }) => {
    const ofKinds = (...kinds: readonly string[]) => kinds.map((kind) => names.arn("ec2", `${kind}/*`));
    return {
        types: [
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "aws:ec2/flowLog:FlowLog",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "awsx:ec2:Vpc",
        ],
        read: [
            // AWS lets none of these be named.
            allow(
                [
                    ...["ec2:DescribeAvailabilityZones", "ec2:DescribeFlowLogs", "ec2:DescribeInternetGateways"],
                    ...["ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:DescribePrefixLists"],
                    ...["ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"],
                    ...["ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"],
                ],
                "*",
            ),
            allow("ec2:DescribeVpcAttribute", ofKinds("vpc"), own),
        ],
        change: [
            ...Object.entries(MADE_BY).map(([kind, actions]) => allow(ofEc2(actions), ofKinds(kind), made)),
            // What a creation refers to: a subnet's VPC, an endpoint's subnets, a rule's group.
            allow(ofEc2(REFERRING), ofKinds("route-table", "security-group", "subnet", "vpc"), own),
            allow("ec2:CreateTags", ofKinds(...KINDS), {
                StringEquals: { ...made.StringEquals, "ec2:CreateAction": Object.values(MADE_BY).flat() },
            }),
            // AWS makes a VPC's default group itself, without tags.
            allow("ec2:CreateTags", ofKinds("security-group"), claimed),
            allow(ofEc2(CHANGES), ofKinds(...KINDS), own),
        ],
    };
};

function ofEc2(actions: readonly string[]): string[] {
    return actions.map((action) => `ec2:${action}`);
}

/** What is made, by which actions. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = {
    "internet-gateway": ["CreateInternetGateway"],
    "route-table": ["CreateRouteTable"],
    "security-group": ["CreateSecurityGroup"],
    "security-group-rule": ["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"],
    subnet: ["CreateSubnet"],
    vpc: ["CreateVpc"],
    "vpc-endpoint": ["CreateVpcEndpoint"],
    "vpc-flow-log": ["CreateFlowLogs"],
};

const KINDS = Object.keys(MADE_BY);

const REFERRING = Object.entries(MADE_BY).flatMap(([kind, actions]) =>
    kind === "internet-gateway" || kind === "vpc" ? [] : actions,
);

const CHANGES = [
    ...["AssociateRouteTable", "AttachInternetGateway", "CreateRoute", "DeleteFlowLogs", "DeleteInternetGateway"],
    ...["DeleteRoute", "DeleteRouteTable", "DeleteSecurityGroup", "DeleteSubnet", "DeleteVpc"],
    ...["DeleteVpcEndpoints", "DetachInternetGateway", "DisassociateRouteTable", "ModifySecurityGroupRules"],
    ...["ModifySubnetAttribute", "ModifyVpcAttribute", "ModifyVpcEndpoint", "ReplaceRoute"],
    ...["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
];
