import * as path from "node:path";
import type * as http from "node:http";
import { awsError } from "../../errors";
import { sendJson } from "../../gateway/awsJson";
import type { AwsApi, AwsCall, ResourceProvider } from "../../gateway/types";
import type { Authorizer } from "../../iam/types";
import type { KeyService } from "../kms/types";
import { questionsOf } from "./access/questions";
import { startEngine, type Engine } from "./engine/engine";
import { createOperations, type Operations } from "./operations";
import { readRequest, writeDynamoDbError } from "./protocol";
import { declareTable, type TableDeclaration } from "./tables/declare";
import { sweepExpired } from "./tables/expiry";
import { tableNames } from "./tables/names";
import { reconcileTable } from "./tables/reconcile";

/** What {@link createDynamoDb} needs. */
export interface DynamoDbOptions {
    /** Folder of the local run; its `dynamodb` is made and used here. One process at a time may use it. */
    readonly dataDir: string;
    readonly account: string;
    readonly region: string;
    readonly authorizer: Authorizer;
    readonly keys: Pick<KeyService, "resolve">;
    readonly print: (line: string) => void;
    /** Milliseconds since 1970. @default Date.now */
    readonly now?: () => number;
}

/** DynamoDB of the local run: the declared tables in an engine, and before it who may do what. */
export interface DynamoDb extends AwsApi, ResourceProvider {
    /** @throws when a table cannot be made, or changed, as it is declared */
    ready(): Promise<void>;
    /** Process id of the engine; undefined when no table is declared. */
    pid(): number | undefined;
    close(): Promise<void>;
}

/** How often expired items are looked for, in milliseconds. */
const SWEEP_MS = 60_000;

/**
 * Makes DynamoDB over a folder. The plan's tables are applied first, all of them at each change of the plan; `ready` then serves exactly
 * these. A table that is no longer declared keeps its items, and has them when it is declared again.
 */
export function createDynamoDb(options: DynamoDbOptions): DynamoDb {
    const { dataDir, account, region, authorizer, keys, print, now = Date.now } = options;
    let declared = new Map<string, TableDeclaration>();
    let tables: ReadonlyMap<string, TableDeclaration> = new Map();
    let starting: Promise<Engine> | undefined;
    let engine: Engine | undefined;
    let timer: NodeJS.Timeout | undefined;
    let sweeping: Promise<void> = Promise.resolve();
    const names = tableNames(() => tables, region, account);
    const operations = createOperations({ tables: () => tables, names, engine: () => engine, region, account });

    const sweep = async () => {
        if (engine === undefined) return;
        try {
            for (const table of tables.values()) await sweepExpired(engine, table, now());
        } catch (error) {
            print(`DynamoDB: expired items could not be deleted: ${(error as Error).message}`);
        }
    };

    return {
        signingName: "dynamodb",
        apply: {
            "aws:dynamodb/table:Table": (resource) => {
                const table = declareTable(resource);
                declared.set(table.name, table);
                starting ??= startEngine({ folder: path.join(dataDir, "dynamodb"), print });
                // Others are applied meanwhile; `ready` waits, and throws what went wrong.
                starting.catch(() => undefined);
            },
        },
        async ready() {
            const wanted = declared;
            declared = new Map();
            engine = await starting;
            for (const table of wanted.values()) await named(table, () => prepare(engine!, table, keys));
            tables = wanted;
            clearInterval(timer);
            const expiring = [...tables.values()].some(({ expiry }) => expiry !== undefined);
            timer = expiring ? setInterval(() => void (sweeping = sweeping.then(sweep)), SWEEP_MS).unref() : undefined;
        },
        pid: () => engine?.pid(),
        async close() {
            clearInterval(timer);
            tables = new Map();
            await sweeping;
            const running = await starting?.catch(() => undefined);
            await running?.close();
        },
        handle: (call, response) => answer(call, response),
        writeError: writeDynamoDbError,
    };

    async function answer(call: AwsCall, response: http.ServerResponse): Promise<void> {
        const { principal, requestId } = call;
        const request = await readRequest(call);
        for (const question of questionsOf(request, names)) {
            authorizer.authorize({ principal, ...question }, requestId);
        }
        const { status, body, crc32 } = await served(operations, request);
        sendJson(response, "1.0", {
            status,
            requestId,
            body,
            headers: crc32 === undefined ? {} : { "x-amz-crc32": crc32 },
        });
    }
}

/** A caller tries again after a 500; by then the engine is started again. */
async function served(operations: Operations, request: Parameters<Operations>[0]): ReturnType<Operations> {
    try {
        return await operations(request);
    } catch (error) {
        if (!NETWORK.has(String((error as NodeJS.ErrnoException).code))) throw error;
        throw awsError("InternalServerError", 500, "Internal server error");
    }
}

const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE"]);

async function prepare(engine: Engine, table: TableDeclaration, keys: Pick<KeyService, "resolve">): Promise<void> {
    // DynamoDB uses the key by a grant: callers need no permission for it.
    if (table.keyId !== undefined && keys.resolve(table.keyId) === undefined) {
        throw new Error(`the key ${table.keyId} is not declared`);
    }
    await reconcileTable(engine, table);
}

async function named({ name }: TableDeclaration, action: () => Promise<void>): Promise<void> {
    try {
        await action();
    } catch (error) {
        throw new Error(`table ${name}: ${(error as Error).message}`, { cause: error });
    }
}
