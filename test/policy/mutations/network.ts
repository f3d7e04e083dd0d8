import { added, changed, without, type Mutation } from "../support/mutation";

const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const WORLD = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };

export const mutations: readonly Mutation[] = [
    {
        rule: "sg-no-open-ingress",
        when: "the endpoints accept connections from everywhere",
        change: (resources) =>
            changed(resources, INGRESS_RULE, { cidrIpv4: "0.0.0.0/0", referencedSecurityGroupId: undefined }),
    },
    {
        rule: "sg-no-open-ingress",
        when: "tasks accept connections from everywhere",
        stack: "dev",
        change: (resources) => changed(resources, SECURITY_GROUP, { ingress: [WORLD] }),
    },
    {
        rule: "sg-rule-conflicts",
        when: "the tasks' group has a rule inside, too",
        change: (resources) => changed(resources, SECURITY_GROUP, { egress: [WORLD] }, "orders-network-tasks"),
    },
    {
        rule: "vpc-flow-logs",
        when: "the network's flow log is gone",
        change: (resources) => without(resources, "aws:ec2/flowLog:FlowLog"),
    },
    {
        rule: "vpc-flow-logs",
        when: "the network's flow log is another one's",
        change: (resources) => changed(resources, "aws:ec2/flowLog:FlowLog", { vpcId: "vpc-0" }),
    },
    {
        rule: "vpc-default-sg-closed",
        when: "the network's default group is left as AWS makes it",
        change: (resources) => without(resources, DEFAULT_GROUP),
    },
    {
        rule: "vpc-default-sg-closed",
        when: "members of the default group reach each other",
        change: (resources) => changed(resources, DEFAULT_GROUP, { ingress: [{ protocol: "-1", self: true }] }),
    },
    {
        rule: "vpc-no-default",
        when: "the account's default VPC is used",
        stack: "dev",
        change: (resources) => added(resources, "aws:ec2/defaultVpc:DefaultVpc", {}),
    },
    {
        rule: "subnet-no-public-ip",
        when: "a public subnet keeps awsx's setting",
        stack: "dev",
        change: (resources) => added(resources, "aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }),
    },
];
