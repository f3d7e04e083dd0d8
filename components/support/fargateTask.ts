import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { containerDefinition } from "./containerDefinition";
import type { ContainerImage } from "./containerImage";
import { stackNames } from "./names";
import { logGroup, type Operations } from "./operations";
import type { Statement } from "./policy";
import { allowExecution, allowLog, TASKS, taskRole, taskRoleArn } from "./taskRole";

/** Arguments for {@link FargateTask}. */
export interface FargateTaskArgs {
    readonly image: ContainerImage;
    /**
     * What the program may do, statement by statement.
     *
     * @default - nothing
     */
    readonly allow?: readonly Statement[];
    /**
     * Environment variables. Everybody who may describe tasks can read them.
     *
     * @default - none
     */
    readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
    /**
     * Arguments of the program, which a task's overrides may replace.
     *
     * @default - none
     */
    readonly command?: readonly string[];
    /**
     * CPU units, 1024 to a processor, of the sizes that Fargate has.
     *
     * @default 256
     */
    readonly cpu?: number;
    /**
     * Memory in MiB, of the sizes that Fargate has for {@link cpu}.
     *
     * @default 512
     */
    readonly memory?: number;
    /**
     * Seconds that the program has from SIGTERM until it is killed, at most 120.
     *
     * @default 30
     */
    readonly stopTimeout?: number;
    /**
     * Seconds after which the container counts as unhealthy unless its program touches the file `heartbeat` in its temporary folder
     * (`os.tmpdir()`). A service replaces such a task; a single one goes on.
     *
     * @default - no health check
     */
    readonly heartbeatSeconds?: number;
    readonly operations: Operations;
}

/**
 * A task definition for Fargate with all that belongs to it: one container of a {@link ContainerImage}, a cluster, a log group, a role of
 * the program with exactly the statements named, and one of ECS, which pulls the image and writes the log.
 */
export class FargateTask extends pulumi.ComponentResource {
    /** Physical name of the cluster, known before deploy. */
    public readonly clusterName: string;
    /** ARN of the cluster, known before deploy. */
    public readonly clusterArn: string;
    /** Family of the task definition, known before deploy: by it a task gets the newest revision. */
    public readonly familyName: string;
    /** Name of the container, for overrides. */
    public readonly containerName: string;
    /** ARN of the program's role, known before deploy. */
    public readonly roleArn: string;
    /** ARN of the role in whose name ECS pulls the image and writes the log, known before deploy. */
    public readonly executionRoleArn: string;
    public readonly cluster: aws.ecs.Cluster;
    public readonly taskDefinition: aws.ecs.TaskDefinition;
    public readonly role: aws.iam.Role;

    private readonly logGroupName: string;
    private readonly names = stackNames();

    constructor(name: string, args: FargateTaskArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:FargateTask", name, {}, opts);
        const { names } = this;
        const { image, cpu = 256, memory = 512, stopTimeout = 30 } = args;
        this.clusterName = names.physical(name);
        this.clusterArn = names.arn("ecs", `cluster/${this.clusterName}`);
        this.familyName = names.physical(name);
        this.containerName = name;
        this.roleArn = taskRoleArn(`${name}-role`);
        this.executionRoleArn = taskRoleArn(`${name}-execution`);

        this.logGroupName = `/aws/ecs/${names.physical(name)}`;
        const logs = logGroup(`${name}-logs`, this.logGroupName, args.operations, { parent: this });
        this.cluster = new aws.ecs.Cluster(
            `${name}-cluster`,
            { name: this.clusterName, settings: [{ name: "containerInsights", value: "enabled" }] },
            { parent: this },
        );
        const own = taskRole(
            `${name}-role`,
            { description: `Role of the program of ${this.familyName} alone`, allow: args.allow ?? [] },
            { parent: this },
        );
        const execution = taskRole(
            `${name}-execution`,
            {
                description: `Pulls the image and writes the log of ${this.familyName}`,
                allow: allowExecution(image.repositoryArn, this.logGroupName),
            },
            { parent: this },
        );
        this.role = own.role;
        const container = containerDefinition({
            name: this.containerName,
            imageUri: image.imageUri,
            program: image.program,
            environment: args.environment ?? {},
            command: args.command ?? [],
            stopTimeout,
            heartbeatSeconds: args.heartbeatSeconds,
            logGroup: this.logGroupName,
            region: names.region,
            volume: "scratch",
        });
        this.taskDefinition = new aws.ecs.TaskDefinition(
            `${name}-task`,
            {
                family: this.familyName,
                requiresCompatibilities: ["FARGATE"],
                networkMode: "awsvpc",
                cpu: String(cpu),
                memory: String(memory),
                runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: image.architecture },
                taskRoleArn: own.role.arn,
                executionRoleArn: execution.role.arn,
                containerDefinitions: pulumi.jsonStringify([container]),
                volumes: [{ name: "scratch" }],
            },
            // A task could start before its image can be pulled, its log written, or anything done in its role's name.
            { parent: this, dependsOn: [image.image, logs, ...own.policies, ...execution.policies] },
        );
        this.registerOutputs({ familyName: this.familyName, clusterName: this.clusterName });
    }

    /** Allows to start tasks of this family in this cluster, with these roles; in any revision, since ECS resolves the newest one first. */
    allowRun(): Statement[] {
        return [
            {
                Sid: "RunTask",
                Effect: "Allow",
                Action: "ecs:RunTask",
                Resource: this.names.arn("ecs", `task-definition/${this.familyName}:*`),
                Condition: { ArnEquals: { "ecs:cluster": this.clusterArn } },
            },
            {
                Sid: "PassRolesToTask",
                Effect: "Allow",
                Action: "iam:PassRole",
                Resource: [this.roleArn, this.executionRoleArn],
                Condition: { StringEquals: { "iam:PassedToService": TASKS } },
            },
        ];
    }

    /** Allows to stop tasks of this cluster. */
    allowStop(): Statement[] {
        return [
            {
                Sid: "StopTask",
                Effect: "Allow",
                Action: "ecs:StopTask",
                Resource: this.names.arn("ecs", `task/${this.clusterName}/*`),
                Condition: { ArnEquals: { "ecs:cluster": this.clusterArn } },
            },
        ];
    }

    /** What the execution role does with the log, for the policy of an endpoint. */
    allowLog(): Statement {
        return allowLog(this.logGroupName);
    }

    /** EventBridge's pattern of the events that tasks of this cluster came to their end. */
    stoppedPattern(): string {
        return JSON.stringify({
            source: ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            detail: { clusterArn: [this.clusterArn], lastStatus: ["STOPPED"] },
        });
    }
}
