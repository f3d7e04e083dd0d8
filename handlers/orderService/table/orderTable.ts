import * as dynamodb from "@aws-sdk/client-dynamodb";
import { unavailable } from "../../shared/refusal";
import type { OrderInput } from "../orderSchema";
import type { OrderStatus } from "../statuses";

/** The table of orders. */
export interface OrderTable {
    readonly name: string;
    /**
     * Sends a command of DynamoDB.
     *
     * @throws ConditionalCheckFailedException as DynamoDB does; for all else that goes wrong a refusal with status 503.
     */
    readonly send: dynamodb.DynamoDBClient["send"];
}

/**
 * Opens the table. Requests are short, and are given up in time for another try; what has no answer after 7 s gets none.
 *
 * @param log Takes a line about each request that came to nothing.
 */
export function orderTable(name: string, log: (line: object) => void = console.error): OrderTable {
    const client = new dynamodb.DynamoDBClient({
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
    });
    const send = (command: Parameters<typeof client.send>[0]) =>
        client.send(command).catch((error: dynamodb.DynamoDBServiceException) => {
            if (error.name === FAILED_CONDITION) {
                throw error;
            }
            log({ table: name, error: { name: error.name, status: error.$metadata?.httpStatusCode } });
            throw unavailable("The database did not answer; try again");
        });
    return { name, send: send as typeof client.send };
}

const FAILED_CONDITION = "ConditionalCheckFailedException";

/**
 * The item that did not fulfil a write's condition; `undefined` when there was none, or it was not asked for.
 *
 * @throws The error, when it is another.
 */
export function itemOfFailedCondition(error: unknown): Item | undefined {
    if ((error as Error).name !== FAILED_CONDITION) {
        throw error;
    }
    return (error as dynamodb.ConditionalCheckFailedException).Item;
}

/** What names an order. */
export interface OrderKey {
    /** Id of the client whose order it is. */
    readonly client: string;
    readonly orderId: string;
}

/** An order as it is stored. */
export interface StoredOrder extends OrderKey {
    readonly input: OrderInput;
    readonly status: OrderStatus;
    /** Why it was rejected, or failed. */
    readonly reason?: string;
    /** In the smallest unit of the currency; once it was confirmed. */
    readonly totalCents?: number;
    /** Counts every change; the order's ETag. */
    readonly version: number;
    /** Counts what clients told to be done: 1 for `POST`, one more for each `PUT`. */
    readonly command: number;
    /** How often the command was started. */
    readonly attempt: number;
    /** ARN of the task that took the command last. */
    readonly run?: string;
    /** The sweep that started the command last. */
    readonly sweepId?: string;
    /** By when somebody has to look at it; RFC 3339. */
    readonly dueAt?: string;
    /** Id of the request that gave the command. */
    readonly requestId: string;
    /** RFC 3339. */
    readonly createdAt: string;
    /** RFC 3339. */
    readonly updatedAt: string;
}

/** An item of the table, as DynamoDB writes it. */
export type Item = Record<string, dynamodb.AttributeValue>;

/** The key of an order's item. */
export function itemKey({ client, orderId }: OrderKey): Item {
    return { owner: { S: client }, id: { S: orderId } };
}

/** The order in an item; `undefined` for none, and for what a deleted one leaves. */
export function orderOf(item: Item | undefined): StoredOrder | undefined {
    if (item?.input === undefined) {
        return undefined;
    }
    const text = (name: string) => item[name]?.S;
    const number = (name: string) => (item[name]?.N === undefined ? undefined : Number(item[name].N));
    return {
        client: text("owner")!,
        orderId: text("id")!,
        input: JSON.parse(text("input")!) as OrderInput,
        status: text("status") as OrderStatus,
        reason: text("reason"),
        totalCents: number("total_cents"),
        version: number("version")!,
        command: number("command")!,
        attempt: number("attempt")!,
        run: text("run"),
        sweepId: text("sweep_id"),
        dueAt: text("due_at"),
        requestId: text("request_id")!,
        createdAt: text("created_at")!,
        updatedAt: text("updated_at")!,
    };
}

/** A value as DynamoDB writes it. */
export function attribute(value: string | number): dynamodb.AttributeValue {
    return typeof value === "number" ? { N: String(value) } : { S: value };
}

/** Names in expressions (`#name`), each standing for itself: DynamoDB reserves some 570 words. */
export function namesIn(...expressions: readonly string[]): Record<string, string> {
    const found = expressions.flatMap((expression) => expression.match(/#\w+/g) ?? []);
    return Object.fromEntries(found.map((name) => [name, name.slice(1)]));
}
