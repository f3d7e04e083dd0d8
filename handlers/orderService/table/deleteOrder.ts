import * as dynamodb from "@aws-sdk/client-dynamodb";
import { KEY_SECONDS } from "./claimKey";
import { itemOfFailedCondition, itemKey, namesIn, orderOf, type OrderKey, type OrderTable } from "./orderTable";

/**
 * Deletes an order, unless it is being processed. Its place stays taken for two days, without content: so a repeated `POST` with its
 * `Idempotency-Key`, which may have read the key before, cannot bring it back.
 */
export async function deleteOrder(
    table: OrderTable,
    key: OrderKey,
    requestId: string,
): Promise<"deleted" | "unknown" | "processing"> {
    const expiresAt = Math.floor(Date.now() / 1000) + 2 * KEY_SECONDS;
    const expression = `SET #expires_at = :expires_at, #request_id = :request_id REMOVE ${CONTENT.join(", ")}`;
    const condition = "attribute_exists(#input) AND #status <> :processing";
    try {
        await table.send(
            new dynamodb.UpdateItemCommand({
                TableName: table.name,
                Key: itemKey(key),
                UpdateExpression: expression,
                ConditionExpression: condition,
                ExpressionAttributeNames: namesIn(expression, condition),
                ExpressionAttributeValues: {
                    ":expires_at": { N: String(expiresAt) },
                    ":request_id": { S: requestId },
                    ":processing": { S: "processing" },
                },
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
        );
        return "deleted";
    } catch (error) {
        const item = itemOfFailedCondition(error);
        if (orderOf(item)) {
            return "processing";
        }
        // The first try was ours, and its answer got lost.
        return item?.request_id?.S === requestId ? "deleted" : "unknown";
    }
}

/** All that an order has besides its key. */
const CONTENT = [
    ...[
        "#input",
        "#status",
        "#owner_status",
        "#reason",
        "#total_cents",
        "#version",
        "#command",
        "#attempt",
        "#run",
        "#sweep_id",
    ],
    ...["#due_at", "#due_shard", "#created_at", "#updated_at"],
];
