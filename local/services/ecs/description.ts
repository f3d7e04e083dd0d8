import type { Task, TaskContainer } from "./types";

/** How a time is written: seconds in the API, RFC 3339 in events. */
export type Time = (milliseconds: number) => number | string;

export const apiTime: Time = (milliseconds) => milliseconds / 1000;

export const eventTime: Time = (milliseconds) => new Date(milliseconds).toISOString();

/**
 * A task as ECS tells of it, in `DescribeTasks` and in "ECS Task State Change" events alike. Tags are told by the API alone, on request.
 *
 * Source: ECS Developer Guide, "Amazon ECS task state change events".
 */
export function describeTask(task: Task, time: Time): Record<string, unknown> {
    const { overrides, definition } = task;
    const given = new Map((overrides.containerOverrides ?? []).map((one) => [one.name, one]));
    const roles = { taskRoleArn: overrides.taskRoleArn, executionRoleArn: overrides.executionRoleArn };
    return present({
        attachments: [],
        availabilityZone: `${task.arn.split(":")[3]}a`,
        capacityProviderName: task.capacityProvider,
        clusterArn: task.cluster.arn,
        connectivity: task.startedAt === undefined ? undefined : "CONNECTED",
        containers: task.containers.map((container) => describeContainer(task, container)),
        cpu: overrides.cpu ?? definition.cpu,
        createdAt: time(task.createdAt),
        desiredStatus: task.desiredStatus,
        enableExecuteCommand: false,
        ephemeralStorage: { sizeInGiB: 20 },
        executionStoppedAt: told(task.executionStoppedAt, time),
        group: task.group,
        healthStatus: "UNKNOWN",
        lastStatus: task.lastStatus,
        launchType: "FARGATE",
        memory: overrides.memory ?? definition.memory,
        overrides: present({
            containerOverrides: task.containers.map(({ definition: { name } }) => given.get(name) ?? { name }),
            cpu: overrides.cpu,
            memory: overrides.memory,
            ...roles,
        }),
        platformFamily: "Linux",
        platformVersion: "1.4.0",
        pullStartedAt: told(task.pullStartedAt, time),
        pullStoppedAt: told(task.pullStoppedAt, time),
        startedAt: told(task.startedAt, time),
        startedBy: task.startedBy,
        stopCode: task.stopCode,
        stoppedAt: told(task.stoppedAt, time),
        stoppedReason: task.stoppedReason,
        stoppingAt: told(task.stoppingAt, time),
        taskArn: task.arn,
        taskDefinitionArn: definition.arn,
        updatedAt: time(task.updatedAt),
        version: task.version,
    });
}

/** What the metadata endpoint of a container tells. Source: ECS Developer Guide, "Task metadata endpoint version 4". */
export function describeForMetadata(task: Task, container?: TaskContainer): Record<string, unknown> {
    const containers = task.containers.map(({ definition, arn, runtimeId, lastStatus }) => ({
        DockerId: runtimeId,
        Name: definition.name,
        Image: definition.image,
        ContainerARN: arn,
        DesiredStatus: "RUNNING",
        KnownStatus: lastStatus,
        Limits: { CPU: definition.cpu, ...(definition.memoryMb === undefined ? {} : { Memory: definition.memoryMb }) },
        Labels: {
            "com.amazonaws.ecs.cluster": task.cluster.arn,
            "com.amazonaws.ecs.container-name": definition.name,
            "com.amazonaws.ecs.task-arn": task.arn,
            "com.amazonaws.ecs.task-definition-family": task.definition.family,
            "com.amazonaws.ecs.task-definition-version": String(task.definition.revision),
        },
    }));
    if (container !== undefined) {
        return containers[task.containers.indexOf(container)];
    }
    return {
        Cluster: task.cluster.arn,
        TaskARN: task.arn,
        Family: task.definition.family,
        Revision: String(task.definition.revision),
        DesiredStatus: task.desiredStatus,
        KnownStatus: task.lastStatus,
        LaunchType: "FARGATE",
        AvailabilityZone: `${task.arn.split(":")[3]}a`,
        Containers: containers,
    };
}

function describeContainer(task: Task, container: TaskContainer): Record<string, unknown> {
    const { definition, override, arn, runtimeId, lastStatus, exitCode, reason } = container;
    return present({
        containerArn: arn,
        cpu: String(override?.cpu ?? definition.cpu),
        exitCode,
        healthStatus: "UNKNOWN",
        image: definition.image,
        lastStatus,
        memory: (override?.memory ?? definition.memoryMb)?.toString(),
        name: definition.name,
        networkInterfaces: [],
        reason,
        runtimeId,
        taskArn: task.arn,
    });
}

function told(milliseconds: number | undefined, time: Time): number | string | undefined {
    return milliseconds === undefined ? undefined : time(milliseconds);
}

/** Without the absent ones. */
function present(members: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
