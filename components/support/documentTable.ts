import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import { stackNames } from "./names";
import type { Statement } from "./policy";

/** Arguments for {@link DocumentTable}. All keys are strings. */
export interface DocumentTableArgs {
    readonly hashKey: string;
    readonly rangeKey: string;
    /** Attribute that holds when an item may be deleted, in seconds since 1970. */
    readonly expiry: string;
    readonly indexes: readonly TableIndex[];
    readonly encryption: Encryption;
    /** Keeps what is needed to restore the table to any second of the last 35 days. */
    readonly pointInTimeRecovery: boolean;
    /**
     * Guards the table against deletion, by AWS and by Pulumi.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/** A global secondary index. */
export interface TableIndex {
    readonly name: string;
    readonly hashKey: string;
    readonly rangeKey: string;
    /** Attributes that it holds besides keys. @default - none */
    readonly attributes?: readonly string[];
}

/** What a role may do with a table. */
export interface TableUse {
    readonly sid: string;
    /** Without their prefix, e.g. `["GetItem"]`. */
    readonly actions: readonly string[];
    /** Names of indexes. @default - the table itself */
    readonly indexes?: readonly string[];
    /** Values of the partition key that items must have. @default - any */
    readonly partitions?: readonly string[];
}

/** A table of DynamoDB that is paid by the request, encrypted as the stack is. */
export class DocumentTable extends pulumi.ComponentResource {
    /** Physical name, known before deploy. */
    public readonly tableName: string;
    /** ARN, known before deploy. */
    public readonly arn: string;
    public readonly table: aws.dynamodb.Table;

    constructor(name: string, args: DocumentTableArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:DocumentTable", name, {}, opts);
        const names = stackNames();
        const { hashKey, rangeKey, indexes, encryption, protectData = true } = args;
        this.tableName = names.physical(name);
        this.arn = names.arn("dynamodb", `table/${this.tableName}`);
        const keys = new Set([hashKey, rangeKey, ...indexes.flatMap((index) => [index.hashKey, index.rangeKey])]);
        this.table = new aws.dynamodb.Table(
            `${name}-table`,
            {
                name: this.tableName,
                billingMode: "PAY_PER_REQUEST",
                hashKey,
                rangeKey,
                attributes: [...keys].map((key) => ({ name: key, type: "S" })),
                globalSecondaryIndexes: indexes.map(({ attributes = [], ...index }) => ({
                    ...index,
                    ...(attributes.length === 0
                        ? { projectionType: "KEYS_ONLY" }
                        : { projectionType: "INCLUDE", nonKeyAttributes: [...attributes] }),
                })),
                ttl: { attributeName: args.expiry, enabled: true },
                pointInTimeRecovery: { enabled: args.pointInTimeRecovery },
                deletionProtectionEnabled: protectData,
                // DynamoDB uses the key by a grant of whoever makes the table; those who use the table need no permission for it.
                ...(encryption.keyArn ? { serverSideEncryption: { enabled: true, kmsKeyArn: encryption.keyArn } } : {}),
            },
            { parent: this, protect: protectData },
        );
        this.registerOutputs({ tableName: this.tableName });
    }

    /** The statement that allows a use. */
    allow({ sid, actions, indexes, partitions }: TableUse): Statement {
        const resources = indexes ? indexes.map((index) => `${this.arn}/index/${index}`) : [this.arn];
        return {
            Sid: sid,
            Effect: "Allow",
            Action: actions.map((action) => `dynamodb:${action}`),
            Resource: resources.length === 1 ? resources[0] : resources,
            ...(partitions
                ? { Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": partitions } } }
                : {}),
        };
    }
}
