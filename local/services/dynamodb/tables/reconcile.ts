import type { Engine } from "../engine/engine";
import type { IndexInput, TableDeclaration, TableInput } from "./declare";

/**
 * Makes a table in the engine as it is declared, or changes the one that is there; its items stay.
 *
 * @throws When its keys differ from those of the table that is there, with the way out.
 */
export async function reconcileTable(engine: Engine, { name, create }: TableDeclaration): Promise<void> {
    const existing = await describe(engine, name);
    if (existing === undefined) {
        await engine.call("CreateTable", create);
        return;
    }
    if (keysOf(existing) !== keysOf(create)) {
        throw new Error(
            `its keys or local indexes are others than those of the table "${name}" that is there. DynamoDB would replace the table, and its ` +
                "items would be lost: start once with --fresh to do the same, or declare a table with another name.",
        );
    }
    await changeIndexes(engine, create, existing);
    const mode = existing.BillingModeSummary?.BillingMode ?? "PROVISIONED";
    if (mode !== create.BillingMode) {
        const { BillingMode, ProvisionedThroughput } = create;
        await engine.call("UpdateTable", { TableName: name, BillingMode, ProvisionedThroughput });
    }
    const { DeletionProtectionEnabled } = create;
    if ((existing.DeletionProtectionEnabled ?? false) !== DeletionProtectionEnabled) {
        await engine.call("UpdateTable", { TableName: name, DeletionProtectionEnabled });
    }
}

interface ExistingTable extends TableInput {
    readonly BillingModeSummary?: { readonly BillingMode: string };
}

async function describe(engine: Engine, name: string): Promise<ExistingTable | undefined> {
    try {
        return (await engine.call<{ Table: ExistingTable }>("DescribeTable", { TableName: name })).Table;
    } catch (error) {
        if ((error as Error).name === "ResourceNotFoundException") return undefined;
        throw error;
    }
}

/** What of a table cannot be changed: names and types of its keys, and local indexes. */
function keysOf({ KeySchema, AttributeDefinitions, LocalSecondaryIndexes = [] }: TableInput): string {
    const types = new Map(AttributeDefinitions.map((of) => [of.AttributeName, of.AttributeType]));
    const keys = (schema: TableInput["KeySchema"]) =>
        schema.map((of) => [of.AttributeName, types.get(of.AttributeName)]);
    return JSON.stringify([
        keys(KeySchema),
        LocalSecondaryIndexes.map((of) => [shapeOf(of), keys(of.KeySchema)]).sort(),
    ]);
}

/** One change at a time, as DynamoDB wants them. An index that is to be another is made anew. */
async function changeIndexes(engine: Engine, wanted: TableInput, existing: TableInput): Promise<void> {
    const { TableName, AttributeDefinitions } = wanted;
    const shapes = (table: TableInput) =>
        new Map((table.GlobalSecondaryIndexes ?? []).map((of) => [of.IndexName, shapeOf(of)]));
    const [before, after] = [shapes(existing), shapes(wanted)];
    for (const [IndexName, shape] of before) {
        if (after.get(IndexName) === shape) continue;
        await engine.call("UpdateTable", { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });
    }
    for (const Create of wanted.GlobalSecondaryIndexes ?? []) {
        if (before.get(Create.IndexName) === after.get(Create.IndexName)) continue;
        const GlobalSecondaryIndexUpdates = [{ Create }];
        await engine.call("UpdateTable", { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
    }
}

function shapeOf({ IndexName, KeySchema, Projection }: IndexInput): string {
    const keys = KeySchema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`);
    return JSON.stringify([
        IndexName,
        keys,
        Projection.ProjectionType,
        [...(Projection.NonKeyAttributes ?? [])].sort(),
    ]);
}
