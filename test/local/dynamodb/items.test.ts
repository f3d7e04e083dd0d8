import * as assert from "node:assert/strict";
import {
    BatchGetItemCommand,
    BatchWriteItemCommand,
    ConditionalCheckFailedException,
    DeleteItemCommand,
    GetItemCommand,
    PutItemCommand,
    QueryCommand,
    TransactGetItemsCommand,
    type TransactionCanceledException,
    TransactWriteItemsCommand,
    UpdateItemCommand,
    type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { arnOf, startDynamoDb, type DynamoDbServer } from "./support/dynamoDbServer";

type Item = Record<string, AttributeValue>;

describe("items of DynamoDB tables", () => {
    let server: DynamoDbServer;
    before(async () => (server = await startDynamoDb()));
    after(() => server.close());

    const put = (Item: Item, more: object = {}) =>
        server.client.send(new PutItemCommand({ TableName: "orders", Item, ...more }));
    const get = async (id: string) =>
        (await server.client.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: id } } }))).Item;
    const order = (id: string, more: Item = {}): Item => ({ id: { S: id }, ...more });

    it("lets one of fifty win that create the same item at the same time", async () => {
        const race = Array.from({ length: 50 }, (_, n) =>
            put(order("raced", { n: { N: String(n) } }), { ConditionExpression: "attribute_not_exists(id)" }),
        );

        const outcomes = await Promise.allSettled(race);

        const winners = outcomes.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : []));
        const losers = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as Error] : []));
        assert.equal(winners.length, 1);
        assert.ok(losers.every((error) => error instanceof ConditionalCheckFailedException));
        assert.equal((await get("raced"))?.n.N, String(winners[0]));
    });

    it("lets one of fifty win that update from the same version", async () => {
        await put(order("versioned", { version: { N: "1" } }));
        const race = Array.from({ length: 50 }, () =>
            server.client.send(
                new UpdateItemCommand({
                    TableName: "orders",
                    Key: order("versioned"),
                    UpdateExpression: "SET version = version + :one",
                    ConditionExpression: "version = :known",
                    ExpressionAttributeValues: { ":one": { N: "1" }, ":known": { N: "1" } },
                }),
            ),
        );

        const outcomes = await Promise.allSettled(race);

        assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
        assert.equal((await get("versioned"))?.version.N, "2");
    });

    it("gives the item that made a condition fail, when asked for it, and not otherwise", async () => {
        await put(order("taken", { owner: { S: "ann" } }));
        const condition = { ConditionExpression: "attribute_not_exists(id)" };

        const silent = put(order("taken"), condition);
        const telling = put(order("taken"), { ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" });

        await assert.rejects(silent, { name: "ConditionalCheckFailedException", Item: undefined });
        await assert.rejects(telling, { Item: order("taken", { owner: { S: "ann" } }) });
    });

    it("queries an index newest first, page by page, with a filter", async () => {
        for (const n of [1, 2, 3, 4, 5, 6]) {
            const state = { S: n === 4 ? "cancelled" : "open" };
            await put(order(`paged-${n}`, { customer: { S: "ann" }, createdAt: { S: `2026-01-0${n}` }, state }));
        }
        await put(order("paged-other", { customer: { S: "bob" }, createdAt: { S: "2026-01-09" } }));

        const pages: string[][] = [];
        let ExclusiveStartKey: Item | undefined;
        do {
            const page = await server.client.send(
                new QueryCommand({
                    TableName: "orders",
                    IndexName: "byCustomer",
                    KeyConditionExpression: "customer = :customer",
                    FilterExpression: "#state = :open",
                    ExpressionAttributeNames: { "#state": "state" },
                    ExpressionAttributeValues: { ":customer": { S: "ann" }, ":open": { S: "open" } },
                    ScanIndexForward: false,
                    Limit: 2,
                    ExclusiveStartKey,
                }),
            );
            pages.push(page.Items!.map(({ id }) => id.S!));
            ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey !== undefined);

        assert.deepEqual(pages.slice(0, 3), [["paged-6", "paged-5"], ["paged-3"], ["paged-2", "paged-1"]]);
        assert.deepEqual(pages.slice(3).flat(), []);
    });

    it("writes all of a transaction or nothing of it, and says what was in the way", async () => {
        await put(order("there"));
        const Put = { TableName: "orders", Item: order("new") };
        const absent = { ConditionExpression: "attribute_not_exists(id)" };
        const failing = { ConditionCheck: { TableName: "orders", Key: order("there"), ...absent } };

        const refused = server.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, failing] }));

        await assert.rejects(refused, (error: TransactionCanceledException) => {
            assert.deepEqual(
                error.CancellationReasons?.map(({ Code }) => Code),
                ["None", "ConditionalCheckFailed"],
            );
            return true;
        });
        assert.equal(await get("new"), undefined);
        await server.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
        const read = await server.client.send(
            new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: "orders", Key: order("new") } }] }),
        );
        assert.deepEqual(read.Responses, [{ Item: order("new") }]);
    });

    it("writes and reads in batches, and takes a table's ARN for its name", async () => {
        const writes = ["a", "b"].map((id) => ({ PutRequest: { Item: order(`batch-${id}`) } }));
        const Keys = [order("batch-a"), order("batch-b")];

        await server.client.send(new BatchWriteItemCommand({ RequestItems: { [arnOf("orders")]: writes } }));
        const read = await server.client.send(new BatchGetItemCommand({ RequestItems: { orders: { Keys } } }));

        assert.deepEqual(read.Responses!.orders.map(({ id }) => id.S).sort(), ["batch-a", "batch-b"]);
    });

    it("gives a deleted item back when asked, and refuses an item of more than 400 KB", async () => {
        await put(order("gone"));

        const deleted = await server.client.send(
            new DeleteItemCommand({ TableName: arnOf("orders"), Key: order("gone"), ReturnValues: "ALL_OLD" }),
        );

        assert.deepEqual(deleted.Attributes, order("gone"));
        assert.equal(await get("gone"), undefined);
        await assert.rejects(put(order("large", { text: { S: "x".repeat(410_000) } })), {
            name: "ValidationException",
            message: "Item size has exceeded the maximum allowed size",
        });
    });
});
