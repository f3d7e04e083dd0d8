import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { TaskSettings } from "../../../../handlers/orderService/starting/taskStarter";
import type { OrderStatus } from "../../../../handlers/orderService/statuses";
import { inSeconds } from "../../../../handlers/orderService/sweepRules";
import { changeOrder } from "../../../../handlers/orderService/table/changeOrder";
import { insertOrder } from "../../../../handlers/orderService/table/insertOrder";
import type { OrderKey, OrderTable, StoredOrder } from "../../../../handlers/orderService/table/orderTable";
import { readOrder } from "../../../../handlers/orderService/table/readOrder";
import { ORDER_TABLE } from "../../../../handlers/orderService/table/schema";
import { uuidv7 } from "../../../../handlers/shared/uuidv7";
import {
    arnOf,
    startDynamoDb,
    table as planned,
    type DynamoDbServer,
} from "../../../local/dynamodb/support/dynamoDbServer";
import type { TestRequest } from "../../../support/invoke";
import { startProxies, type Proxies } from "../../uploadPipeline/support/proxies";
import { startFakeEcs, type FakeEcs } from "./fakeEcs";

/** What OrderService's functions work with: the table on the local run's DynamoDB, behind a proxy, and a fake of ECS. */
export interface OrderStage {
    readonly dynamoDb: DynamoDbServer;
    readonly proxies: Proxies<"table">;
    /** Bodies of all requests that came to the proxy, oldest first. */
    readonly requests: Record<string, unknown>[];
    readonly ecs: FakeEcs;
    /** The table, for who may do everything with it, past the proxy. */
    readonly table: OrderTable;
    /** Variables of a function that may do with the table what was allowed, and starts tasks. */
    readonly env: Readonly<Record<string, string>>;
    close(): Promise<void>;
}

export const tableArn = arnOf("orders");

export const taskSettings: TaskSettings = {
    cluster: "quartet-orders",
    family: "quartet-orders-process",
    container: "process",
    subnets: ["subnet-1", "subnet-2"],
    securityGroup: "sg-1",
    assignPublicIp: false,
};

/** Starts it. @param allowed The statements of the function's role, and no others. */
export async function startOrderStage(...allowed: readonly object[]): Promise<OrderStage> {
    const dynamoDb = await startDynamoDb([plannedTable()]);
    await dynamoDb.allow(...allowed);
    const ecs = await startFakeEcs();
    const requests: Record<string, unknown>[] = [];
    const proxies = await startProxies({
        table: {
            url: () => dynamoDb.url,
            label({ headers }, body) {
                requests.push(JSON.parse(body));
                return String(headers["x-amz-target"]).split(".")[1];
            },
        },
    });
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await dynamoDb.client.config.credentials();
    return {
        ...{ dynamoDb, proxies, requests, ecs },
        table: { name: "orders", send: dynamoDb.admin.send.bind<OrderTable["send"]>(dynamoDb.admin) },
        env: {
            AWS_REGION: "us-east-1",
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
            AWS_SESSION_TOKEN: sessionToken,
            AWS_ENDPOINT_URL_DYNAMODB: proxies.urls.table,
            AWS_ENDPOINT_URL_ECS: ecs.url,
            TABLE: "orders",
            TASK: JSON.stringify(taskSettings),
            CORS_ORIGINS: '["https://app.example"]',
        },
        async close() {
            await proxies.close();
            await ecs.close();
            await dynamoDb.close();
        },
    };
}

function plannedTable() {
    const { hashKey, rangeKey, expiry, indexes } = ORDER_TABLE;
    const { attributes: nonKeyAttributes, ...byDue } = indexes.byDue;
    const keys = new Set([hashKey, rangeKey, ...Object.values(indexes).flatMap((one) => [one.hashKey, one.rangeKey])]);
    return planned("orders", {
        ...{ hashKey, rangeKey },
        attributes: [...keys].map((name) => ({ name, type: "S" })),
        globalSecondaryIndexes: [
            { ...indexes.byStatus, projectionType: "KEYS_ONLY" },
            { ...byDue, projectionType: "INCLUDE", nonKeyAttributes: [...nonKeyAttributes] },
        ],
        ttl: { attributeName: expiry, enabled: true },
    });
}

/** An order that is valid. */
export const input = {
    customer_id: "c-1",
    items: [
        { sku: "tea", quantity: 2, unit_price_cents: 450 },
        { sku: "cup", quantity: 1, unit_price_cents: 1200 },
    ],
    currency: "EUR",
};

export const unknownId = "0190a1b2-c3d4-7e5f-8a9b-0123456789ab";

/** What may stand in a path in the place of an id, and is none. */
export const badIds = [
    ...["x", unknownId.slice(1), `${unknownId}0`, unknownId.replaceAll("-", ""), "%20", "%23secrets", "cursors", "%ff"],
];

/** Id of a client that nobody had before, so that tests see no others' orders. */
export function newClient(): string {
    return `client-${crypto.randomBytes(4).toString("hex")}`;
}

/** An id as orders have it, of the ms given after some day. */
export function idAt(ms: number): string {
    return uuidv7(Date.UTC(2026, 0, 31) + ms);
}

/** A request with an order. */
export function withOrder(client: string, method: "POST" | "PUT", path: string, more: TestRequest = {}): TestRequest {
    return {
        ...{ method, path, client, body: JSON.stringify(input), ...more },
        headers: { "content-type": "application/json", ...more.headers },
    };
}

/** Stores an order that came to a status by the steps that lead there. */
export async function storeOrder(
    { table }: OrderStage,
    client: string,
    { status = "pending", orderId = uuidv7(Date.now()) }: { status?: OrderStatus; orderId?: string } = {},
): Promise<StoredOrder> {
    const key: OrderKey = { client, orderId };
    await insertOrder(table, { ...key, input, requestId: "r-before", dueAt: inSeconds(120) });
    if (status !== "pending") {
        await takeOrder({ table }, key);
    }
    if (status !== "pending" && status !== "processing") {
        const set = status === "confirmed" ? { total_cents: 2100 } : { reason: "Because" };
        await changeOrder(table, key, { status, set, when: "#version = :was", values: { was: 2 } });
    }
    return (await readOrder(table, key))!;
}

/** Lets a container take an order's first command. */
export async function takeOrder({ table }: Pick<OrderStage, "table">, { client, orderId }: OrderKey): Promise<void> {
    const { changed } = await changeOrder(
        table,
        { client, orderId },
        {
            ...{ status: "processing", dueAt: inSeconds(120), set: { run: "arn:aws:ecs:task/1" } },
            ...{ when: "#version = :was", values: { was: 1 } },
        },
    );
    assert.ok(changed);
}

/** All items of the table under an owner. */
export async function itemsOf({ dynamoDb }: OrderStage, owner: string): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await dynamoDb.admin.send(
        new QueryCommand({
            TableName: "orders",
            KeyConditionExpression: "#owner = :owner",
            ExpressionAttributeNames: { "#owner": "owner" },
            ExpressionAttributeValues: { ":owner": { S: owner } },
            ConsistentRead: true,
        }),
    );
    return Items.map((item) =>
        Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.S ?? Number(value.N)])),
    );
}

/** Makes the day of a key end a second ago. */
export async function expireKey({ dynamoDb }: OrderStage, client: string, key: string): Promise<void> {
    await dynamoDb.admin.send(
        new UpdateItemCommand({
            TableName: "orders",
            Key: { owner: { S: `key#${client}` }, id: { S: key } },
            UpdateExpression: "SET #expires_at = :past",
            ExpressionAttributeNames: { "#expires_at": "expires_at" },
            ExpressionAttributeValues: { ":past": { N: String(Math.floor(Date.now() / 1000) - 1) } },
        }),
    );
}
