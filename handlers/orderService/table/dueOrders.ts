import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { OrderStatus } from "../statuses";
import { namesIn, type Item, type OrderKey, type OrderTable } from "./orderTable";
import { DUE_SHARDS, ORDER_TABLE } from "./schema";

/** What the index tells of an order that somebody has to look at. It may be a moment old. */
export interface DueOrder extends OrderKey {
    readonly status: OrderStatus;
    readonly command: number;
    readonly attempt: number;
    readonly run?: string;
    readonly requestId: string;
    readonly dueAt: string;
}

/** Which orders are asked for. */
export interface DueQuery {
    readonly shard: number;
    /** Those that are due by then. */
    readonly by?: Date;
    /** Those that this task took alone. */
    readonly run?: string;
    /** Most orders of a page. */
    readonly limit?: number;
    /** Where the page before ended. */
    readonly after?: Item;
}

/** All shards of the index. */
export const SHARDS = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);

/** A page of one shard's orders, those that are due first before the others. */
export async function dueOrders(
    table: OrderTable,
    { shard, by, run, limit, after }: DueQuery,
): Promise<{ readonly orders: readonly DueOrder[]; readonly next?: Item }> {
    const { name, hashKey, rangeKey } = ORDER_TABLE.indexes.byDue;
    const condition = `#${hashKey} = :shard${by ? ` AND #${rangeKey} <= :by` : ""}`;
    const filter = run === undefined ? undefined : "#run = :run";
    const { Items = [], LastEvaluatedKey } = await table.send(
        new dynamodb.QueryCommand({
            TableName: table.name,
            IndexName: name,
            KeyConditionExpression: condition,
            FilterExpression: filter,
            ExpressionAttributeNames: namesIn(condition, filter ?? ""),
            ExpressionAttributeValues: {
                ":shard": { S: String(shard) },
                ...(by ? { ":by": { S: by.toISOString() } } : {}),
                ...(run === undefined ? {} : { ":run": { S: run } }),
            },
            Limit: limit,
            ExclusiveStartKey: after,
        }),
    );
    return { orders: Items.map(dueOrderOf), next: LastEvaluatedKey };
}

/** The orders that a task took and has not brought to an end. */
export async function ordersOfRun(table: OrderTable, run: string): Promise<DueOrder[]> {
    const found: DueOrder[] = [];
    for (const shard of SHARDS) {
        let after: Item | undefined;
        do {
            const page = await dueOrders(table, { shard, run, after });
            found.push(...page.orders);
            after = page.next;
        } while (after);
    }
    return found;
}

function dueOrderOf(item: Item): DueOrder {
    return {
        client: item.owner.S!,
        orderId: item.id.S!,
        status: item.status.S as OrderStatus,
        command: Number(item.command.N),
        attempt: Number(item.attempt.N),
        run: item.run?.S,
        requestId: item.request_id.S!,
        dueAt: item.due_at.S!,
    };
}
