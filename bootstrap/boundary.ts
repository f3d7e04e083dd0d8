import * as aws from "@pulumi/aws";
import { stackNames } from "../components/support/names";
import { document, type Statement } from "../components/support/policy";
import { allow } from "./access/types";
import type { Scope } from "./scope";

/**
 * The permissions boundary of the roles of one stack: whatever their own policies say, they may do no more than this. So who
 * can deploy the stack, and write such policies, still reaches nothing but the stack.
 */
export function boundary(scope: Scope): aws.iam.Policy {
    const purpose = `boundary-${scope.environment}`;
    return new aws.iam.Policy(
        purpose,
        {
            name: stackNames().physical(purpose),
            description: `The most that roles of ${scope.prefix} may do`,
            policy: document(boundaryStatements(scope)),
        },
        { protect: true },
    );
}

/** What handlers and tasks of the stack do at run time. A role's own policy names the one table, queue or bucket. */
function boundaryStatements({ names, prefix, own }: Scope): Statement[] {
    const { partition, region, account } = names;
    return [
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            ["/aws/ecs/", "/aws/lambda/"].map((kind) => names.arn("logs", `log-group:${kind}${prefix}-*`)),
        ),
        // The account has one role of API Gateway for the logs of all APIs.
        allow(
            [
                ...["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams"],
                ...["logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents"],
            ],
            ["/aws/apigateway/*", "API-Gateway-Execution-Logs_*", `/aws/vpc/${prefix}-*`].map((group) =>
                names.arn("logs", `log-group:${group}`),
            ),
        ),
        allow(
            [
                ...["cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "logs:DescribeLogGroups"],
                ...["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            ],
            "*",
        ),
        allow(
            ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"],
            [undefined, "*"].map((keys) => names.bucketArn(`${prefix}-*-${account}`, keys)),
        ),
        allow(
            [
                ...["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
                ...["dynamodb:Query", "dynamodb:UpdateItem"],
            ],
            names.arn("dynamodb", `table/${prefix}-*`),
        ),
        allow(
            [
                ...["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                ...["sqs:ReceiveMessage", "sqs:SendMessage"],
            ],
            names.arn("sqs", `${prefix}-*`),
        ),
        allow(["dsql:DbConnect", "dsql:DbConnectAdmin"], names.arn("dsql", "cluster/*"), own),
        allow("execute-api:Invoke", `arn:${partition}:execute-api:${region}:${account}:*/*/POST/update-status`),
        allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            names.arn("ecr", `repository/${prefix}-*`),
        ),
        allow(
            ["ecs:RunTask", "ecs:StopTask"],
            ["task", "task-definition"].map((kind) => names.arn("ecs", `${kind}/${prefix}-*`)),
        ),
        allow("iam:PassRole", names.globalArn("iam", `role/${prefix}-*`), {
            StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
        }),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], names.arn("kms", "key/*"), own),
    ];
}
