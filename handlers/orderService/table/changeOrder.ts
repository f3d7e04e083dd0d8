import * as dynamodb from "@aws-sdk/client-dynamodb";
import { isOrderStep, ORDER_STATUSES, type OrderStatus } from "../statuses";
import { dueShard } from "./schema";
import {
    attribute,
    itemKey,
    itemOfFailedCondition,
    namesIn,
    orderOf,
    type Item,
    type OrderKey,
    type OrderTable,
    type StoredOrder,
} from "./orderTable";

/** A change of one order. */
export interface OrderChange {
    /** The status that it leads to. Only from those that it may follow, or, while somebody has to look at the order, from itself. */
    readonly status: OrderStatus;
    /** By when somebody has to look at it; at an end, nobody has. */
    readonly dueAt?: Date;
    /** Attributes that get a value, or lose theirs by `undefined`. */
    readonly set?: Readonly<Record<string, string | number | undefined>>;
    /** Counters that grow by one, besides the version. */
    readonly count?: readonly ("command" | "attempt")[];
    /** What must hold, in DynamoDB's words, with `#name` for attributes and `:name` for the values below. An order that is gone changes never. */
    readonly when: string;
    readonly values?: Readonly<Record<string, string | number>>;
    /** Tells from an order that does not fulfil `when` whether this very change was made before: an answer may get lost. */
    readonly made?: (order: StoredOrder) => boolean;
}

/** What became of a change: the order as it is now, changed or as it was found; none for one that does not exist. */
export type Changed =
    { readonly changed: true; readonly order: StoredOrder } | { readonly changed: false; readonly order?: StoredOrder };

/** Changes an order if it still is as the caller believes: in one write, so that of two callers one follows the other. */
export async function changeOrder(table: OrderTable, key: OrderKey, change: OrderChange): Promise<Changed> {
    const set: Record<string, string | number | undefined> = {
        ...change.set,
        status: change.status,
        owner_status: `${key.client}#${change.status}`,
        updated_at: new Date().toISOString(),
        due_at: change.dueAt?.toISOString(),
        due_shard: change.dueAt && dueShard(key.orderId),
    };
    const update = updateExpression(set, ["version", ...(change.count ?? [])]);
    const before = statusesBefore(change);
    const condition = `attribute_exists(#input) AND #status IN (${Object.keys(before).map((name) => `:${name}`)}) AND (${change.when})`;
    try {
        const { Attributes } = await table.send(
            new dynamodb.UpdateItemCommand({
                TableName: table.name,
                Key: itemKey(key),
                UpdateExpression: update.expression,
                ConditionExpression: condition,
                ExpressionAttributeNames: namesIn(update.expression, condition),
                ExpressionAttributeValues: { ...update.values, ...attributes({ ...before, ...change.values }) },
                ReturnValues: "ALL_NEW",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
        );
        return { changed: true, order: orderOf(Attributes)! };
    } catch (error) {
        const order = orderOf(itemOfFailedCondition(error));
        return order && change.made?.(order) ? { changed: true, order } : { changed: false, order };
    }
}

/** The statuses that an order may have before, by names for an expression. */
function statusesBefore({ status, dueAt }: OrderChange): Record<string, OrderStatus> {
    const before = ORDER_STATUSES.filter(
        (from) => isOrderStep(from, status) || (from === status && dueAt !== undefined),
    );
    return Object.fromEntries(before.map((from) => [`from_${from}`, from]));
}

function updateExpression(set: OrderChange["set"] & object, counters: readonly string[]) {
    const entries = Object.entries(set);
    const given = entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    const removed = entries.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
    const assignments = [
        ...given.map(([name]) => `#${name} = :new_${name}`),
        ...counters.map((name) => `#${name} = #${name} + :one`),
    ];
    const remove = removed.length > 0 ? ` REMOVE ${removed.join(", ")}` : "";
    return {
        expression: `SET ${assignments.join(", ")}${remove}`,
        values: attributes({ ...Object.fromEntries(given.map(([name, value]) => [`new_${name}`, value])), one: 1 }),
    };
}

function attributes(values: Readonly<Record<string, string | number>>): Item {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, attribute(value)]));
}
