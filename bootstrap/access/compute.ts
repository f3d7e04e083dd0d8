import { allow, type ServiceAccess } from "./types";

/** Functions, their versions and aliases, and what sends them messages. */
export const lambda: ServiceAccess = ({ names, prefix, own, claimed }) => {
    const functions = names.arn("lambda", `function:${prefix}-*`);
    const mappings = names.arn("lambda", "event-source-mapping:*");
    return {
        types: [
            "aws:lambda/alias:Alias",
            "aws:lambda/eventSourceMapping:EventSourceMapping",
            "aws:lambda/function:Function",
            "aws:lambda/invocation:Invocation",
            "aws:lambda/permission:Permission",
        ],
        read: [
            allow(
                [
                    ...["lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig"],
                    ...["lambda:GetFunctionConfiguration", "lambda:GetPolicy", "lambda:ListTags"],
                    "lambda:ListVersionsByFunction",
                ],
                functions,
            ),
            allow(["lambda:GetEventSourceMapping", "lambda:ListTags"], mappings, own),
        ],
        change: [
            allow(
                [
                    ...["lambda:AddPermission", "lambda:CreateAlias", "lambda:CreateFunction", "lambda:DeleteAlias"],
                    ...["lambda:DeleteFunction", "lambda:PublishVersion", "lambda:RemovePermission"],
                    ...["lambda:TagResource", "lambda:UntagResource", "lambda:UpdateAlias"],
                    ...["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
                ],
                functions,
            ),
            // A deployment brings the database's schema up to date.
            allow("lambda:InvokeFunction", names.arn("lambda", `function:${prefix}-*-migrate`)),
            allow("lambda:CreateEventSourceMapping", "*", { ArnLike: { "lambda:FunctionArn": functions } }),
            allow("lambda:TagResource", mappings, claimed),
            allow(
                [
                    ...["lambda:DeleteEventSourceMapping", "lambda:TagResource", "lambda:UntagResource"],
                    "lambda:UpdateEventSourceMapping",
                ],
                mappings,
                own,
            ),
        ],
    };
};

/** Gradual shifts from one version of a function to the next. */
export const codeDeploy: ServiceAccess = ({ names, prefix }) => {
    const own = [
        names.arn("codedeploy", `application:${prefix}-*`),
        names.arn("codedeploy", `deploymentgroup:${prefix}-*/*`),
    ];
    return {
        types: ["aws:codedeploy/application:Application", "aws:codedeploy/deploymentGroup:DeploymentGroup"],
        read: [
            allow(
                [
                    ...["codedeploy:GetApplication", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup"],
                    "codedeploy:ListTagsForResource",
                ],
                own,
            ),
        ],
        change: [
            allow(
                [
                    ...["codedeploy:CreateApplication", "codedeploy:CreateDeployment"],
                    ...["codedeploy:CreateDeploymentGroup", "codedeploy:DeleteApplication"],
                    ...["codedeploy:DeleteDeploymentGroup", "codedeploy:RegisterApplicationRevision"],
                    ...["codedeploy:TagResource", "codedeploy:UntagResource", "codedeploy:UpdateApplication"],
                    "codedeploy:UpdateDeploymentGroup",
                ],
                own,
            ),
        ],
    };
};

/** Containers: clusters, services, task definitions. */
export const ecs: ServiceAccess = ({ names, prefix }) => {
    const own = ["cluster", "service", "task-definition"].map((kind) => names.arn("ecs", `${kind}/${prefix}-*`));
    return {
        types: ["aws:ecs/cluster:Cluster", "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"],
        read: [
            allow(["ecs:DescribeClusters", "ecs:DescribeServices", "ecs:ListTagsForResource"], own),
            // AWS lets no task definition be named here.
            allow("ecs:DescribeTaskDefinition", "*"),
        ],
        change: [
            allow(
                [
                    ...["ecs:CreateCluster", "ecs:CreateService", "ecs:DeleteCluster", "ecs:DeleteService"],
                    ...["ecs:PutClusterCapacityProviders", "ecs:RegisterTaskDefinition", "ecs:TagResource"],
                    ...["ecs:UntagResource", "ecs:UpdateCluster", "ecs:UpdateService"],
                ],
                own,
            ),
            allow("ecs:DeregisterTaskDefinition", "*"),
        ],
    };
};

/** Images of containers. */
export const ecr: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("ecr", `repository/${prefix}-*`);
    return {
        types: ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecr/repository:Repository", "awsx:ecr:Image"],
        read: [
            allow(
                [
                    ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages"],
                    ...["ecr:DescribeRepositories", "ecr:GetDownloadUrlForLayer", "ecr:GetLifecyclePolicy"],
                    "ecr:ListTagsForResource",
                ],
                own,
            ),
            // A token with the caller's own rights: AWS allows it on all or on none.
            allow("ecr:GetAuthorizationToken", "*"),
        ],
        change: [
            allow(
                [
                    ...["ecr:CompleteLayerUpload", "ecr:CreateRepository", "ecr:DeleteLifecyclePolicy"],
                    ...["ecr:DeleteRepository", "ecr:InitiateLayerUpload", "ecr:PutImage"],
                    ...["ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability", "ecr:PutLifecyclePolicy"],
                    ...["ecr:TagResource", "ecr:UntagResource", "ecr:UploadLayerPart"],
                ],
                own,
            ),
        ],
    };
};

/** How many workers run. */
export const autoscaling: ServiceAccess = ({ names, own, made, claimed }) => {
    const targets = names.arn("application-autoscaling", "scalable-target/*");
    const ofEcs = { "application-autoscaling:service-namespace": "ecs" };
    return {
        types: ["aws:appautoscaling/policy:Policy", "aws:appautoscaling/target:Target"],
        read: [
            allow(
                ["application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"],
                "*",
            ),
            allow("application-autoscaling:ListTagsForResource", targets, own),
        ],
        change: [
            allow("application-autoscaling:RegisterScalableTarget", targets, {
                StringEquals: { ...made.StringEquals, ...ofEcs },
            }),
            allow("application-autoscaling:TagResource", targets, claimed),
            allow(
                [
                    "application-autoscaling:DeleteScalingPolicy",
                    "application-autoscaling:DeregisterScalableTarget",
                    "application-autoscaling:PutScalingPolicy",
                    "application-autoscaling:RegisterScalableTarget",
                    "application-autoscaling:TagResource",
                    "application-autoscaling:UntagResource",
                ],
                targets,
                own,
            ),
        ],
    };
};

/** Rules and schedules. */
export const events: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("events", `rule/${prefix}-*`);
    return {
        types: ["aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"],
        read: [allow(["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"], own)],
        change: [
            allow(
                [
                    ...["events:DeleteRule", "events:DisableRule", "events:EnableRule", "events:PutRule"],
                    ...["events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource"],
                ],
                own,
            ),
        ],
    };
};
