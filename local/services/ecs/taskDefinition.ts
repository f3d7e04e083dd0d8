import type { PlannedResource } from "../../../plan/types";
import { readContainers } from "./containerDefinitions";
import { checkFargateSize, toMib, toUnits } from "./fargateSize";
import type { TaskDefinition } from "./types";

/**
 * Reads a planned `aws:ecs/taskDefinition:TaskDefinition`. What its containers run here says {@link readContainers}.
 *
 * @throws When ECS would refuse it, or when it needs what the local run has not: another launch type than Fargate, secrets, volumes of EFS.
 */
export function toTaskDefinition({ inputs, outputs }: PlannedResource): TaskDefinition {
    const given: TaskDefinitionInputs = inputs;
    const { networkMode, requiresCompatibilities = [], executionRoleArn, taskRoleArn, runtimePlatform = {} } = given;
    const { containerDefinitions = "[]" } = given;
    if (!requiresCompatibilities.includes("FARGATE")) {
        throw new Error("the local run has Fargate only: requiresCompatibilities must name FARGATE");
    }
    if (networkMode !== "awsvpc") {
        throw new Error("Fargate only supports network mode ‘awsvpc’.");
    }
    if ((runtimePlatform.operatingSystemFamily ?? "LINUX") !== "LINUX") {
        throw new Error(`the local run has no containers of ${runtimePlatform.operatingSystemFamily}`);
    }
    for (const volume of given.volumes ?? []) {
        if (volume.efsVolumeConfiguration !== undefined || volume.configureAtLaunch === true) {
            throw new Error(`volume ${volume.name}: the local run has only the task's own storage`);
        }
    }
    const cpu = toUnits(given.cpu);
    const memory = toMib(given.memory);
    checkFargateSize(cpu, memory);
    const containers = readContainers(containerDefinitions, memory);
    if (executionRoleArn === undefined && containers.some(({ log }) => log !== undefined)) {
        throw new Error("Fargate requires task definition to have execution role ARN to support log driver awslogs.");
    }
    return {
        arn: String(outputs.arn),
        family: String(outputs.family ?? given.family),
        revision: Number(outputs.revision ?? 1),
        cpu: String(cpu),
        memory: String(memory),
        ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
        ...(executionRoleArn === undefined ? {} : { executionRoleArn }),
        containers,
        tags: given.tags ?? {},
        described: {
            containerDefinitions: JSON.parse(containerDefinitions) as unknown,
            networkMode,
            requiresCompatibilities,
            compatibilities: ["EC2", "FARGATE"],
            runtimePlatform,
            volumes: given.volumes ?? [],
            placementConstraints: [],
        },
    };
}

interface TaskDefinitionInputs {
    readonly family?: string;
    /** JSON text. */
    readonly containerDefinitions?: string;
    readonly cpu?: string;
    readonly memory?: string;
    readonly networkMode?: string;
    readonly requiresCompatibilities?: readonly string[];
    readonly executionRoleArn?: string;
    readonly taskRoleArn?: string;
    readonly runtimePlatform?: { readonly operatingSystemFamily?: string; readonly cpuArchitecture?: string };
    readonly volumes?: readonly {
        readonly name: string;
        readonly efsVolumeConfiguration?: unknown;
        readonly configureAtLaunch?: boolean;
    }[];
    readonly tags?: Readonly<Record<string, string>>;
}
