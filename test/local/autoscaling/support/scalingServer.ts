import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import {
    DeleteMessageCommand,
    ReceiveMessageCommand,
    SendMessageBatchCommand,
    type SendMessageBatchCommandInput,
} from "@aws-sdk/client-sqs";
import { createAutoScaling, type AutoScaling } from "../../../../local/services/autoscaling/autoscaling";
import type { PlannedResource } from "../../../../plan/types";
import { service, task, worker } from "../../ecs/support/definitions";
import { account, region, startEcs, type EcsServer } from "../../ecs/support/ecsServer";
import { manualClock, type ManualClock } from "../../events/support/clock";
import { startSqs, type SqsServer } from "../../sqs/support/sqsServer";

/** ECS with the service `web`, SQS with the queue `queue`, and what scales the one on the other, by a clock of its own. */
export interface ScalingServer {
    readonly ecs: EcsServer;
    readonly sqs: SqsServer;
    readonly scaling: AutoScaling;
    readonly clock: ManualClock;
    readonly printed: string[];
    send(count: number): Promise<void>;
    /** Receives messages, and answers their receipt handles. */
    receive(count: number): Promise<string[]>;
    delete(receiptHandles: readonly string[]): Promise<void>;
    /** The desired count of `web`, as `DescribeServices` tells it. */
    desired(): Promise<number>;
    close(): Promise<void>;
}

export interface ScalingServerOptions {
    readonly resources: readonly PlannedResource[];
    /** Declared count of `web`. @default 0 */
    readonly desiredCount?: number;
    /** Time between two looks by the machine's clock. @default - each second of the clock of the test */
    readonly lookMs?: number;
}

export async function startScaling({
    resources,
    desiredCount = 0,
    lookMs,
}: ScalingServerOptions): Promise<ScalingServer> {
    const web = service("web", "web", desiredCount);
    const planned = { ...web, outputs: { ...web.outputs, arn: `arn:aws:ecs:${region}:${account}:service/shop/web` } };
    const ecs = await startEcs([task("web", worker), planned]);
    const sqs = await startSqs();
    const clock = manualClock("2026-01-01T00:00:00Z");
    const printed: string[] = [];
    const scaling = createAutoScaling({
        ...{ account, region },
        ...(lookMs === undefined ? { clock } : { lookMs }),
        queues: sqs.sqs,
        services: ecs.ecs,
        print: (line) => printed.push(line),
    });
    const close = async () => {
        await scaling.close();
        await Promise.all([ecs.close(), sqs.close()]);
    };
    try {
        for (const resource of resources) await scaling.apply[resource.type](resource);
        scaling.ready();
    } catch (error) {
        await close();
        throw error;
    }
    const QueueUrl = sqs.queueUrl();
    return {
        ...{ ecs, sqs, scaling, clock, printed, close },
        async send(count) {
            for (let left = count; left > 0; left -= 10) {
                const Entries: SendMessageBatchCommandInput["Entries"] = Array.from(
                    { length: Math.min(left, 10) },
                    (_, index) => ({ Id: String(index), MessageBody: "order" }),
                );
                await sqs.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
            }
        },
        async receive(count) {
            const { Messages = [] } = await sqs.client.send(
                new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: count, VisibilityTimeout: 43_200 }),
            );
            return Messages.map(({ ReceiptHandle }) => ReceiptHandle!);
        },
        async delete(receiptHandles) {
            for (const ReceiptHandle of receiptHandles) {
                await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
            }
        },
        async desired() {
            const asked = new DescribeServicesCommand({ cluster: "shop", services: ["web"] });
            const { services } = await ecs.client.send(asked);
            return services![0].desiredCount!;
        },
    };
}
