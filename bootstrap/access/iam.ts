import { allow, type ServiceAccess } from "./types";

/**
 * Roles. One is made, and gets rights, only with the stack's boundary; nothing can take a boundary away. A role goes to the
 * services that the program's roles are for.
 */
export const iam: ServiceAccess = ({ names, prefix, boundaryArn }) => {
    const own = names.globalArn("iam", `role/${prefix}-*`);
    const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryArn } };
    return {
        types: ["aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"],
        read: [
            allow(
                [
                    ...["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"],
                    ...["iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:ListRoleTags"],
                ],
                own,
            ),
        ],
        change: [
            allow(
                [
                    ...["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"],
                    ...["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
                ],
                own,
                bounded,
            ),
            allow(
                [...["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole"], "iam:UpdateRoleDescription"],
                own,
            ),
            allow("iam:PassRole", own, { StringEquals: { "iam:PassedToService": PASSED_TO } }),
            // AWS's own roles, which it makes once in an account, when a service is first used.
            ...SERVICE_ROLES.map(([service, role]) =>
                allow(
                    "iam:CreateServiceLinkedRole",
                    names.globalArn("iam", `role/aws-service-role/${service}/${role}`),
                    { StringEquals: { "iam:AWSServiceName": service } },
                ),
            ),
        ],
    };
};

const PASSED_TO = [
    ...["apigateway.amazonaws.com", "codedeploy.amazonaws.com", "ecs-tasks.amazonaws.com"],
    ...["lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
];

const SERVICE_ROLES = [
    ["dsql.amazonaws.com", "AWSServiceRoleForAuroraDsql"],
    ["ecs.amazonaws.com", "AWSServiceRoleForECS"],
    ["ecs.application-autoscaling.amazonaws.com", "AWSServiceRoleForApplicationAutoScaling_ECSService"],
    ["wafv2.amazonaws.com", "AWSServiceRoleForWAFV2Logging"],
] as const;
