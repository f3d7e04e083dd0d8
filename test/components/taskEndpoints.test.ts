import * as assert from "node:assert/strict";
import { endpointPolicy } from "../../components/support/taskEndpoints";
import type { Plan } from "../../plan/types";
import { resource, statements } from "../support/plans";
import { executionRoleArn, planOfNetwork, queue, repositoryArn, table, taskRoleArn } from "./support/taskNetwork";

describe("the policy of an endpoint of tasks", () => {
    it("lets the execution role alone pull the one repository's images, through both endpoints of ECR", async () => {
        const plan = await planOfNetwork({ kind: "private" });

        const forExecutionRole = { ArnEquals: { "aws:PrincipalArn": [executionRoleArn] } };
        const pull = [
            {
                Sid: "PullImage",
                Effect: "Allow",
                Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                Resource: repositoryArn,
                Principal: "*",
                Condition: forExecutionRole,
            },
            {
                Sid: "LogIn",
                Effect: "Allow",
                Action: "ecr:GetAuthorizationToken",
                Resource: "*",
                Principal: "*",
                Condition: forExecutionRole,
            },
        ];
        assert.deepEqual(policies(plan, "net-ecr-api"), pull);
        assert.deepEqual(policies(plan, "net-ecr-dkr"), pull);
    });

    it("lets through to S3 what ECR's own account signs: reads in the bucket of layers, and no more", async () => {
        const plan = await planOfNetwork({ kind: "private" });

        assert.deepEqual(policies(plan, "net-s3"), [
            {
                Sid: "DownloadLayers",
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*",
                Principal: "*",
            },
        ]);
    });

    it("lets the roles given do what is allowed, by the condition that a gateway endpoint needs", async () => {
        const plan = await planOfNetwork({ kind: "private" });

        assert.deepEqual(policies(plan, "net-dynamodb"), [
            {
                ...table.allow[0],
                Principal: "*",
                Condition: { ArnEquals: { "aws:PrincipalArn": [taskRoleArn] } },
            },
        ]);
    });

    it("holds what all who use the service were given, each for its own roles", () => {
        const other = { ...table, roleArns: ["arn:aws:iam::111111111111:role/other"] };

        const policy = statements(endpointPolicy([table, queue, other], "dynamodb")) as { Condition: unknown }[];

        assert.deepEqual(
            policy.map(({ Condition }) => Condition),
            [table, other].map(({ roleArns }) => ({ ArnEquals: { "aws:PrincipalArn": roleArns } })),
        );
    });

    it("keeps the conditions of a statement beside the roles, and whatever principal it has cannot widen them", () => {
        const StringEquals = { "aws:ResourceAccount": "111111111111" };
        const given = { StringEquals, ArnEquals: { "aws:SourceArn": "arn:aws:x:::y" } };
        const statement = { ...table.allow[0], Principal: { AWS: "*" }, Condition: given };

        const policy = endpointPolicy([{ ...table, allow: [statement] }], "dynamodb");

        const ArnEquals = { ...given.ArnEquals, "aws:PrincipalArn": [taskRoleArn] };
        const Condition = { StringEquals, ArnEquals };
        assert.deepEqual(statements(policy), [{ ...statement, Principal: "*", Condition }]);
    });

    it("is refused when no role may use the endpoint", () => {
        assert.throws(() => endpointPolicy([{ ...queue, roleArns: [] }], "sqs"), {
            message: "The endpoint of sqs lists no roleArns: name the roles that may use it.",
        });
    });
});

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

function policies(plan: Plan, endpoint: string): unknown[] {
    return statements(resource(plan, ENDPOINT, endpoint).inputs.policy);
}
