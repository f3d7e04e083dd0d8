import * as aws from "@pulumi/aws";
import { imagePullEndpoints, type TaskEndpoint } from "../../../components/support/taskEndpoints";
import { TaskNetwork, type TaskNetworkArgs } from "../../../components/support/taskNetwork";
import type { Plan } from "../../../plan/types";
import { resource } from "../../support/plans";
import { operations } from "./blocks";
import { planOfProgram } from "./evaluate";

export const repositoryArn = "arn:aws:ecr:eu-west-1:111111111111:repository/worker";
export const executionRoleArn = "arn:aws:iam::111111111111:role/execution";
export const taskRoleArn = "arn:aws:iam::111111111111:role/task";

/** A role's way to a table, by a gateway endpoint. */
export const table: TaskEndpoint = {
    service: "dynamodb",
    allow: [
        {
            Effect: "Allow",
            Action: "dynamodb:GetItem",
            Resource: "arn:aws:dynamodb:eu-west-1:111111111111:table/orders",
        },
    ],
    roleArns: [taskRoleArn],
};

/** A role's way to a queue, by an interface endpoint. */
export const queue: TaskEndpoint = {
    service: "sqs",
    allow: [{ Effect: "Allow", Action: "sqs:ReceiveMessage", Resource: "arn:aws:sqs:eu-west-1:111111111111:commands" }],
    roleArns: [taskRoleArn],
};

/** A network named `net`, with endpoints of all kinds unless told otherwise. To be called inside the program of a plan. */
export function network(
    args: Pick<TaskNetworkArgs, "kind"> & Partial<TaskNetworkArgs>,
    opts?: ConstructorParameters<typeof TaskNetwork>[2],
): TaskNetwork {
    const endpoints = [...imagePullEndpoints(repositoryArn, executionRoleArn), table, queue];
    return new TaskNetwork("net", { endpoints, flowLogs: false, operations: operations(), ...args }, opts);
}

/** The plan of {@link network}. */
export function planOfNetwork(args: Parameters<typeof network>[0]): Promise<Plan> {
    return planOfProgram(() => void network(args));
}

/** The plan of {@link network} and of a parameter `user` that holds the ids of its group and subnets, with commas between. */
export function planOfUsedNetwork(args: Parameters<typeof network>[0]): Promise<Plan> {
    return planOfProgram(() => {
        const { securityGroupId, subnetIds } = network(args);
        const value = subnetIds.apply((ids) => securityGroupId.apply((group) => [group, ...ids].join()));
        new aws.ssm.Parameter("user", { type: "String", value });
    });
}

/** What awsx answers about the network's VPC. */
export function vpcOf(plan: Plan): Readonly<Record<string, unknown>> {
    return resource(plan, "awsx:ec2:Vpc", "net-vpc").outputs;
}
