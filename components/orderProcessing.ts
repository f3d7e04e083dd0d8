import * as pulumi from "@pulumi/pulumi";
import { RUN_SECONDS, type Way } from "../handlers/orderService/sweepRules";
import type { Callback } from "./support/callback";
import { ContainerImage, type Architecture } from "./support/containerImage";
import type { DocumentTable } from "./support/documentTable";
import { FargateTask } from "./support/fargateTask";
import { MessageQueue } from "./support/messageQueue";
import type { Operations } from "./support/operations";
import type { Statement } from "./support/policy";
import { QueueWorker } from "./support/queueWorker";
import { imagePullEndpoints, type TaskEndpoint } from "./support/taskEndpoints";
import { TaskNetwork } from "./support/taskNetwork";

/** How orders are processed, as a stack decides it. */
export interface OrderProcessingSettings {
    /** A task for each order, or workers that are warm while there are orders. */
    readonly way: Way;
    /** Workers at the same time, if orders are theirs. */
    readonly mostWorkers: number;
    /** Where tasks run. Workers need a private network: a service gets no public addresses here. */
    readonly network: "private" | "public";
    /** Processors that tasks run on. */
    readonly architecture: Architecture;
    /** Largest total that an order may have, in the smallest unit of its currency; at most 2^53 - 1. */
    readonly mostCents: number;
    /** Whether the network's connections are logged. */
    readonly flowLogs: boolean;
}

/** Arguments for {@link orderProcessing}. */
export interface OrderProcessingArgs extends OrderProcessingSettings {
    readonly table: DocumentTable;
    readonly protectData: boolean;
    readonly operations: Operations;
}

/** What processes orders. */
export interface OrderProcessing {
    readonly task: FargateTask;
    /** The workers' queue, if orders are theirs. */
    readonly queue: MessageQueue | undefined;
    readonly starter: CommandStarter;
}

/** What a function needs that starts commands. */
export interface CommandStarter {
    readonly allow: readonly Statement[];
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    /** Lets the function use the customer key for it. */
    readonly allowKey: (callback: Callback) => void;
}

/** Makes the container's image, its task and network, and for workers their queue and service. */
export function orderProcessing(
    name: string,
    args: OrderProcessingArgs,
    opts: pulumi.CustomResourceOptions,
): OrderProcessing {
    const { way, table, protectData, operations } = args;
    if (way === "worker" && args.network === "public") {
        throw new pulumi.RunError(
            `${name}: \`way: worker\` needs \`network: private\`, since a service's tasks get no public addresses here.`,
        );
    }
    const queue =
        way === "worker"
            ? new MessageQueue(
                  `${name}-queue`,
                  { visibilitySeconds: VISIBILITY_SECONDS, mostDeliveries: 5, operations },
                  opts,
              )
            : undefined;
    const image = new ContainerImage(
        `${name}-image`,
        { entry: ENTRY, architecture: args.architecture, encryption: operations.encryption, protectData },
        opts,
    );
    const fromQueue = queue && {
        Sid: "TakeCommands",
        Effect: "Allow" as const,
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
        Resource: queue.arn,
    };
    const changeOrders = table.allow({ sid: "ChangeOrders", actions: ["UpdateItem"] });
    const task = new FargateTask(
        `${name}-process`,
        {
            image,
            allow: [changeOrders, ...(fromQueue ? [fromQueue] : [])],
            environment: {
                TABLE: table.tableName,
                MOST_CENTS: String(args.mostCents),
                ...(queue ? { QUEUE_URL: queue.url } : {}),
            },
            heartbeatSeconds: 30,
            operations,
        },
        opts,
    );
    queue?.allowKey(task, "receive");
    const endpoints: TaskEndpoint[] = [
        ...imagePullEndpoints(image.repositoryArn, task.executionRoleArn),
        { service: "dynamodb", allow: [changeOrders], roleArns: [task.roleArn] },
        { service: "logs", allow: [task.allowLog()], roleArns: [task.executionRoleArn] },
        ...(fromQueue ? [{ service: "sqs", allow: [fromQueue], roleArns: [task.roleArn] } as const] : []),
    ];
    const network = new TaskNetwork(
        `${name}-network`,
        { kind: args.network, endpoints, flowLogs: args.flowLogs, operations },
        opts,
    );
    if (queue) {
        new QueueWorker(
            `${name}-worker`,
            { ...task, network, queue, most: args.mostWorkers, messagesPerTask: MESSAGES_PER_WORKER },
            { ...opts, dependsOn: queue },
        );
    }
    return { task, queue, starter: queue ? byQueue(queue) : byTask(task, network) };
}

/** The container's program. */
const ENTRY = "handlers/orderService/processOrder.ts";

/** A worker holds a message for as long as a container gives itself, and as long again. */
const VISIBILITY_SECONDS = 2 * RUN_SECONDS;

/** Messages for which one worker more is worth its start: some seconds of its work. */
const MESSAGES_PER_WORKER = 100;

function byQueue(queue: MessageQueue): CommandStarter {
    return {
        allow: [{ Sid: "QueueCommands", Effect: "Allow", Action: "sqs:SendMessage", Resource: queue.arn }],
        environment: { QUEUE_URL: queue.url },
        allowKey: (callback) => queue.allowKey(callback, "send"),
    };
}

function byTask(task: FargateTask, network: TaskNetwork): CommandStarter {
    const TASK = pulumi.jsonStringify({
        cluster: task.clusterName,
        family: task.familyName,
        container: task.containerName,
        subnets: network.subnetIds,
        securityGroup: network.securityGroupId,
        assignPublicIp: network.assignPublicIp,
    });
    return { allow: task.allowRun(), environment: { TASK }, allowKey: () => undefined };
}
