import type { PlannedResource } from "../../../plan/types";
import type { ResourceProvider } from "../../gateway/types";
import { toTaskDefinition } from "./taskDefinition";
import type { Cluster, ServiceDeclaration, TaskDefinition } from "./types";

/** The ARN that a name of a request means, and what is declared under it. */
export interface Found<T> {
    readonly arn: string;
    readonly found: T | undefined;
}

/** What the program declares of ECS. */
export interface Registry {
    readonly apply: ResourceProvider["apply"];
    /** Lets what was applied hold, all at once. */
    ready(): void;
    /** By name or ARN. @param text @default "default" */
    cluster(text: string | undefined): Found<Cluster>;
    /** By `family`, `family:revision` or ARN. */
    definition(text: string): Found<TaskDefinition>;
    services(): readonly ServiceDeclaration[];
}

interface Declarations {
    readonly clusters: Map<string, Cluster>;
    readonly definitions: Map<string, TaskDefinition>;
    readonly services: ServiceDeclaration[];
}

/** As with roles, what is applied takes effect in `ready`; the arguments are the account's. */
export function createRegistry(account: string, region: string): Registry {
    const prefix = `arn:aws:ecs:${region}:${account}:`;
    let current = createDeclarations();
    let next = createDeclarations();
    return {
        apply: {
            "aws:ecs/cluster:Cluster": ({ outputs }) => {
                const arn = String(outputs.arn);
                next.clusters.set(arn, { arn, name: nameOf(arn) });
            },
            "aws:ecs/taskDefinition:TaskDefinition": (resource) => {
                const definition = toTaskDefinition(resource);
                const before = current.definitions.get(definition.arn);
                const same = before !== undefined && JSON.stringify(before) === JSON.stringify(definition);
                next.definitions.set(definition.arn, same ? before : definition);
            },
            "aws:ecs/service:Service": (resource) => void next.services.push(toService(resource, next, prefix)),
        },
        ready() {
            current = next;
            next = createDeclarations();
        },
        cluster(text = "default") {
            const arn = text.startsWith("arn:") ? text : `${prefix}cluster/${text}`;
            return { arn, found: current.clusters.get(arn) };
        },
        definition(text) {
            const arn = definitionArn(text, prefix);
            return { arn, found: current.definitions.get(arn) };
        },
        services: () => current.services,
    };
}

function createDeclarations(): Declarations {
    return { clusters: new Map(), definitions: new Map(), services: [] };
}

/** Each family has one revision here: the one that the program declares. */
function definitionArn(text: string, prefix: string): string {
    const full = text.startsWith("arn:") ? text : `${prefix}task-definition/${text}`;
    return /:\d+$/.test(full) ? full : `${full}:1`;
}

function nameOf(arn: string): string {
    return arn.slice(arn.lastIndexOf("/") + 1);
}

function toService({ inputs, outputs }: PlannedResource, declared: Declarations, prefix: string): ServiceDeclaration {
    const given = inputs as ServiceInputs;
    const cluster = given.cluster ?? "default";
    const clusterArn = cluster.startsWith("arn:") ? cluster : `${prefix}cluster/${cluster}`;
    const definition = definitionArn(given.taskDefinition ?? "", prefix);
    const name = String(outputs.name);
    if (!declared.clusters.has(clusterArn)) {
        throw new Error(`the cluster ${cluster} is not declared`);
    }
    if (!declared.definitions.has(definition)) {
        throw new Error(`the task definition ${given.taskDefinition} is not declared`);
    }
    if (given.launchType !== "FARGATE" && (given.capacityProviderStrategies ?? []).length === 0) {
        throw new Error("the local run has Fargate only: launchType must be FARGATE");
    }
    if ((given.networkConfiguration?.subnets ?? []).length === 0) {
        throw new Error("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    }
    return {
        arn: `${prefix}service/${nameOf(clusterArn)}/${name}`,
        name,
        clusterArn,
        definitionArn: definition,
        desiredCount: given.desiredCount ?? 0,
        subnets: given.networkConfiguration!.subnets!,
        tags: given.tags ?? {},
    };
}

interface ServiceInputs {
    readonly cluster?: string;
    readonly taskDefinition?: string;
    readonly desiredCount?: number;
    readonly launchType?: string;
    readonly capacityProviderStrategies?: readonly unknown[];
    readonly networkConfiguration?: { readonly subnets?: readonly string[] };
    readonly tags?: Readonly<Record<string, string>>;
}
