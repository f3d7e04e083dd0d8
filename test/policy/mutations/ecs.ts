import type { Declared } from "../support/judge";
import { added, changed, type Mutation } from "../support/mutation";

type Props = Readonly<Record<string, unknown>>;

const changedTask =
    (props: Props): Mutation["change"] =>
    (resources) =>
        changed(resources, "aws:ecs/taskDefinition:TaskDefinition", props);

/** Changes the first container of the program's task. */
const changedContainer =
    (change: (container: Props) => Props): Mutation["change"] =>
    (resources) => {
        const [first, ...others] = containers(resources);
        return changedTask({ containerDefinitions: JSON.stringify([change(first), ...others]) })(resources);
    };

function containers(resources: readonly Declared[]): readonly Props[] {
    const task = resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    return JSON.parse(String(task?.props?.containerDefinitions)) as readonly Props[];
}

function executionRole(resources: readonly Declared[]): unknown {
    return resources.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")?.props?.executionRoleArn;
}

export const mutations: readonly Mutation[] = [
    {
        rule: "ecs-task-no-privileged",
        when: "the container of orders is privileged",
        change: changedContainer((container) => ({ ...container, privileged: true })),
    },
    {
        rule: "ecs-task-non-root-user",
        when: "the container of orders runs as root",
        change: changedContainer((container) => ({ ...container, user: "0" })),
    },
    {
        rule: "ecs-task-readonly-root",
        when: "the container of orders can write to its root",
        change: changedContainer((container) => ({ ...container, readonlyRootFilesystem: false })),
    },
    {
        rule: "ecs-task-no-plaintext-secrets",
        when: "the container of orders gets a password",
        change: changedContainer((container) => ({
            ...container,
            environment: [...(container.environment as readonly unknown[]), { name: "DB_PASSWORD", value: "hunter2" }],
        })),
    },
    {
        rule: "ecs-task-logging",
        when: "the container of orders has no log",
        change: changedContainer((container) => ({ ...container, logConfiguration: undefined })),
    },
    {
        rule: "ecs-task-no-host-namespaces",
        when: "the task of orders is in the host's network",
        change: changedTask({ networkMode: "host" }),
    },
    {
        rule: "ecs-task-roles-distinct",
        when: "the task of orders has the role that starts it",
        change: (resources) => changedTask({ taskRoleArn: executionRole(resources) })(resources),
    },
    {
        rule: "ecs-task-roles-distinct",
        when: "the task of orders has no role",
        change: changedTask({ taskRoleArn: undefined }),
    },
    {
        rule: "ecs-task-efs-tls",
        when: "the task of orders mounts EFS without TLS",
        change: changedTask({ volumes: [{ name: "scratch", efsVolumeConfiguration: { fileSystemId: "fs-1" } }] }),
    },
    {
        rule: "ecs-cluster-container-insights",
        when: "nothing measures the cluster",
        change: (resources) => changed(resources, "aws:ecs/cluster:Cluster", { settings: undefined }),
    },
    {
        rule: "ecs-exec-logging",
        when: "the worker of orders allows ECS Exec",
        change: (resources) => changed(resources, "aws:ecs/service:Service", { enableExecuteCommand: true }),
    },
    {
        rule: "ecs-exec-logging",
        when: "the cluster does not log ECS Exec",
        change: (resources) =>
            changed(resources, "aws:ecs/cluster:Cluster", {
                configuration: { executeCommandConfiguration: { kmsKeyId: "alias/quartet", logging: "NONE" } },
            }),
    },
    {
        rule: "ecs-no-public-ip",
        when: "the worker of orders gets a public address",
        change: (resources) =>
            changed(resources, "aws:ecs/service:Service", { networkConfiguration: { assignPublicIp: true } }),
    },
    {
        rule: "ecs-no-public-ip",
        when: "a schedule runs a task with a public address on dev",
        stack: "dev",
        change: (resources) =>
            added(resources, "aws:cloudwatch/eventTarget:EventTarget", {
                ecsTarget: { networkConfiguration: { assignPublicIp: true } },
            }),
    },
];
