import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";

describe("the customer key", () => {
    it("does not exist where AWS manages the keys, which encrypt all data there", async () => {
        const plan = await planOf("dev");

        assert.deepEqual(
            plan.resources.filter(({ type }) => type.startsWith("aws:kms/")),
            [],
        );
        assert.deepEqual(bucketRules(plan), { events: [BY_S3], uploads: [BY_S3] });
        resourcesOfType(plan, "aws:sqs/queue:Queue").forEach(({ name, inputs }) =>
            assert.equal(inputs.sqsManagedSseEnabled, true, name),
        );
        assert.equal(cluster(plan).inputs.kmsEncryptionKey, "AWS_OWNED_KMS_KEY");
    });

    it("may be used by exactly these, each through one service and for one resource", async () => {
        const plan = await planOf("prod");

        const bucket = (of: string) => ["s3", `arn:aws:s3:::quartet-prod-${of}-222222222222`] as const;
        const queue = ["sqs", "arn:aws:sqs:eu-west-1:222222222222:quartet-prod-uploads-queue"] as const;
        const orders = ["sqs", "arn:aws:sqs:eu-west-1:222222222222:quartet-prod-orders-queue"] as const;
        const letters = ["sqs", `${queue[1]}-dead-letters`] as const;
        assert.deepEqual(statements(resource(plan, "aws:kms/key:Key", "encryption-key").inputs.policy), [
            {
                Sid: "Administration",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::222222222222:root" },
                Action: "kms:*",
                Resource: "*",
            },
            logGroups([
                "aws-waf-logs-quartet-prod-firewall",
                "/aws/lambda/quartet-prod-events-ingest",
                "/aws/apigateway/quartet-prod-events-api",
                ...["authorize", "request", "confirm", "update", "consult", "fail", "sweep", "migrate"].map(
                    (of) => `/aws/lambda/quartet-prod-uploads-${of}`,
                ),
                "/aws/apigateway/quartet-prod-uploads-api",
                "/aws/lambda/quartet-prod-uploads-promote",
                "/aws/ecs/quartet-prod-orders-process",
                "/aws/vpc/quartet-prod-orders-network-flow-log",
                ...["authorize", "create", "replace", "list", "get", "delete", "stopped", "sweep"].map(
                    (of) => `/aws/lambda/quartet-prod-orders-${of}`,
                ),
                "/aws/apigateway/quartet-prod-orders-api",
                "/aws/lambda/quartet-prod-challenge-answer",
                "/aws/apigateway/quartet-prod-challenge-api",
            ]),
            alarmsOfTheAccount,
            use("events-ingest", ...bucket("events"), "kms:GenerateDataKey"),
            ...dsqlClusters,
            use("uploads-request", ...bucket("uploads"), "kms:GenerateDataKey"),
            use("uploads-confirm", ...bucket("uploads"), "kms:Decrypt"),
            use("uploads-confirm", ...queue, "kms:Decrypt", "kms:GenerateDataKey"),
            use("uploads-fail", ...letters, "kms:Decrypt"),
            use("uploads-sweep", ...bucket("uploads"), "kms:Decrypt"),
            use("uploads-sweep", ...queue, "kms:Decrypt", "kms:GenerateDataKey"),
            use("uploads-promote", ...bucket("uploads"), "kms:Decrypt", "kms:GenerateDataKey"),
            use("uploads-promote", ...queue, "kms:Decrypt"),
            use("orders-process-role", ...orders, "kms:Decrypt"),
            use("orders-create", ...orders, "kms:Decrypt", "kms:GenerateDataKey"),
            use("orders-replace", ...orders, "kms:Decrypt", "kms:GenerateDataKey"),
            use("orders-sweep", ...orders, "kms:Decrypt", "kms:GenerateDataKey"),
        ]);
    });

    it("rotates, and can be brought back for 30 days after its deletion", async () => {
        const { inputs } = resource(await planOf("prod"), "aws:kms/key:Key", "encryption-key");

        assert.deepEqual([inputs.enableKeyRotation, inputs.deletionWindowInDays], [true, 30]);
    });

    it("encrypts buckets but that of access logs, the alarms' topic, queues, the database, the table, images, every log group and every function's environment in prod", async () => {
        const plan = await planOf("prod");
        const { arn } = resource(plan, "aws:kms/key:Key", "encryption-key").outputs;

        const rule = {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: arn },
            bucketKeyEnabled: true,
        };
        assert.deepEqual(bucketRules(plan), { "access-logs": [BY_S3], events: [rule], uploads: [rule] });
        assert.equal(resource(plan, "aws:sns/topic:Topic", "alarms-topic").inputs.kmsMasterKeyId, arn);
        resourcesOfType(plan, "aws:sqs/queue:Queue").forEach(({ name, inputs }) => {
            assert.equal(inputs.kmsMasterKeyId, arn, name);
            assert.equal(inputs.sqsManagedSseEnabled, undefined, "AWS refuses both at once");
        });
        assert.equal(cluster(plan).inputs.kmsEncryptionKey, arn);
        const table = resource(plan, "aws:dynamodb/table:Table", "orders-table").inputs;
        assert.deepEqual(table.serverSideEncryption, { enabled: true, kmsKeyArn: arn });
        const images = resource(plan, "aws:ecr/repository:Repository", "orders-image-repository").inputs;
        assert.deepEqual(images.encryptionConfigurations, [{ encryptionType: "KMS", kmsKey: arn }]);
        resourcesOfType(plan, "aws:cloudwatch/logGroup:LogGroup").forEach(({ name, inputs }) =>
            assert.equal(inputs.kmsKeyId, arn, name),
        );
        resourcesOfType(plan, "aws:lambda/function:Function").forEach(({ name, inputs }) =>
            assert.equal(inputs.kmsKeyArn, arn, name),
        );
        const request = resource(plan, "aws:lambda/function:Function", "uploads-request-function").inputs;
        assert.equal((request.environment as { variables: Record<string, string> }).variables.KEY_ARN, arn);
    });
});

/** S3's own keys. */
const BY_S3 = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };

/** How each bucket encrypts. */
function bucketRules(plan: Plan): Record<string, unknown> {
    const rules = resourcesOfType(
        plan,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ).map(({ name, inputs }) => [name.replace(/-encryption$/, ""), inputs.rules]);
    return Object.fromEntries(rules);
}

function cluster(plan: Plan) {
    return resource(plan, "aws:dsql/cluster:Cluster", "uploads-database-cluster");
}

function logGroups(names: readonly string[]) {
    return {
        Effect: "Allow",
        Principal: { Service: "logs.eu-west-1.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        Resource: "*",
        Condition: {
            ArnEquals: {
                "kms:EncryptionContext:aws:logs:arn": names.map(
                    (name) => `arn:aws:logs:eu-west-1:222222222222:log-group:${name}`,
                ),
            },
        },
    };
}

/** A function's use of the key through a service, for what the service encrypts under one ARN. */
function use(functionName: string, service: string, arn: string, ...actions: string[]) {
    return {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::222222222222:role/quartet-prod-${functionName}` },
        Action: actions,
        Resource: "*",
        Condition: {
            StringEquals: {
                "kms:ViaService": `${service}.eu-west-1.amazonaws.com`,
                [`kms:EncryptionContext:aws:${service}:arn`]: arn,
            },
        },
    };
}

/** CloudWatch, which publishes alarms to the encrypted topic. */
const alarmsOfTheAccount = {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:*" } },
};

const ofClusters = { "aws:SourceArn": "arn:aws:dsql:eu-west-1:222222222222:cluster/*" };

const dsqlClusters = [
    {
        Effect: "Allow",
        Principal: { Service: "dsql.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        Resource: "*",
        Condition: { StringLike: { "kms:EncryptionContext:aws:dsql:ClusterId": "*", ...ofClusters } },
    },
    {
        Effect: "Allow",
        Principal: { Service: "dsql.amazonaws.com" },
        Action: ["kms:DescribeKey"],
        Resource: "*",
        Condition: { StringLike: ofClusters },
    },
];
