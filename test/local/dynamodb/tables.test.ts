import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import {
    DescribeTableCommand,
    DescribeTimeToLiveCommand,
    GetItemCommand,
    ListTablesCommand,
    PutItemCommand,
    QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { findEngine } from "../../../local/services/dynamodb/engine/binary";
import { startEngine } from "../../../local/services/dynamodb/engine/engine";
import { sweepExpired } from "../../../local/services/dynamodb/tables/expiry";
import { declareTable } from "../../../local/services/dynamodb/tables/declare";
import { reconcileTable } from "../../../local/services/dynamodb/tables/reconcile";
import { arnOf, key, startDynamoDb, table, type DynamoDbServer } from "./support/dynamoDbServer";

describe("DynamoDB tables", () => {
    let server: DynamoDbServer;
    beforeEach(async () => (server = await startDynamoDb()));
    afterEach(() => server.close());

    const Item = { id: { S: "1" }, customer: { S: "ann" }, createdAt: { S: "2026" }, state: { S: "open" } };
    const put = () => server.client.send(new PutItemCommand({ TableName: "orders", Item }));
    const get = (TableName = "orders") =>
        server.client.send(new GetItemCommand({ TableName, Key: { id: { S: "1" } }, ConsistentRead: true }));

    it("shows a table under the account and region of the plan, and its expiry", async () => {
        await server.apply(
            table("orders", {
                ttl: { attributeName: "expires", enabled: true },
                serverSideEncryption: { enabled: true, kmsKeyArn: key },
            }),
        );

        const { Table } = await server.client.send(new DescribeTableCommand({ TableName: "orders" }));
        const expiry = await server.client.send(new DescribeTimeToLiveCommand({ TableName: "orders" }));

        assert.equal(Table?.TableArn, arnOf("orders"));
        assert.equal(Table.GlobalSecondaryIndexes?.[0].IndexArn, `${arnOf("orders")}/index/byCustomer`);
        assert.equal(expiry.TimeToLiveDescription?.AttributeName, "expires");
    });

    it("keeps items over a restart, and of a table that is not declared for a while", async () => {
        await put();
        await server.close(true);
        server = await startDynamoDb([table("others")], server.dataDir);

        await assert.rejects(get(), { name: "ResourceNotFoundException" });
        const { TableNames } = await server.client.send(new ListTablesCommand({}));
        assert.deepEqual(TableNames, ["others"]);
        await server.apply(table("orders"));
        assert.deepEqual((await get()).Item, Item);
    });

    it("adds an index to a table with items", async () => {
        await put();
        const attributes = ["id", "state"].map((name) => ({ name, type: "S" }));
        const globalSecondaryIndexes = [{ name: "byState", hashKey: "state", projectionType: "KEYS_ONLY" }];

        await server.apply(table("orders", { attributes, globalSecondaryIndexes }));

        const found = await server.client.send(
            new QueryCommand({
                TableName: "orders",
                IndexName: "byState",
                KeyConditionExpression: "#s = :open",
                ExpressionAttributeNames: { "#s": "state" },
                ExpressionAttributeValues: { ":open": { S: "open" } },
            }),
        );
        assert.deepEqual(found.Items, [{ id: Item.id, state: Item.state }]);
    });

    it("refuses other keys for a table that is there, naming the way out, and what it does not serve", async () => {
        const apply = (inputs: object) => server.apply(table("orders", inputs as Record<string, unknown>));

        await assert.rejects(apply({ rangeKey: "createdAt" }), /table orders: its keys .* --fresh/);
        await assert.rejects(apply({ streamEnabled: true }), /Streams \(streamEnabled\) .* not supported/);
        const serverSideEncryption = { enabled: true, kmsKeyArn: `${key}other` };
        await assert.rejects(apply({ serverSideEncryption }), /the key .*other is not declared/);
    });

    it("starts the engine again when it was killed, with all that was acknowledged", async () => {
        await put();
        const pid = server.dynamoDb.pid()!;

        process.kill(pid, "SIGKILL");

        // The client tries again while the engine starts.
        assert.deepEqual((await get()).Item, Item);
        assert.notEqual(server.dynamoDb.pid(), pid);
        assert.match(server.printed.join("\n"), /engine ended with .* started again/);
    });

    it("names the package where the engine is missing", () => {
        assert.throws(() => findEngine("darwin", "arm64"), /@dynoxide\/darwin-arm64 is not installed.*npm i/);
    });

    it("deletes items whose time has come, and no others", async () => {
        const now = 1_800_000_000_000;
        const declared = declareTable(table("orders", { ttl: { attributeName: "expires", enabled: true } }));
        const folder = fs.mkdtempSync(`${server.dataDir}/expiry-`);
        const engine = await startEngine({ folder, print: () => {} });
        try {
            await reconcileTable(engine, declared);
            const times = {
                past: { N: "1799999999" },
                now: { N: "1800000000" },
                ancient: { N: "1" },
                text: { S: "1" },
            };
            for (const [id, expires] of Object.entries(times)) {
                await engine.call("PutItem", { TableName: "orders", Item: { id: { S: id }, expires } });
            }

            const swept = await sweepExpired(engine, declared, now);

            const left = await engine.call<{ Items: { id: { S: string } }[] }>("Scan", { TableName: "orders" });
            assert.equal(swept, 1);
            assert.deepEqual(left.Items.map(({ id }) => id.S).sort(), ["ancient", "now", "text"]);
        } finally {
            await engine.close();
        }
    });
});
