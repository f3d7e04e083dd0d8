import type { Engine } from "./engine/engine";
import { tableNotFound, validation } from "./errors";
import type { DynamoDbRequest, Input } from "./protocol";
import type { TableDeclaration } from "./tables/declare";
import type { TableNames } from "./tables/names";

export interface OperationsArgs {
    readonly tables: () => ReadonlyMap<string, TableDeclaration>;
    readonly names: TableNames;
    readonly engine: () => Engine | undefined;
    readonly region: string;
    readonly account: string;
}

/** Does what a request asks for, once it is allowed. */
export type Operations = (
    request: DynamoDbRequest,
) => Promise<{ readonly status: number; readonly body: string | Buffer; readonly crc32?: string }>;

/** What a caller sees of tables is answered here, as far as the program says it; the rest by the engine. */
export function createOperations({ tables, names, engine, region, account }: OperationsArgs): Operations {
    const declared = (name: unknown): TableDeclaration => {
        const table = names.find(String(name));
        if (table === undefined) throw tableNotFound();
        return table;
    };
    const forward: Operations = async ({ operation, input }) => {
        const named = withNames(operation, input, (given) => declared(given).name);
        const running = engine();
        if (running === undefined) throw tableNotFound();
        // Written anew, so that the engine cannot read another thing in it than what IAM was asked about, e.g. where a member stands twice.
        return running.send(operation, JSON.stringify(named));
    };
    const own: Readonly<Record<string, Operations>> = {
        async DescribeTable(request) {
            const { status, body } = await forward(request);
            const text = body.toString();
            return { status, body: text.replaceAll(ENGINE_ARN, `arn:aws:dynamodb:${region}:${account}:`) };
        },
        DescribeTimeToLive({ input }) {
            const { expiry } = declared(input.TableName);
            const description =
                expiry === undefined
                    ? { TimeToLiveStatus: "DISABLED" }
                    : { TimeToLiveStatus: "ENABLED", AttributeName: expiry };
            return ok({ TimeToLiveDescription: description });
        },
        DescribeContinuousBackups({ input }) {
            const status = declared(input.TableName).pointInTimeRecovery ? "ENABLED" : "DISABLED";
            const recovery = { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status } };
            return ok({ ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", ...recovery } });
        },
        ListTables({ input }) {
            return ok(listTables(input, [...tables().keys()]));
        },
    };
    // What is wrong in a request rejects, also where nothing is waited for.
    return async (request) => (own[request.operation] ?? forward)(request);
}

/** How the engine begins its ARNs. */
const ENGINE_ARN = "arn:aws:dynamodb:dynoxide:000000000000:";

function ok(body: object): ReturnType<Operations> {
    return Promise.resolve({ status: 200, body: JSON.stringify(body) });
}

function listTables({ Limit: limit = 100, ExclusiveStartTableName: after }: Input, all: string[]): object {
    if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > 100) {
        throw validation("Limit must be a number between 1 and 100");
    }
    const rest = all.sort().filter((name) => typeof after !== "string" || name > after);
    const TableNames = rest.slice(0, limit);
    return { TableNames, ...(rest.length > limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
}

/** The input with names of tables where it has ARNs: the engine knows names alone. Its form was checked when IAM was asked. */
function withNames(operation: string, input: Input, name: (given: string) => string): Input {
    const named = (part: Input) => ({ ...part, TableName: name(String(part.TableName)) });
    if (operation.startsWith("Batch")) {
        const entries = Object.entries(input.RequestItems as Input).map(([table, request]) => [name(table), request]);
        return { ...input, RequestItems: Object.fromEntries(entries) };
    }
    if (!operation.startsWith("Transact")) return named(input);
    const items = input.TransactItems as readonly Readonly<Record<string, Input>>[];
    const parts = items.map((entry) => Object.entries(entry).map(([kind, part]) => [kind, named(part)]));
    return { ...input, TransactItems: parts.map((entries): Input => Object.fromEntries(entries) as Input) };
}
