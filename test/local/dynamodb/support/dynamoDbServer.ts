import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { authenticate } from "../../../../local/gateway/authenticate";
import { createCredentials } from "../../../../local/gateway/credentials";
import { createGateway } from "../../../../local/gateway/server";
import { createAuthorizer } from "../../../../local/iam/authorizer";
import { createDynamoDb, type DynamoDb } from "../../../../local/services/dynamodb/dynamodb";
import { createIam } from "../../../../local/services/iam/iam";
import { createKms } from "../../../../local/services/kms/kms";
import type { PlannedResource } from "../../../../plan/types";
import { resource, trustOf } from "../../iam/support/resources";

/** DynamoDB behind the gateway of the local run: signatures and policies count. */
export interface DynamoDbServer {
    readonly dynamoDb: DynamoDb;
    readonly url: string;
    readonly dataDir: string;
    readonly printed: string[];
    /** Of a session of the role `worker`. */
    readonly client: DynamoDBClient;
    /** May do everything. */
    readonly admin: DynamoDBClient;
    /** What the role may do from now on. */
    allow(...statements: readonly object[]): Promise<void>;
    /** Brings a plan into being, as the local run does. */
    apply(...tables: readonly PlannedResource[]): Promise<void>;
    /** The data stay when `keep` is true. */
    close(keep?: boolean): Promise<void>;
}

export const account = "123456789012";
export const region = "us-east-1";
export const key = `arn:aws:kms:${region}:${account}:key/one`;
export const adminKeys = { accessKeyId: "AKIAADMIN", secretAccessKey: "secret" };
export const arnOf = (name: string) => `arn:aws:dynamodb:${region}:${account}:table/${name}`;
export const everything = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" };
const roleArn = `arn:aws:iam::${account}:role/worker`;

/** Starts it with these tables, over a new folder or a given one, and a role that may do everything. */
export async function startDynamoDb(
    tables: readonly PlannedResource[] = [table("orders")],
    dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "dynamodb-test-")),
): Promise<DynamoDbServer> {
    const printed: string[] = [];
    const iam = createIam();
    const authorizer = createAuthorizer({ account, region, roles: iam, trace: () => {}, warn: () => {} });
    const keys = createKms({ account, region, authorizer });
    await keys.apply["aws:kms/key:Key"](resource("aws:kms/key:Key", {}, { arn: key, keyId: "one" }));
    await keys.ready?.();
    const dynamoDb = createDynamoDb({
        ...{ dataDir, account, region, authorizer, keys },
        print: (line) => printed.push(line),
    });
    const credentials = createCredentials();
    credentials.addLongTerm({ type: "admin", arn: `arn:aws:iam::${account}:user/admin` }, adminKeys);
    const { expiration: _, ...session } = credentials.issue(
        { type: "role", roleArn, sessionName: "s" },
        { durationSeconds: 3600 },
    );
    const gateway = createGateway({
        apis: [dynamoDb],
        paths: {},
        authenticate: (request, requestId) => authenticate(request, credentials, { requestId }),
    });
    const url = `http://127.0.0.1:${await gateway.listen(0)}`;
    const connect = (identity: typeof adminKeys) =>
        new DynamoDBClient({ endpoint: url, region, credentials: identity, maxAttempts: 5 });
    const server: DynamoDbServer = {
        ...{ dynamoDb, url, dataDir, printed },
        client: connect(session),
        admin: connect(adminKeys),
        async allow(...statements) {
            const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
            const inputs = {
                name: "worker",
                assumeRolePolicy: trustOf({ Service: "lambda.amazonaws.com" }),
                inlinePolicies: [{ name: "own", policy }],
            };
            const outputs = { arn: roleArn, uniqueId: "AROA1" };
            await iam.apply["aws:iam/role:Role"](resource("aws:iam/role:Role", inputs, outputs));
            await iam.ready?.();
        },
        async apply(...planned) {
            for (const one of planned) await dynamoDb.apply[one.type](one);
            await dynamoDb.ready();
        },
        async close(keep = false) {
            server.client.destroy();
            server.admin.destroy();
            await gateway.close(0);
            await dynamoDb.close();
            if (!keep) fs.rmSync(dataDir, { recursive: true });
        },
    };
    try {
        await server.allow(everything);
        await server.apply(...tables);
    } catch (error) {
        await server.close(true);
        throw error;
    }
    return server;
}

/** A table of orders by `id`, with the index `byCustomer` in the order of `createdAt`; properties may be others. */
export function table(name: string, inputs: Record<string, unknown> = {}): PlannedResource {
    const own = {
        name,
        hashKey: "id",
        attributes: [
            { name: "id", type: "S" },
            { name: "customer", type: "S" },
            { name: "createdAt", type: "S" },
        ],
        billingMode: "PAY_PER_REQUEST",
        globalSecondaryIndexes: [
            { name: "byCustomer", hashKey: "customer", rangeKey: "createdAt", projectionType: "ALL" },
        ],
        ...inputs,
    };
    return resource("aws:dynamodb/table:Table", own, { name, arn: arnOf(name) });
}
