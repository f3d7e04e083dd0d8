import * as assert from "node:assert/strict";
import {
    BatchGetItemCommand,
    BatchWriteItemCommand,
    CreateTableCommand,
    DynamoDBClient,
    ExecuteStatementCommand,
    GetItemCommand,
    PutItemCommand,
    QueryCommand,
    ScanCommand,
    TransactWriteItemsCommand,
    UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
    adminKeys,
    arnOf,
    everything,
    region,
    startDynamoDb,
    table,
    type DynamoDbServer,
} from "./support/dynamoDbServer";

describe("access to DynamoDB tables", () => {
    let server: DynamoDbServer;
    before(async () => (server = await startDynamoDb([table("orders"), table("other")])));
    after(() => server.close());

    const Key = { id: { S: "1" } };
    const get = (TableName = "orders", more: object = {}) =>
        server.client.send(new GetItemCommand({ TableName, Key, ...more }));
    const put = (id = "1", more: object = {}) =>
        server.client.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: id } }, ...more }));
    const query = (expression: string, more: object = {}) =>
        server.client.send(
            new QueryCommand({
                TableName: "orders",
                KeyConditionExpression: expression,
                ExpressionAttributeValues: { ":ann": { S: "ann" }, ":bob": { S: "bob" } },
                ...more,
            }),
        );
    const allow = (Action: string | string[], Resource = arnOf("orders"), Condition?: object) =>
        server.allow({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
    const denied = { name: "AccessDeniedException" };

    it("refuses what the role's policy does not allow, in DynamoDB's words", async () => {
        await allow("dynamodb:GetItem");

        const refused = put();

        const message =
            "User: arn:aws:sts::123456789012:assumed-role/worker/s is not authorized to perform: dynamodb:PutItem on resource: " +
            `${arnOf("orders")} because no identity-based policy allows the dynamodb:PutItem action`;
        await assert.rejects(refused, { ...denied, message });
        await get();
        await assert.rejects(get("other"), denied);
    });

    it("asks for an index by its own ARN", async () => {
        const search = () =>
            query("customer = :ann", { IndexName: "byCustomer", ExpressionAttributeValues: { ":ann": { S: "ann" } } });

        await allow("dynamodb:Query");
        await assert.rejects(search(), denied);
        await allow("dynamodb:Query", `${arnOf("orders")}/index/byCustomer`);
        await search();
    });

    it("asks for each table of a batch, and for each action of a transaction", async () => {
        const batch = (action: "read" | "write", ...tables: string[]) =>
            action === "read"
                ? server.client.send(
                      new BatchGetItemCommand({
                          RequestItems: Object.fromEntries(tables.map((name) => [name, { Keys: [Key] }])),
                      }),
                  )
                : server.client.send(
                      new BatchWriteItemCommand({
                          RequestItems: Object.fromEntries(
                              tables.map((name) => [name, [{ PutRequest: { Item: Key } }]]),
                          ),
                      }),
                  );
        const check = {
            ConditionCheck: { TableName: "orders", Key, ConditionExpression: "attribute_not_exists(nothing)" },
        };
        const transact = (...entries: object[]) =>
            server.client.send(new TransactWriteItemsCommand({ TransactItems: entries }));
        const Put = { TableName: "orders", Item: { id: { S: "2" } } };

        await allow(["dynamodb:BatchGetItem", "dynamodb:PutItem"]);

        await batch("read", "orders");
        await assert.rejects(batch("read", "orders", "other"), denied);
        await assert.rejects(batch("write", "orders"), denied);
        await transact({ Put });
        await assert.rejects(transact({ Put }, check), denied);
        await assert.rejects(transact({ Put: { ...Put, TableName: "other" } }), denied);
    });

    it("keeps a role to the partition keys of a LeadingKeys condition", async () => {
        const own = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["ann"] } };
        await allow(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchWriteItem"], `${arnOf("orders")}*`, own);
        const byCustomer = { IndexName: "byCustomer" };

        await put("ann");
        await assert.rejects(put("bob"), denied);
        await query("id = :ann", { ExpressionAttributeValues: { ":ann": { S: "ann" } } });
        await assert.rejects(query("id = :bob"), denied);
        await assert.rejects(query("#k = :bob", { ExpressionAttributeNames: { "#k": "id" } }), denied);
        await assert.rejects(query("customer = :bob AND createdAt > :ann", byCustomer), denied);
        const writes = ["ann", "bob"].map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
        await assert.rejects(
            server.client.send(new BatchWriteItemCommand({ RequestItems: { orders: writes } })),
            denied,
        );
    });

    it("keeps a role to the attributes of a condition, whatever expression names them", async () => {
        const some = {
            "ForAllValues:StringEquals": { "dynamodb:Attributes": ["id", "state"] },
            StringEqualsIfExists: {
                "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
                "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"],
            },
        };
        await allow(
            ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Scan", "dynamodb:PutItem"],
            arnOf("orders"),
            some,
        );
        const update = (UpdateExpression: string, more: object = {}) =>
            server.client.send(
                new UpdateItemCommand({
                    TableName: "orders",
                    Key,
                    UpdateExpression,
                    ExpressionAttributeValues: { ":x": { S: "x" } },
                    ...more,
                }),
            );
        const names = (secret: string) => ({ ExpressionAttributeNames: { "#s": secret } });

        await get("orders", { ProjectionExpression: "id, #s", ...names("state") });
        await assert.rejects(get(), denied);
        await assert.rejects(get("orders", { ProjectionExpression: "id, price" }), denied);
        await update("SET #s = if_not_exists(#s, :x)", names("state"));
        await assert.rejects(update("SET #s = :x", names("price")), denied);
        await assert.rejects(update("SET #s = :x", { ...names("state"), ConditionExpression: "price <> :x" }), denied);
        await assert.rejects(update("SET #s = :x", { ...names("state"), ReturnValues: "ALL_OLD" }), denied);
        await assert.rejects(server.client.send(new ScanCommand({ TableName: "orders" })), denied);
        await assert.rejects(put("1", { Item: { ...Key, price: { N: "1" } } }), denied);
    });

    it("refuses a tampered signature and unknown keys", async () => {
        await server.allow(everything);
        const as = async (credentials: typeof adminKeys) => {
            const client = new DynamoDBClient({ endpoint: server.url, region, credentials, maxAttempts: 1 });
            try {
                return await client.send(new GetItemCommand({ TableName: "orders", Key }));
            } finally {
                client.destroy();
            }
        };

        await as(adminKeys);
        await assert.rejects(as({ ...adminKeys, secretAccessKey: "wrong" }), { name: "InvalidSignatureException" });
        await assert.rejects(as({ ...adminKeys, accessKeyId: "AKIAOTHER" }), { name: "UnrecognizedClientException" });
    });

    it("changes no tables and runs no statements, even for the administrator", async () => {
        const create = new CreateTableCommand({
            TableName: "made",
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
            BillingMode: "PAY_PER_REQUEST",
        });
        const unknown = { name: "UnknownOperationException", message: /changed in the program/ };

        await assert.rejects(server.admin.send(create), unknown);
        await assert.rejects(
            server.admin.send(new ExecuteStatementCommand({ Statement: "SELECT * FROM orders" })),
            unknown,
        );
    });
});
