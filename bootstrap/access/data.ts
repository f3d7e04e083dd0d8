import { allow, type ServiceAccess } from "./types";

/** Buckets and their settings, and no object in them. */
export const s3: ServiceAccess = ({ names, prefix }) => {
    const own = names.bucketArn(`${prefix}-*-${names.account}`);
    const settings = [
        ...["CorsConfiguration", "LifecycleConfiguration", "Logging", "OwnershipControls", "Policy"],
        ...["PublicAccessBlock", "ServerSideEncryptionConfiguration", "Versioning"],
    ];
    return {
        types: ["aws:s3/bucket:Bucket", ...settings.map((kind) => `aws:s3/bucket${kind}:Bucket${kind}`)],
        read: [
            allow(
                [
                    ...["s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration"],
                    ...["s3:GetReplicationConfiguration", "s3:GetAccelerateConfiguration"],
                    ...["s3:ListBucket", "s3:ListTagsForResource"],
                ],
                own,
            ),
        ],
        change: [
            allow(
                [
                    ...["s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketCORS"],
                    ...["s3:PutBucketLogging", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy"],
                    ...["s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning"],
                    ...["s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:TagResource"],
                    "s3:UntagResource",
                ],
                own,
            ),
        ],
    };
};

/** Tables, and no item in them. */
export const dynamodb: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("dynamodb", `table/${prefix}-*`);
    return {
        types: ["aws:dynamodb/table:Table"],
        read: [
            allow(
                [
                    ...["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"],
                    ...["dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"],
                ],
                own,
            ),
        ],
        change: [
            allow(
                [
                    ...["dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:TagResource"],
                    ...["dynamodb:UntagResource", "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTable"],
                    "dynamodb:UpdateTimeToLive",
                ],
                own,
            ),
        ],
    };
};

/** Queues, and no message in them. */
export const sqs: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("sqs", `${prefix}-*`);
    return {
        types: ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"],
        read: [allow(["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"], own)],
        change: [
            allow(
                ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
                own,
            ),
        ],
    };
};

/** Topics of alarms. */
export const sns: ServiceAccess = ({ names, prefix }) => {
    const own = names.arn("sns", `${prefix}-*`);
    return {
        types: ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
        read: [allow(["sns:GetTopicAttributes", "sns:ListTagsForResource"], own)],
        change: [
            allow(
                [
                    ...["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes"],
                    ...["sns:TagResource", "sns:UntagResource"],
                ],
                own,
            ),
        ],
    };
};

/** Clusters of Aurora DSQL, and no connection to them. */
export const dsql: ServiceAccess = ({ names, own, made, claimed }) => {
    const clusters = names.arn("dsql", "cluster/*");
    return {
        types: ["aws:dsql/cluster:Cluster"],
        read: [allow(["dsql:GetCluster", "dsql:GetVpcEndpointServiceName", "dsql:ListTagsForResource"], clusters, own)],
        change: [
            allow("dsql:CreateCluster", clusters, made),
            allow("dsql:TagResource", clusters, claimed),
            allow(
                ["dsql:DeleteCluster", "dsql:TagResource", "dsql:UntagResource", "dsql:UpdateCluster"],
                clusters,
                own,
            ),
        ],
    };
};

/** What Athena reads the events by. */
export const glue: ServiceAccess = ({ names, databasePrefix }) => {
    const own = [
        "catalog",
        `database/${databasePrefix}_*`,
        `table/${databasePrefix}_*/*`,
        `userDefinedFunction/${databasePrefix}_*/*`,
    ].map((resource) => names.arn("glue", resource));
    return {
        types: ["aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"],
        read: [allow(["glue:GetDatabase", "glue:GetPartitionIndexes", "glue:GetTable", "glue:GetTags"], own)],
        change: [
            allow(
                [
                    ...["glue:CreateDatabase", "glue:CreateTable", "glue:DeleteDatabase", "glue:DeleteTable"],
                    ...["glue:TagResource", "glue:UntagResource", "glue:UpdateDatabase", "glue:UpdateTable"],
                ],
                own,
            ),
        ],
    };
};

/** The stack's customer key. Services use it for whoever deploys what it encrypts. */
export const kms: ServiceAccess = ({ names, prefix, own, made, claimed }) => {
    const keys = names.arn("kms", "key/*");
    const alias = names.arn("kms", `alias/${prefix}-*`);
    const via = (...services: readonly string[]) => ({
        "kms:ViaService": services.map((service) => `${service}.${names.region}.amazonaws.com`),
    });
    return {
        types: ["aws:kms/alias:Alias", "aws:kms/key:Key"],
        read: [
            allow(
                ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
                keys,
                own,
            ),
            allow("kms:ListAliases", "*"),
            // Lambda shows the environment of a function only to who may decrypt it.
            allow("kms:Decrypt", keys, { StringEquals: { ...own.StringEquals, ...via("lambda") } }),
        ],
        change: [
            allow("kms:CreateKey", "*", made),
            allow("kms:TagResource", keys, claimed),
            allow(
                [
                    ...["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy"],
                    ...["kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias"],
                    "kms:UpdateKeyDescription",
                ],
                keys,
                own,
            ),
            allow(["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"], alias),
            allow(["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], keys, {
                StringEquals: { ...own.StringEquals, ...via("dsql", "dynamodb", "ecr", "lambda", "sns", "sqs") },
            }),
            allow("kms:CreateGrant", keys, {
                StringEquals: { ...own.StringEquals, ...via("dsql", "dynamodb", "ecr", "lambda") },
                Bool: { "kms:GrantIsForAWSResource": "true" },
            }),
        ],
    };
};
