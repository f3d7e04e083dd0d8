import type { PlannedResource } from "../../../../plan/types";

/** A table as the program declares it, in the words of DynamoDB's API. */
export interface TableDeclaration {
    readonly name: string;
    /** Name of the partition key. */
    readonly hashKey: string;
    /** Partition key by name of index. */
    readonly indexHashKeys: ReadonlyMap<string, string>;
    /** Input of `CreateTable`. */
    readonly create: TableInput;
    /** Attribute that holds the time of expiry, in seconds since 1970; undefined when items do not expire. */
    readonly expiry: string | undefined;
    readonly pointInTimeRecovery: boolean;
    /** ARN or id of the customer's key. */
    readonly keyId: string | undefined;
}

export interface TableInput {
    readonly TableName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
    readonly BillingMode: string;
    readonly ProvisionedThroughput?: Throughput;
    readonly GlobalSecondaryIndexes?: readonly IndexInput[];
    readonly LocalSecondaryIndexes?: readonly IndexInput[];
    readonly DeletionProtectionEnabled: boolean;
    readonly SSESpecification?: object;
}

export interface IndexInput {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
    readonly ProvisionedThroughput?: Throughput;
}

interface KeyElement {
    readonly AttributeName: string;
    readonly KeyType: string;
}

interface Throughput {
    readonly ReadCapacityUnits: number;
    readonly WriteCapacityUnits: number;
}

/** @throws when the table has something that the local run does not serve */
export function declareTable({ inputs, outputs }: PlannedResource): TableDeclaration {
    for (const [input, what] of Object.entries(UNSUPPORTED)) {
        const value = inputs[input];
        if (value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)) {
            throw new Error(`${what} (${input}) of DynamoDB are not supported by the local run; leave them out here`);
        }
    }
    const { name, globalSecondaryIndexes, localSecondaryIndexes, ttl, pointInTimeRecovery, serverSideEncryption } =
        outputs as unknown as TableProperties;
    const table = inputs as unknown as TableProperties;
    const provisioned = table.billingMode !== "PAY_PER_REQUEST";
    const globals = (globalSecondaryIndexes ?? []).map((given) => index(given, given.hashKey, provisioned));
    const locals = (localSecondaryIndexes ?? []).map((given) => index(given, table.hashKey, false));
    const create: TableInput = {
        TableName: name,
        KeySchema: keySchema(table.hashKey, table.rangeKey),
        AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
        BillingMode: provisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
        DeletionProtectionEnabled: table.deletionProtectionEnabled === true,
        ...(provisioned && { ProvisionedThroughput: throughput(table) }),
        ...(globals.length > 0 && { GlobalSecondaryIndexes: globals }),
        ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
        ...(serverSideEncryption?.enabled === true && {
            SSESpecification: {
                Enabled: true,
                SSEType: "KMS",
                ...(serverSideEncryption.kmsKeyArn && { KMSMasterKeyId: serverSideEncryption.kmsKeyArn }),
            },
        }),
    };
    return {
        name,
        hashKey: table.hashKey,
        indexHashKeys: new Map([...globals, ...locals].map((i) => [i.IndexName, i.KeySchema[0].AttributeName])),
        create,
        expiry: ttl !== undefined && ttl.enabled !== false ? ttl.attributeName : undefined,
        pointInTimeRecovery: pointInTimeRecovery?.enabled === true,
        keyId: serverSideEncryption?.enabled === true ? serverSideEncryption.kmsKeyArn : undefined,
    };
}

/** Inputs that change what clients see, and what they stand for. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
    streamEnabled: "Streams",
    replicas: "replicas",
    importTable: "imports",
    restoreSourceName: "restores",
    restoreSourceTableArn: "restores",
};

/** Of `aws.dynamodb.Table`, what is read here. */
interface TableProperties {
    readonly name: string;
    readonly hashKey: string;
    readonly rangeKey?: string;
    readonly attributes: readonly { readonly name: string; readonly type: string }[];
    readonly billingMode?: string;
    readonly readCapacity?: number;
    readonly writeCapacity?: number;
    readonly globalSecondaryIndexes?: readonly IndexProperties[];
    readonly localSecondaryIndexes?: readonly IndexProperties[];
    readonly ttl?: { readonly attributeName?: string; readonly enabled?: boolean };
    readonly pointInTimeRecovery?: { readonly enabled: boolean };
    readonly deletionProtectionEnabled?: boolean;
    readonly serverSideEncryption?: { readonly enabled: boolean; readonly kmsKeyArn?: string };
}

interface IndexProperties {
    readonly name: string;
    readonly hashKey?: string;
    readonly rangeKey?: string;
    readonly projectionType: string;
    readonly nonKeyAttributes?: readonly string[];
    readonly readCapacity?: number;
    readonly writeCapacity?: number;
}

function index(given: IndexProperties, hashKey: string | undefined, provisioned: boolean): IndexInput {
    const { name, rangeKey, projectionType, nonKeyAttributes } = given;
    if (hashKey === undefined) throw new Error(`the index ${name} needs a hashKey; keySchemas are not supported here`);
    return {
        IndexName: name,
        KeySchema: keySchema(hashKey, rangeKey),
        Projection: {
            ProjectionType: projectionType,
            ...(nonKeyAttributes && nonKeyAttributes.length > 0 && { NonKeyAttributes: nonKeyAttributes }),
        },
        ...(provisioned && { ProvisionedThroughput: throughput(given) }),
    };
}

function keySchema(hashKey: string, rangeKey: string | undefined): KeyElement[] {
    const range = rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" }];
    return [{ AttributeName: hashKey, KeyType: "HASH" }, ...range];
}

/** Nothing is throttled by it here. */
function throughput({ readCapacity = 1, writeCapacity = 1 }: Partial<IndexProperties>): Throughput {
    return { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity };
}
