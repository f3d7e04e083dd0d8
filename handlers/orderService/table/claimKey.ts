import * as dynamodb from "@aws-sdk/client-dynamodb";
import { itemOfFailedCondition, namesIn, type OrderTable } from "./orderTable";
import { keyOwner } from "./schema";

/** An `Idempotency-Key`, and what came with it. */
export interface KeyClaim {
    readonly client: string;
    readonly key: string;
    /** Hex SHA-256 of what is ordered. */
    readonly bodySha256: string;
    /** Id that the order gets if the key is new. */
    readonly orderId: string;
    readonly requestId: string;
}

/** For how long a key is remembered, in seconds; what a deleted order leaves lives longer. */
export const KEY_SECONDS = 24 * 3600;

/**
 * Claims a key, or finds who did. The claim comes before the order and holds its id: of two equal requests at the same instant both then
 * write the same order, which only one can. A request that ended in between is made whole by its repeat.
 *
 * @returns The id of the order that the key stands for; `undefined` when the key came with another body.
 */
export async function claimKey(table: OrderTable, claim: KeyClaim): Promise<string | undefined> {
    const now = Math.floor(Date.now() / 1000);
    // DynamoDB deletes what expired some time later.
    const condition = "attribute_not_exists(#id) OR #expires_at <= :now";
    try {
        await table.send(
            new dynamodb.PutItemCommand({
                TableName: table.name,
                Item: {
                    owner: { S: keyOwner(claim.client) },
                    id: { S: claim.key },
                    order_id: { S: claim.orderId },
                    body_sha256: { S: claim.bodySha256 },
                    request_id: { S: claim.requestId },
                    expires_at: { N: String(now + KEY_SECONDS) },
                },
                ConditionExpression: condition,
                ExpressionAttributeNames: namesIn(condition),
                ExpressionAttributeValues: { ":now": { N: String(now) } },
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
        );
        return claim.orderId;
    } catch (error) {
        const item = itemOfFailedCondition(error);
        return item?.body_sha256?.S === claim.bodySha256 ? item.order_id.S : undefined;
    }
}
