import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { document, trust } from "./policy";

/**
 * Lets API Gateway write logs. The setting belongs to an account and region, not to one API: without it a stage with access
 * logs cannot be made. Each stack has an account of its own, so that each may own the setting.
 */
export class ApiGatewayAccount extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:ApiGatewayAccount", name, {}, opts);
        const names = stackNames();
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: names.physical(name),
                description: "Writes the logs of REST APIs",
                assumeRolePolicy: trust("apigateway.amazonaws.com"),
            },
            { parent: this },
        );
        const policy = new aws.iam.RolePolicy(
            `${name}-policy`,
            {
                name: "own",
                role: role.name,
                policy: document([
                    {
                        Sid: "WriteLogsOfApis",
                        Effect: "Allow",
                        Action: [
                            "logs:CreateLogGroup",
                            "logs:CreateLogStream",
                            "logs:DescribeLogStreams",
                            "logs:FilterLogEvents",
                            "logs:GetLogEvents",
                            "logs:PutLogEvents",
                        ],
                        Resource: ["/aws/apigateway/*", "API-Gateway-Execution-Logs_*"].map((group) =>
                            names.arn("logs", `log-group:${group}:*`),
                        ),
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
            { parent: this },
        );
        new aws.apigateway.Account(
            `${name}-settings`,
            { cloudwatchRoleArn: role.arn },
            { parent: this, dependsOn: policy },
        );
        this.registerOutputs({});
    }
}
