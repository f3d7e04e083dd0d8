import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { document, type Statement } from "./policy";
import { allowPull } from "./taskRole";

/** Services that tasks reach by a gateway endpoint, which is a free entry in the route tables. */
export type GatewayService = "dynamodb" | "s3";

/** Services that tasks reach by an interface endpoint, which is a paid network interface in each zone. */
export type InterfaceService = "ecr.api" | "ecr.dkr" | "logs" | "sqs";

/** What may pass through the endpoint of a service. All that is given for one service makes up its endpoint's one policy. */
export interface TaskEndpoint {
    readonly service: GatewayService | InterfaceService;
    /** Allowed actions and resources. The principal is set here; a Sid is unique among all that is given for the service. */
    readonly allow: readonly Statement[];
    /** ARNs of the roles that may use it, as literal text; `"anyone"` for requests that no role of this account signs. */
    readonly roleArns: readonly string[] | "anyone";
}

/** Whether the service has a gateway endpoint. */
export function isGateway(service: TaskEndpoint["service"]): service is GatewayService {
    return service === "dynamodb" || service === "s3";
}

/**
 * What Fargate needs to pull the image of a task: both endpoints of ECR with one policy, and the bucket of the images' layers.
 * Layers are downloaded with URLs that an account of ECR's signs, neither a role of this account nor a service principal.
 *
 * Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints"; aws-samples/data-perimeter-policy-examples,
 * "VPC endpoint policy examples".
 *
 * @param repositoryArn ARN of the image's repository.
 * @param executionRoleArn ARN of the tasks' execution role.
 */
export function imagePullEndpoints(repositoryArn: string, executionRoleArn: string): TaskEndpoint[] {
    const { region, bucketArn } = stackNames();
    const allow: Statement[] = [
        allowPull(repositoryArn),
        // The token is for all repositories: the action knows no resources.
        { Sid: "LogIn", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    ];
    return [
        { service: "ecr.api", allow, roleArns: [executionRoleArn] },
        { service: "ecr.dkr", allow, roleArns: [executionRoleArn] },
        {
            service: "s3",
            allow: [
                {
                    Sid: "DownloadLayers",
                    Effect: "Allow",
                    Action: "s3:GetObject",
                    Resource: bucketArn(`prod-${region}-starport-layer-bucket`, "*"),
                },
            ],
            roleArns: "anyone",
        },
    ];
}

/**
 * The policy of one service's endpoint. The principal is everyone, and the condition tells who: the policy of a gateway endpoint
 * can name roles no other way (Amazon VPC User Guide, "Control access to VPC endpoints using endpoint policies").
 *
 * @throws When no role may use an endpoint.
 */
export function endpointPolicy(endpoints: readonly TaskEndpoint[], service: TaskEndpoint["service"]): string {
    return document(
        endpoints
            .filter((endpoint) => endpoint.service === service)
            .flatMap(({ allow, roleArns }) => allow.map((statement) => usedBy(roleArns, statement, service))),
    );
}

function usedBy(roleArns: TaskEndpoint["roleArns"], statement: Statement, service: string): Statement {
    if (roleArns.length === 0) {
        throw new pulumi.RunError(`The endpoint of ${service} lists no roleArns: name the roles that may use it.`);
    }
    const { Condition, ...rest } = statement;
    if (roleArns === "anyone") {
        return { ...rest, Principal: "*", ...(Condition && { Condition }) };
    }
    const ArnEquals = { ...Condition?.ArnEquals, "aws:PrincipalArn": roleArns };
    return { ...rest, Principal: "*", Condition: { ...Condition, ArnEquals } };
}
