/** A container of a task definition, as far as it has a meaning here. */
export interface ContainerDefinition {
    readonly name: string;
    readonly image: string;
    readonly essential: boolean;
    readonly cpu: number;
    /** Arguments of the program. */
    readonly command: readonly string[];
    /** As declared: values are not yet those of this machine. */
    readonly environment: Readonly<Record<string, string>>;
    /** Hard limit in MiB. @default - the task's memory */
    readonly memoryMb?: number;
    /** Time between SIGTERM and SIGKILL, in seconds. */
    readonly stopTimeoutSeconds: number;
    readonly readonlyRootFilesystem: boolean;
    /** Whether a volume is mounted that may be written. */
    readonly writableVolume: boolean;
    /** What stands for the image: the docker label `quartet.local.entry`. @default - the image cannot be pulled */
    readonly entry?: string;
    /** The `awslogs` driver's options. @default - output is dropped, as Fargate does */
    readonly log?: { readonly group: string; readonly streamPrefix: string };
}

export interface TaskDefinition {
    readonly arn: string;
    readonly family: string;
    readonly revision: number;
    /** CPU units, as text: `"256"`. */
    readonly cpu: string;
    /** MiB, as text: `"512"`. */
    readonly memory: string;
    readonly taskRoleArn?: string;
    readonly executionRoleArn?: string;
    readonly containers: readonly ContainerDefinition[];
    readonly tags: Readonly<Record<string, string>>;
    /** What DescribeTaskDefinition tells besides. */
    readonly described: Readonly<Record<string, unknown>>;
}

export interface Cluster {
    readonly arn: string;
    readonly name: string;
}

/** A planned service. */
export interface ServiceDeclaration {
    readonly arn: string;
    readonly name: string;
    readonly clusterArn: string;
    readonly definitionArn: string;
    readonly desiredCount: number;
    readonly subnets: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
}

/** What a task is started from. */
export interface TaskRequest {
    readonly cluster: Cluster;
    readonly definition: TaskDefinition;
    readonly group: string;
    readonly startedBy?: string;
    readonly subnets: readonly string[];
    readonly overrides: Overrides;
    readonly tags: Readonly<Record<string, string>>;
    /** Set when a capacity provider was asked for, instead of the launch type. */
    readonly capacityProvider?: string;
}

/** ECS API Reference, TaskOverride. */
export interface Overrides {
    readonly containerOverrides?: readonly ContainerOverride[];
    readonly cpu?: string;
    readonly memory?: string;
    readonly taskRoleArn?: string;
    readonly executionRoleArn?: string;
}

export interface ContainerOverride {
    readonly name: string;
    readonly command?: readonly string[];
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
    readonly cpu?: number;
    readonly memory?: number;
}

export type StopCode =
    | "TaskFailedToStart"
    | "EssentialContainerExited"
    | "UserInitiated"
    | "ServiceSchedulerInitiated"
    | "TerminationNotice";

/** A task in the course of its life. Times in milliseconds since 1970. */
export interface Task extends TaskRequest {
    readonly id: string;
    readonly arn: string;
    readonly containers: readonly TaskContainer[];
    readonly createdAt: number;
    lastStatus: "PROVISIONING" | "PENDING" | "RUNNING" | "STOPPED";
    desiredStatus: "RUNNING" | "STOPPED";
    /** Counts the changes of state. */
    version: number;
    updatedAt: number;
    pullStartedAt?: number;
    pullStoppedAt?: number;
    startedAt?: number;
    stoppingAt?: number;
    executionStoppedAt?: number;
    stoppedAt?: number;
    stopCode?: StopCode;
    stoppedReason?: string;
}

export interface TaskContainer {
    readonly definition: ContainerDefinition;
    readonly override: ContainerOverride | undefined;
    readonly arn: string;
    readonly runtimeId: string;
    lastStatus: "PENDING" | "RUNNING" | "STOPPED";
    /** Absent while it runs, and when it never ran. */
    exitCode?: number;
    reason?: string;
}

/** ARN of the role that a task's containers use. */
export function taskRoleOf({ overrides, definition }: TaskRequest): string | undefined {
    return overrides.taskRoleArn ?? definition.taskRoleArn;
}

/** ARN of the role by which ECS itself works for a task. */
export function executionRoleOf({ overrides, definition }: TaskRequest): string | undefined {
    return overrides.executionRoleArn ?? definition.executionRoleArn;
}

/** The whole task's memory in MiB. */
export function taskMemoryMb({ overrides, definition }: TaskRequest): number {
    return Number(overrides.memory ?? definition.memory);
}
