import * as crypto from "node:crypto";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import { itemOfFailedCondition, type OrderTable } from "./orderTable";
import { SECRETS_OWNER } from "./schema";

/**
 * Makes the function that gives the secret which signs cursors. It is made at its first use, and lies in the table alone: in no code,
 * config, state or variable. To change it, delete its item; cursors given out before are then refused.
 */
export function cursorSecret(table: OrderTable): () => Promise<Buffer> {
    let secret: Promise<Buffer> | undefined;
    return () => {
        secret ??= readOrMake(table).catch((error: unknown) => {
            secret = undefined;
            throw error;
        });
        return secret;
    };
}

const KEY = { owner: { S: SECRETS_OWNER }, id: { S: "cursors" } };

async function readOrMake(table: OrderTable): Promise<Buffer> {
    const { Item } = await table.send(
        new dynamodb.GetItemCommand({ TableName: table.name, Key: KEY, ConsistentRead: true }),
    );
    return Buffer.from(Item?.secret?.B ?? (await make(table)));
}

/** Of several that make one at once, the first's counts. */
async function make(table: OrderTable): Promise<Uint8Array> {
    const secret = crypto.randomBytes(32);
    try {
        await table.send(
            new dynamodb.PutItemCommand({
                TableName: table.name,
                Item: { ...KEY, secret: { B: secret } },
                ConditionExpression: "attribute_not_exists(#id)",
                ExpressionAttributeNames: { "#id": "id" },
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
        );
        return secret;
    } catch (error) {
        return itemOfFailedCondition(error)!.secret.B!;
    }
}
