import * as aws from "@pulumi/aws";
import { stackNames } from "../components/support/names";
import { document, type Statement } from "../components/support/policy";
import { apiGateway, cloudWatch, logs, waf } from "./access/api";
import { autoscaling, codeDeploy, ecr, ecs, events, lambda } from "./access/compute";
import { dsql, dynamodb, glue, kms, s3, sns, sqs } from "./access/data";
import { iam } from "./access/iam";
import { network } from "./access/network";
import type { Access, ServiceAccess } from "./access/types";
import { boundary } from "./boundary";
import type { Scope } from "./scope";

/** Policies that a role has attached to work with one stack, by their purpose. */
export interface AccessPolicies {
    /** For previews, refreshes, and deployments as well. */
    readonly read: Readonly<Record<string, aws.iam.Policy>>;
    /** For deployments, besides. */
    readonly change: Readonly<Record<string, aws.iam.Policy>>;
}

/** All that there is to say about who deploys a stack, service by service. AWS limits a policy to 6144 characters. */
const PARTS: Readonly<Record<string, readonly ServiceAccess[]>> = {
    compute: [lambda, codeDeploy, ecs, ecr, autoscaling, events],
    data: [s3, dynamodb, sqs, sns, dsql, glue, kms],
    api: [apiGateway, waf, logs, cloudWatch],
    network: [network],
    roles: [iam],
};

/** What reads is shorter, and a role has ten policies attached at most. */
const READ_PARTS: typeof PARTS = {
    workloads: [...PARTS.compute, ...PARTS.data],
    surroundings: [...PARTS.api, ...PARTS.network, ...PARTS.roles],
};

/** Makes the policies of one stack, and the boundary of its roles. */
export function accessPolicies(scope: Scope): AccessPolicies {
    boundary(scope);
    return {
        read: policies("read", scope, READ_PARTS),
        change: policies("change", scope, PARTS),
    };
}

/** What is needed to preview and deploy a stack, by service. */
export function accesses(scope: Scope): Access[] {
    return Object.values(PARTS).flatMap((services) => services.map((service) => service(scope)));
}

function policies(
    kind: "read" | "change",
    scope: Scope,
    parts: Readonly<Record<string, readonly ServiceAccess[]>>,
): Record<string, aws.iam.Policy> {
    const verb = kind === "read" ? "Reads" : "Changes";
    return Object.fromEntries(
        Object.entries(parts).map(([part, services]) => {
            const purpose = `${kind}-${scope.environment}-${part}`;
            const statements: Statement[] = services.flatMap((service) => service(scope)[kind]);
            const policy = new aws.iam.Policy(purpose, {
                name: stackNames().physical(purpose),
                description: `${verb} ${part} of ${scope.prefix}`,
                policy: document(statements),
            });
            return [purpose, policy];
        }),
    );
}
