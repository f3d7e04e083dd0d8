import * as assert from "node:assert/strict";
import { inSeconds } from "../../../../handlers/orderService/sweepRules";
import { changeOrder } from "../../../../handlers/orderService/table/changeOrder";
import { dueOrders, SHARDS } from "../../../../handlers/orderService/table/dueOrders";
import { failOrder } from "../../../../handlers/orderService/table/failOrder";
import { insertOrder } from "../../../../handlers/orderService/table/insertOrder";
import type { OrderKey, OrderTable, StoredOrder } from "../../../../handlers/orderService/table/orderTable";
import { readOrder } from "../../../../handlers/orderService/table/readOrder";
import type { Command } from "../../../../handlers/orderService/starting/command";
import { uuidv7 } from "../../../../handlers/shared/uuidv7";
import type { Fate } from "../../uploadPipeline/support/proxies";
import { input, type OrderStage } from "./orderStage";

/** ARN of a task, as ECS makes them. */
export const runOf = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/quartet-orders/${id}`;

/** How an order stands that is not at its end. */
export interface OpenOrder {
    /** @default - a new one */
    readonly orderId?: string;
    /** @default 1 */
    readonly command?: number;
    /** @default 1 */
    readonly attempt?: number;
    /** The task that took it; without, it is pending. */
    readonly run?: string;
    /** @default - a second ago */
    readonly dueAt?: Date;
}

/** Stores an order of the client `web` that stands so. */
export async function openOrder(
    table: OrderTable,
    { orderId = uuidv7(Date.now()), command = 1, attempt = 1, run, dueAt = inSeconds(-1) }: OpenOrder = {},
): Promise<StoredOrder> {
    const key = { client: "web", orderId };
    await insertOrder(table, { ...key, input, requestId: `r-${orderId}`, dueAt });
    const { changed } = await changeOrder(table, key, {
        ...{ status: run === undefined ? "pending" : "processing", dueAt, set: { command, attempt, run } },
        when: "attribute_exists(#id)",
    });
    assert.ok(changed);
    return now(table, key);
}

/** An id whose order lies in a shard of the index by due time. */
export function idInShard(shard: number): string {
    return uuidv7(Date.now()).slice(0, -4) + shard.toString(16).padStart(4, "0");
}

/** The order as it is now. */
export async function now(table: OrderTable, key: OrderKey): Promise<StoredOrder> {
    return (await readOrder(table, key))!;
}

/** The start that an order waits for, or that brought it to its task. */
export function commandOf({ client, orderId, command, attempt, requestId }: StoredOrder): Command {
    return { client, orderId, command, attempt, requestId };
}

/** Lets an order's time come; one that is at its end stays there. */
export async function makeDue(table: OrderTable, key: OrderKey): Promise<void> {
    const values = { pending: "pending" };
    await changeOrder(table, key, { status: "pending", dueAt: inSeconds(-1), when: "#status = :pending", values });
}

/** Has something happen before the function's first call of a kind takes effect. */
export function during({ proxies }: OrderStage, label: string, action: () => Promise<unknown>): void {
    let done = false;
    proxies.intercept = async (call): Promise<Fate> => {
        if (call.label === label && !done) {
            done = true;
            await action();
        }
        return "forward";
    };
}

/** Brings all orders to an end, so that the next test's are alone. */
export async function endAll(table: OrderTable): Promise<void> {
    for (const shard of SHARDS) {
        const { orders } = await dueOrders(table, { shard });
        for (const order of orders) {
            await failOrder(table, order, "The test is over", { when: "attribute_exists(#id)" });
        }
    }
}

/** The metric lines among what was written. */
export function metricsIn(writes: readonly string[]): Record<string, number>[] {
    return writes.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
}
