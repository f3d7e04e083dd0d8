import type { Prediction, Predictor, Subject } from "./types";

/** Security groups and their rules, VPC endpoints, and flow logs. A VPC and what it is made of is of awsx. */
export const ec2: Readonly<Record<string, Predictor>> = {
    "aws:ec2/securityGroup:SecurityGroup": (subject) => {
        const name = subject.physicalName(subject.inputs.name);
        return identified(subject, "sg", "security-group", { name, ownerId: subject.account });
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (subject) =>
        identified(subject, "sg", "security-group", {
            name: "default",
            description: "default VPC security group",
            ownerId: subject.account,
        }),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
    "aws:ec2/vpcEndpoint:VpcEndpoint": (subject) =>
        identified(subject, "vpce", "vpc-endpoint", {
            ownerId: subject.account,
            state: "available",
            // The addresses of a service, which only a gateway endpoint leads to.
            ...((subject.inputs.vpcEndpointType ?? "Gateway") === "Gateway"
                ? { prefixListId: `pl-${subject.hex(8, "prefix list")}` }
                : {}),
        }),
    "aws:ec2/flowLog:FlowLog": (subject) => identified(subject, "fl", "vpc-flow-log", {}),
};

function rule(subject: Subject): Prediction {
    const prediction = identified(subject, "sgr", "security-group-rule", {});
    return { ...prediction, outputs: { ...prediction.outputs, securityGroupRuleId: prediction.id } };
}

/** Ids of EC2 are a prefix and 17 hexadecimal digits. */
function identified(
    { region, account, hex }: Subject,
    prefix: string,
    kind: string,
    outputs: Readonly<Record<string, unknown>>,
): Prediction {
    const id = `${prefix}-${hex(17)}`;
    return { id, outputs: { ...outputs, arn: `arn:aws:ec2:${region}:${account}:${kind}/${id}` } };
}
