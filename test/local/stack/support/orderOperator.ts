import * as path from "node:path";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ecs from "@aws-sdk/client-ecs";
import { readLogs } from "../../../../local/services/logs/read";
import { eventually } from "./eventually";
import { invokeFunction } from "./operator";
import type { Stack } from "./stack";

/** Someone with the administrator's keys, who looks after OrderService. */
export interface OrderOperator {
    /** All tasks of an order, whatever has become of them; without an order those of all. */
    tasks(orderId?: string): Promise<ecs.Task[]>;
    /** The tasks of an order, when all have stopped. */
    stoppedTasks(orderId: string, count: number): Promise<ecs.Task[]>;
    /** The first task of an order, once it runs. */
    runningTask(orderId: string): Promise<ecs.Task>;
    /** The first task of an order, once a fault happens in its container. */
    faultyTask(orderId: string): Promise<ecs.Task>;
    /** How many tasks have stopped in all. */
    countStopped(): Promise<number>;
    /** Waits until the function that hears of tasks' ends was invoked so often: once for each. */
    endsHandled(count: number): Promise<unknown>;
    stopTask(task: ecs.Task): Promise<void>;
    /** Makes an order of the local client due, as time would. */
    makeDue(orderId: string): Promise<void>;
    /** Invokes the sweep, and answers its report. */
    sweep(): Promise<any>;
    /** Lines of a log group, by a part of its name, that hold a text, as soon as there are so many. */
    logged(group: string, text: string, count?: number): Promise<any[]>;
    close(): void;
}

export function orderOperator(stack: Stack): OrderOperator {
    const { endpoint, region, ...credentials } = stack.adminCredentials;
    const tasks = new ecs.ECSClient({ endpoint, region, credentials, maxAttempts: 1 });
    const tables = new dynamodb.DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
    const named = stack.orderTable;
    const dataDir = path.join(stack.stateFolder, stack.run.plan.stack);
    const cluster = `${named}-process`;
    const linesOf = (group: string, filter: string) =>
        Array.fromAsync(readLogs(dataDir, `${named}-${group}`, { filter }), ({ line }) => JSON.parse(line));
    const one: OrderOperator = {
        async tasks(orderId) {
            // What stops in between is in both lists; in the other order it might be in none.
            const running = await list(tasks, cluster, "RUNNING", orderId);
            const stopped = await list(tasks, cluster, "STOPPED", orderId);
            return [...new Map([...running, ...stopped].map((task) => [task.taskArn, task])).values()];
        },
        stoppedTasks: (orderId, count) =>
            eventually(`${count} task(s) of the order stopped`, async () => {
                const found = await one.tasks(orderId);
                return found.length >= count && found.every(({ lastStatus }) => lastStatus === "STOPPED") && found;
            }),
        runningTask: (orderId) =>
            eventually("the order's task runs", async () => {
                const [task] = await one.tasks(orderId);
                return task?.lastStatus === "RUNNING" && task;
            }),
        async faultyTask(orderId) {
            await one.logged("process", `"faultOf":"${orderId}"`);
            return one.runningTask(orderId);
        },
        countStopped: async () => (await one.tasks()).filter(({ lastStatus }) => lastStatus === "STOPPED").length,
        endsHandled: (count) => one.logged("stopped", '"type":"platform.report"', count),
        async stopTask({ taskArn }) {
            await tasks.send(new ecs.StopTaskCommand({ cluster, task: taskArn, reason: "For a test" }));
        },
        async makeDue(orderId) {
            await tables.send(
                new dynamodb.UpdateItemCommand({
                    TableName: named,
                    Key: { owner: { S: "local" }, id: { S: orderId } },
                    UpdateExpression: "SET due_at = :past",
                    ConditionExpression: "attribute_exists(due_at)",
                    ExpressionAttributeValues: { ":past": { S: new Date(Date.now() - 1000).toISOString() } },
                }),
            );
        },
        sweep: () => invokeFunction(stack, `${named}-sweep`),
        logged: (group, text, count = 1) =>
            eventually(`${count} line(s) of ${group} with ${text}`, async () => {
                const lines = await linesOf(group, text);
                return lines.length >= count && lines;
            }),
        close() {
            tasks.destroy();
            tables.destroy();
        },
    };
    return one;
}

async function list(
    client: ecs.ECSClient,
    cluster: string,
    desiredStatus: ecs.DesiredStatus,
    startedBy?: string,
): Promise<ecs.Task[]> {
    const found: ecs.Task[] = [];
    for await (const { taskArns = [] } of ecs.paginateListTasks({ client }, { cluster, desiredStatus, startedBy })) {
        if (taskArns.length > 0) {
            const described = await client.send(new ecs.DescribeTasksCommand({ cluster, tasks: taskArns }));
            found.push(...described.tasks!);
        }
    }
    return found;
}
