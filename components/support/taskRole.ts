import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { document, trust, type Statement } from "./policy";

/** The service that takes on the roles of tasks. */
export const TASKS = "ecs-tasks.amazonaws.com";

/** A role that only tasks of this account take on, and its policies: one, or none where nothing is allowed, which IAM takes for no policy. */
export function taskRole(
    name: string,
    { description, allow }: { readonly description: string; readonly allow: readonly Statement[] },
    opts: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly policies: readonly aws.iam.RolePolicy[] } {
    const names = stackNames();
    const role = new aws.iam.Role(
        name,
        { name: names.physical(name), assumeRolePolicy: trust(TASKS, names.account), description },
        opts,
    );
    const policies =
        allow.length === 0
            ? []
            : [
                  new aws.iam.RolePolicy(
                      `${name}-policy`,
                      { name: "own", role: role.name, policy: document(allow) },
                      opts,
                  ),
              ];
    return { role, policies };
}

/** ARN of a {@link taskRole}, for what is made before it. */
export function taskRoleArn(name: string): string {
    const names = stackNames();
    return names.globalArn("iam", `role/${names.physical(name)}`);
}

/** What ECS does in the name of an execution role: it pulls images of one repository and writes to one log group. */
export function allowExecution(repositoryArn: string, logGroupName: string): Statement[] {
    return [
        {
            // A token is for the whole registry: this action knows no resources.
            Sid: "LogInToRegistry",
            Effect: "Allow",
            Action: "ecr:GetAuthorizationToken",
            Resource: "*",
        },
        allowPull(repositoryArn),
        allowLog(logGroupName),
    ];
}

/** Allows to pull the images of one repository. */
export function allowPull(repositoryArn: string): Statement {
    return {
        Sid: "PullImage",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: repositoryArn,
    };
}

/** Allows to write to one log group. */
export function allowLog(logGroupName: string): Statement {
    return {
        Sid: "WriteLog",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: stackNames().arn("logs", `log-group:${logGroupName}:*`),
    };
}
