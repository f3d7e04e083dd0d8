import type { Rule } from "../../support/rule";
import { textOf } from "../../support/values";
import { inVpc, isJudgedVpc, VPC_TYPES } from "../../support/ec2/vpcs";

export const rule: Rule = {
    id: "vpc-flow-logs",
    title: "Each VPC has a flow log of at least its refused connections.",
    why: "Without one nobody can tell afterwards who connected to what, nor that somebody tried.",
    mend: "Make an aws.ec2.FlowLog with the VPC's vpcId and trafficType ALL or REJECT.",
    sources: [
        "cdk-nag AwsSolutions-VPC7",
        "Security Hub EC2.6",
        "checkov CKV2_AWS_11",
        "Pulumi best-practices vpc-flow-logs",
    ],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: VPC_TYPES,
    joins: ["aws:ec2/flowLog:FlowLog"],
    *checkInStack(vpc, stack) {
        if (!isJudgedVpc(vpc, stack)) {
            return;
        }
        const logs = inVpc(vpc, stack, "aws:ec2/flowLog:FlowLog");
        if (logs.length === 0) {
            yield { fault: "has no flow log" };
        } else if (!logs.some(({ props }) => textOf(props.trafficType)?.toUpperCase() !== "ACCEPT")) {
            yield { fault: "has a flow log of accepted connections only" };
        }
    },
};
