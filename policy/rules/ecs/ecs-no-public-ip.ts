import { block } from "../../support/blocks";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

/** Where resources that run tasks say what network these get. */
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
    "aws:ecs/service:Service": ["networkConfiguration"],
    "aws:ecs/taskSet:TaskSet": ["networkConfiguration"],
    "aws:cloudwatch/eventTarget:EventTarget": ["ecsTarget", "networkConfiguration"],
    "aws:scheduler/schedule:Schedule": ["target", "ecsParameters", "networkConfiguration"],
    "aws:pipes/pipe:Pipe": ["targetParameters", "ecsTaskParameters", "networkConfiguration", "awsVpcConfiguration"],
};

export const rule: Rule = {
    id: "ecs-no-public-ip",
    title: "Tasks get no public IP address.",
    why: "A task with a public address can be reached from the internet as soon as a security group admits it.",
    mend: "Set assignPublicIp to false and reach AWS through VPC endpoints or a NAT gateway.",
    sources: ["Security Hub ECS.2", "Security Hub ECS.16", "checkov CKV_AWS_333"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: Object.keys(NETWORKS),
    *check({ type, props }) {
        const { assignPublicIp } = block(props, ...NETWORKS[type]);
        if (isTrue(assignPublicIp) || assignPublicIp === "ENABLED") {
            yield { fault: "gives its tasks public IP addresses" };
        }
    },
};
