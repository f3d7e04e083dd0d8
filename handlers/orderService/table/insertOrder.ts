import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { OrderInput } from "../orderSchema";
import { attribute, itemKey, itemOfFailedCondition, orderOf, type OrderKey, type OrderTable } from "./orderTable";
import { dueShard } from "./schema";

/** An order that is new. */
export interface NewOrder extends OrderKey {
    readonly input: OrderInput;
    readonly requestId: string;
    /** When it is to be started again, unless it was taken by then. */
    readonly dueAt: Date;
}

/**
 * Stores an order with its first command.
 *
 * @returns Whether this request made it; else another did, and it is there or was deleted since: what a deleted one leaves keeps its place.
 */
export async function insertOrder(table: OrderTable, order: NewOrder): Promise<boolean> {
    const now = new Date().toISOString();
    const values = {
        input: JSON.stringify(order.input),
        status: "pending",
        owner_status: `${order.client}#pending`,
        version: 1,
        command: 1,
        attempt: 1,
        due_at: order.dueAt.toISOString(),
        due_shard: dueShard(order.orderId),
        request_id: order.requestId,
        created_at: now,
        updated_at: now,
    };
    try {
        await table.send(
            new dynamodb.PutItemCommand({
                TableName: table.name,
                Item: {
                    ...itemKey(order),
                    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attribute(value)])),
                },
                ConditionExpression: "attribute_not_exists(#id)",
                ExpressionAttributeNames: { "#id": "id" },
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
        );
        return true;
    } catch (error) {
        // The first try was ours, and its answer got lost.
        return orderOf(itemOfFailedCondition(error))?.requestId === order.requestId;
    }
}
