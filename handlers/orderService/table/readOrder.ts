import * as dynamodb from "@aws-sdk/client-dynamodb";
import { itemKey, orderOf, type OrderKey, type OrderTable, type StoredOrder } from "./orderTable";

/** An order as it is at this moment. */
export async function readOrder(table: OrderTable, key: OrderKey): Promise<StoredOrder | undefined> {
    const { Item } = await table.send(
        new dynamodb.GetItemCommand({ TableName: table.name, Key: itemKey(key), ConsistentRead: true }),
    );
    return orderOf(Item);
}
