import type { Engine } from "../engine/engine";
import type { TableDeclaration } from "./declare";

/** DynamoDB leaves items alone that expired more than five years ago (Developer Guide, "Using time to live (TTL)"), in seconds. */
const OLDEST = 5 * 365 * 86_400;

/**
 * Deletes the items of a table whose time has come.
 *
 * @param now In milliseconds since 1970.
 * @returns How many were deleted.
 */
export async function sweepExpired(
    engine: Pick<Engine, "call">,
    { name, expiry, create }: Pick<TableDeclaration, "name" | "expiry" | "create">,
    now: number,
): Promise<number> {
    if (expiry === undefined) return 0;
    const seconds = Math.floor(now / 1000);
    const bounds = { ":now": { N: String(seconds) }, ":oldest": { N: String(seconds - OLDEST) } };
    const expired = { TableName: name, ExpressionAttributeValues: bounds };
    const keys = create.KeySchema.map(({ AttributeName }, index) => [`#k${index}`, AttributeName] as const);
    let swept = 0;
    let ExclusiveStartKey: object | undefined;
    do {
        const page = await engine.call<{ Items: Item[]; LastEvaluatedKey?: object }>("Scan", {
            ...expired,
            ExclusiveStartKey,
            FilterExpression: EXPIRED,
            ProjectionExpression: keys.map(([placeholder]) => placeholder).join(", "),
            ExpressionAttributeNames: { "#expiry": expiry, ...Object.fromEntries(keys) },
        });
        for (const Key of page.Items) {
            if (await deleteExpired(engine, { ...expired, Key, ExpressionAttributeNames: { "#expiry": expiry } }))
                swept++;
        }
        ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return swept;
}

type Item = Readonly<Record<string, unknown>>;

/** Other types than numbers are no time. */
const EXPIRED = "#expiry < :now AND #expiry > :oldest";

/** Not one that was given more time since it was read. */
async function deleteExpired(engine: Pick<Engine, "call">, input: object): Promise<boolean> {
    try {
        await engine.call("DeleteItem", { ...input, ConditionExpression: EXPIRED });
        return true;
    } catch (error) {
        if ((error as Error).name === "ConditionalCheckFailedException") return false;
        throw error;
    }
}
