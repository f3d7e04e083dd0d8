import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { logGroup, type Operations } from "./operations";
import { document, trust } from "./policy";

/**
 * A log of all connections of a VPC, made and refused, with a role that writes this log alone.
 *
 * Source of the statements: Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
 */
export function flowLog(
    name: string,
    { vpcId, operations }: { readonly vpcId: pulumi.Input<string>; readonly operations: Operations },
    opts: pulumi.CustomResourceOptions,
): aws.ec2.FlowLog {
    const names = stackNames();
    const logGroupName = `/aws/vpc/${names.physical(name)}`;
    const logs = logGroup(`${name}-logs`, logGroupName, operations, opts);
    const role = new aws.iam.Role(
        `${name}-role`,
        {
            name: names.physical(name),
            description: `Writes the flow log ${names.physical(name)}`,
            assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", names.account),
        },
        opts,
    );
    const policy = new aws.iam.RolePolicy(
        `${name}-policy`,
        {
            name: "own",
            role: role.name,
            policy: document([
                {
                    Sid: "WriteOwnLog",
                    Effect: "Allow",
                    Action: [
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    Resource: ["", ":*"].map((streams) => names.arn("logs", `log-group:${logGroupName}${streams}`)),
                },
                {
                    // Listing log groups can be allowed on all or on none.
                    Sid: "ListLogGroups",
                    Effect: "Allow",
                    Action: "logs:DescribeLogGroups",
                    Resource: "*",
                },
            ]),
        },
        opts,
    );
    return new aws.ec2.FlowLog(
        name,
        {
            vpcId,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: logs.arn,
            iamRoleArn: role.arn,
            maxAggregationInterval: 600,
        },
        { ...opts, dependsOn: policy },
    );
}
