import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { OrderStatus } from "../statuses";
import { namesIn, orderOf, type Item, type OrderTable, type StoredOrder } from "./orderTable";
import { ORDER_TABLE } from "./schema";

/** Which orders are asked for. */
export interface OrderList {
    /** Id of the client. */
    readonly client: string;
    /** Of this status alone. */
    readonly status?: OrderStatus;
    /** Most orders, at most 100. */
    readonly limit: number;
    /** Id of the order that those wanted are older than. */
    readonly before?: string;
}

/** A page of orders, newest first. */
export interface OrderPage {
    readonly orders: readonly StoredOrder[];
    /** Id of the order after which the next page begins; none at the end. */
    readonly next?: string;
}

/** Bytes of orders after which a page ends early, since an answer of Lambda may have 6 MB; and queries, since deleted orders give none. */
const [MOST_BYTES, MOST_QUERIES] = [3_000_000, 10];

/**
 * Reads a page: by queries alone, whose cost grows with the page and not with the table. A page may have fewer orders than `limit`, even
 * none, and be followed by others.
 */
export async function listOrders(table: OrderTable, list: OrderList): Promise<OrderPage> {
    const orders: StoredOrder[] = [];
    let bytes = 0;
    let before = list.before;
    // One more than wanted tells whether another page follows.
    for (let queries = 0; queries < MOST_QUERIES && bytes < MOST_BYTES && orders.length <= list.limit; queries++) {
        const wanted = list.limit + 1 - orders.length;
        const found = list.status
            ? await queryStatus(table, { ...list, before }, list.status, wanted)
            : await queryClient(table, { ...list, before }, wanted);
        orders.push(...found.orders);
        bytes += found.orders.reduce((sum, { input }) => sum + JSON.stringify(input).length, 0);
        before = found.next;
        if (before === undefined) {
            break;
        }
    }
    return orders.length > list.limit
        ? { orders: orders.slice(0, list.limit), next: orders[list.limit - 1].orderId }
        : { orders, next: before };
}

async function queryClient(table: OrderTable, list: OrderList, limit: number): Promise<OrderPage> {
    const { Items = [], LastEvaluatedKey } = await query(table, list, {
        ...{ partition: ["owner", list.client], limit, ConsistentRead: true },
        // What a deleted order leaves.
        FilterExpression: "attribute_exists(#input)",
    });
    return { orders: Items.map((item) => orderOf(item)!), next: LastEvaluatedKey?.id.S };
}

/** The index names orders; what they are now tells the table, and who has moved on is left out. */
async function queryStatus(table: OrderTable, list: OrderList, status: OrderStatus, most: number): Promise<OrderPage> {
    const { name, hashKey } = ORDER_TABLE.indexes.byStatus;
    const { Items = [], LastEvaluatedKey } = await query(table, list, {
        ...{ partition: [hashKey, `${list.client}#${status}`], limit: Math.min(most, BATCH), IndexName: name },
    });
    const items = await readAll(table, Items);
    const orders = Items.map(({ id }) => orderOf(items.get(id.S!))).filter((order) => order?.status === status);
    return { orders: orders as StoredOrder[], next: LastEvaluatedKey?.id.S };
}

/** Orders read at once by their keys, so that a page does not grow far over its bytes. */
const BATCH = 25;

interface Query extends Pick<dynamodb.QueryCommandInput, "IndexName" | "ConsistentRead" | "FilterExpression"> {
    /** Name and value of the partition key. */
    readonly partition: readonly [name: string, value: string];
    readonly limit: number;
}

function query(table: OrderTable, { before }: OrderList, { partition, limit, ...settings }: Query) {
    const condition = `#${partition[0]} = :partition${before === undefined ? "" : " AND #id < :before"}`;
    return table.send(
        new dynamodb.QueryCommand({
            TableName: table.name,
            ...settings,
            Limit: limit,
            ScanIndexForward: false,
            KeyConditionExpression: condition,
            ExpressionAttributeNames: namesIn(condition, settings.FilterExpression ?? ""),
            ExpressionAttributeValues: {
                ":partition": { S: partition[1] },
                ...(before === undefined ? {} : { ":before": { S: before } }),
            },
        }),
    );
}

/** Items by their id. DynamoDB may leave some of a batch for the next one. */
async function readAll(table: OrderTable, keys: readonly Item[]): Promise<Map<string, Item>> {
    const items = new Map<string, Item>();
    let left = keys.map(({ owner, id }): Item => ({ owner, id }));
    while (left.length > 0) {
        const { Responses = {}, UnprocessedKeys = {} } = await table.send(
            new dynamodb.BatchGetItemCommand({ RequestItems: { [table.name]: { Keys: left, ConsistentRead: true } } }),
        );
        (Responses[table.name] ?? []).forEach((item) => items.set(item.id.S!, item));
        left = UnprocessedKeys[table.name]?.Keys ?? [];
    }
    return items;
}
