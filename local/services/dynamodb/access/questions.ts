import type { Context } from "../../../iam/types";
import { unknownOperation, validation } from "../errors";
import { isObject, type DynamoDbRequest, type Input } from "../protocol";
import type { TableNames } from "../tables/names";
import { attributesOf, keyText, queriedKey } from "./expressions";

/** One thing that a request does, as IAM is asked about it. */
export interface Question {
    /** e.g. `dynamodb:GetItem` */
    readonly action: string;
    /** ARN of the table or index. */
    readonly resource: string;
    readonly context: Context;
}

/**
 * What IAM has to allow before a request is served. Condition keys: Service Authorization Reference, "Actions, resources, and condition
 * keys for Amazon DynamoDB".
 *
 * @throws UnknownOperationException for what the local run does not serve
 */
export function questionsOf({ operation, input }: DynamoDbRequest, names: TableNames): Question[] {
    const make = makers.get(operation);
    if (make === undefined) throw unknownOperation(refusal(operation));
    return make(input, names, operation);
}

type Maker = (input: Input, names: TableNames, operation: string) => Question[];

const single: Maker = (input, names, operation) => [ofItems(operation, input.TableName, [input], names, input)];

const search: Maker = (input, names, operation) => {
    const { IndexName: index } = input;
    const table = names.arn(tableName(input.TableName));
    const hashKey = names.hashKey(tableName(input.TableName), index);
    const context = {
        "dynamodb:Attributes": attributesOf(input),
        "dynamodb:Select": selected(input, index === undefined ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES"),
        ...(operation === "Query" && { "dynamodb:LeadingKeys": queriedKey(input, hashKey ?? "") }),
    };
    const resource = index === undefined ? table : `${table}/index/${String(index)}`;
    return [{ action: `dynamodb:${operation}`, resource, context }];
};

/** Asked per table: `RequestItems` by table, each with its keys or its writes. */
const batch: Maker = (input, names, operation) =>
    Object.entries(object(input.RequestItems, "RequestItems")).map(([table, request]) => {
        const parts = Array.isArray(request)
            ? request.flatMap((write: unknown) => Object.values(object(write, "RequestItems")))
            : list(object(request, "RequestItems").Keys, "Keys").map((Key) => ({ Key }));
        const settings = Array.isArray(request) ? {} : object(request, "RequestItems");
        return ofItems(operation, table, parts, names, settings);
    });

/** Asked as the single operations, each for its own table. */
const transaction: Maker = (input, names, operation) =>
    list(input.TransactItems, "TransactItems").flatMap((entry) =>
        Object.entries(object(entry, "TransactItems")).map(([kind, part]) => {
            const action = transacted[kind];
            if (action === undefined) throw validation(`TransactItems: ${kind} is no action of a transaction`);
            const settings = object(part, kind);
            const question = ofItems(action, settings.TableName, [settings], names, settings);
            return { ...question, context: { ...question.context, "dynamodb:EnclosingOperation": operation } };
        }),
    );

const transacted: Readonly<Record<string, string>> = {
    Put: "PutItem",
    Update: "UpdateItem",
    Delete: "DeleteItem",
    ConditionCheck: "ConditionCheckItem",
    Get: "GetItem",
};

const describe: Maker = (input, names, operation) => [
    { action: `dynamodb:${operation}`, resource: names.arn(tableName(input.TableName)), context: {} },
];

const makers = new Map<string, Maker>(
    Object.entries({
        ...{ GetItem: single, PutItem: single, UpdateItem: single, DeleteItem: single },
        ...{ Query: search, Scan: search },
        ...{ BatchGetItem: batch, BatchWriteItem: batch },
        ...{ TransactGetItems: transaction, TransactWriteItems: transaction },
        ...{ DescribeTable: describe, DescribeTimeToLive: describe, DescribeContinuousBackups: describe },
        ListTables: () => [{ action: "dynamodb:ListTables", resource: "*", context: {} }],
    }),
);

function ofItems(
    operation: string,
    table: unknown,
    parts: readonly unknown[],
    names: TableNames,
    settings: Input,
): Question {
    const name = tableName(table);
    const hashKey = names.hashKey(name) ?? "";
    const inputs = parts.filter(isObject);
    const keys = inputs.map((part) => keyText((part.Key as Input | undefined)?.[hashKey] ?? itemKey(part, hashKey)));
    const attributes = [...new Set([settings, ...inputs].flatMap(attributesOf))];
    return {
        action: `dynamodb:${operation}`,
        resource: names.arn(name),
        context: {
            "dynamodb:LeadingKeys": keys.map((key) => key ?? ""),
            "dynamodb:Attributes": attributes,
            ...(READS.has(operation) && { "dynamodb:Select": selected(settings, "ALL_ATTRIBUTES") }),
            ...(WRITES.has(operation) && { "dynamodb:ReturnValues": text(settings.ReturnValues, "NONE") }),
        },
    };
}

const READS = new Set(["GetItem", "BatchGetItem"]);
const WRITES = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

function itemKey({ Item }: Input, hashKey: string): unknown {
    return isObject(Item) ? Item[hashKey] : undefined;
}

function selected(input: Input, all: string): string {
    const some = input.ProjectionExpression !== undefined || input.AttributesToGet !== undefined;
    return text(input.Select, some ? "SPECIFIC_ATTRIBUTES" : all);
}

function text(value: unknown, absent: string): string {
    return typeof value === "string" ? value : absent;
}

function tableName(value: unknown): string {
    if (typeof value === "string" && value !== "") return value;
    throw validation(
        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    );
}

function object(value: unknown, name: string): Input {
    if (isObject(value)) return value;
    throw validation(`${name} must be a map`);
}

function list(value: unknown, name: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw validation(`${name} must be a list`);
}

function refusal(operation: string): string {
    return (
        `The local run does not serve ${operation} of DynamoDB: it reads and writes items of the declared tables. ` +
        "Tables, indexes and their settings are changed in the program."
    );
}
