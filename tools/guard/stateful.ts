/** What a type of resource holds that a new resource in its place does not have. */
export interface Held {
    /** What goes with it, as the end of "and with it go …". */
    readonly what: string;
    /** Deleting it is an ordinary change, for what uses it is deleted with it; making it again is not. @default false */
    readonly onlyReplaced?: boolean;
}

/**
 * The types whose resources hold something that is nowhere in the program. A type that is missing here may be deleted and
 * replaced without a word: a program that declares a new type of store adds it.
 */
export const STATEFUL: Readonly<Record<string, Held>> = {
    "aws:s3/bucket:Bucket": { what: "its objects" },
    "aws:s3/bucketV2:BucketV2": { what: "its objects" },
    "aws:dynamodb/table:Table": { what: "its items" },
    "aws:dynamodb/globalTable:GlobalTable": { what: "its items" },
    "aws:dsql/cluster:Cluster": { what: "its data and its endpoint" },
    "aws:rds/cluster:Cluster": { what: "its data and its endpoint" },
    "aws:rds/instance:Instance": { what: "its data and its endpoint" },
    "aws:efs/fileSystem:FileSystem": { what: "its files" },
    "aws:kinesis/stream:Stream": { what: "the records that nobody has read yet" },
    "aws:kms/key:Key": { what: "everything that is encrypted with it, which nothing else decrypts" },
    "aws:sqs/queue:Queue": { what: "the messages in it" },
    "aws:sns/topic:Topic": { what: "its subscriptions, which people made and confirmed" },
    "aws:cloudwatch/logGroup:LogGroup": { what: "its log events" },
    "aws:apigateway/restApi:RestApi": { what: "its id and so its URL, which clients have" },
    "aws:apigatewayv2/api:Api": { what: "its id and so its URL, which clients have" },
    "aws:apigateway/apiKey:ApiKey": { what: "its value, which clients have" },
    "aws:cognito/userPool:UserPool": { what: "its users" },
    "aws:ecr/repository:Repository": { what: "its images, which tasks that start need" },
    "aws:secretsmanager/secret:Secret": { what: "its value" },
    "aws:ssm/parameter:Parameter": { what: "its value and its history" },
    "aws:backup/vault:Vault": { what: "its recovery points" },
    "aws:lambda/function:Function": {
        what: "its versions, and calls fail until it is there again",
        onlyReplaced: true,
    },
};

/** The type of functions, whose physical names are unique in an account and region. */
export const FUNCTION = "aws:lambda/function:Function";
