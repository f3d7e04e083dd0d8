import * as assert from "node:assert/strict";
import { resource, resourcesOfType, statements } from "../support/plans";
import { planOfNetwork, vpcOf } from "./support/taskNetwork";

describe("the flow log of a network of tasks", () => {
    it("holds all connections, and is written by a role that writes nothing else", async () => {
        const plan = await planOfNetwork({ kind: "private", flowLogs: true });

        const logs = resource(plan, "aws:cloudwatch/logGroup:LogGroup", "net-flow-log-logs");
        const role = resource(plan, "aws:iam/role:Role", "net-flow-log-role");
        assert.deepEqual(resource(plan, FLOW_LOG, "net-flow-log").inputs, {
            vpcId: vpcOf(plan).vpcId,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: logs.outputs.arn,
            iamRoleArn: role.outputs.arn,
            maxAggregationInterval: 600,
        });
        assert.deepEqual([logs.inputs.name, logs.inputs.retentionInDays], ["/aws/vpc/quartet-dev-net-flow-log", 1]);
        assert.deepEqual(statements(role.inputs.assumeRolePolicy), [
            {
                Effect: "Allow",
                Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
            },
        ]);
        const arn = "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/vpc/quartet-dev-net-flow-log";
        assert.deepEqual(
            statements(resource(plan, "aws:iam/rolePolicy:RolePolicy", "net-flow-log-policy").inputs.policy),
            [
                {
                    Sid: "WriteOwnLog",
                    Effect: "Allow",
                    Action: [
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    Resource: [arn, `${arn}:*`],
                },
                { Sid: "ListLogGroups", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
            ],
        );
    });

    it("is not there unless asked for", async () => {
        const plan = await planOfNetwork({ kind: "private", flowLogs: false });

        const types = [FLOW_LOG, "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role"];
        assert.deepEqual(
            types.flatMap((type) => resourcesOfType(plan, type)),
            [],
        );
    });
});

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
