import { awsError, isAwsError } from "../../errors";
import type { Context } from "../../iam/types";
import type { EcsRequest } from "./environment";

/**
 * Asks whether the caller may do something.
 *
 * @throws AccessDeniedException
 */
export function authorize(
    { environment, principal, requestId }: Pick<EcsRequest, "environment" | "principal" | "requestId">,
    action: string,
    resource: string,
    context: Context = {},
): void {
    try {
        environment.authorizer.authorize({ principal, action, resource, context }, requestId);
    } catch (error) {
        if (!isAwsError(error)) throw error;
        throw awsError("AccessDeniedException", 400, error.message);
    }
}

/**
 * Asks whether the caller may hand a role to tasks, and whether the role lets ECS use it.
 *
 * @throws AccessDeniedException, ClientException
 */
export function authorizeRole(request: EcsRequest, roleArn: string): void {
    const { authorizer, roles, account, region } = request.environment;
    authorize(request, "iam:PassRole", roleArn, { "iam:PassedToService": ECS_TASKS });
    const role = roles.find(roleArn);
    const trusted =
        role !== undefined &&
        authorizer.decide({
            principal: { type: "service", service: ECS_TASKS },
            action: "sts:AssumeRole",
            resource: roleArn,
            resourcePolicy: role.trust.policy,
            combine: "resource",
            context: { "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` },
        }).allowed;
    if (!trusted) {
        throw awsError(
            "ClientException",
            400,
            `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being ` +
                "passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
        );
    }
}

const ECS_TASKS = "ecs-tasks.amazonaws.com";
