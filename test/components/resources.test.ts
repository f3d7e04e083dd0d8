import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf } from "../support/plans";

// A change of a name here replaces the resource in the cloud.

const eventIngest = [
    "EventIngest events",
    ...callback("events-ingest"),
    ...privateBucket("events"),
    ...restApi("events-api", ["get-openapi-json", "options-events", "options-openapi-json", "post-events"]),
    "HourlyJsonTable events",
    "CatalogDatabase events-database",
    "CatalogTable events-table",
    "Dashboard events-dashboard",
];

const uploadPipeline = [
    "UploadPipeline uploads",
    ...["request", "confirm", "update", "consult", "fail", "sweep", "migrate", "promote"].flatMap((purpose) =>
        callback(`uploads-${purpose}`),
    ),
    // An authorizer throws for each unknown token, so that an alarm on its errors would ring for nothing.
    ...callback("uploads-authorize").filter((name) => name !== "MetricAlarm uploads-authorize-errors"),
    ...privateBucket("uploads"),
    "BucketCorsConfiguration uploads-cors",
    "MessageQueue uploads-queue",
    ...["uploads-queue", "uploads-queue-dead-letters"].flatMap((name) => [
        `Queue ${name}`,
        `QueuePolicy ${name}-policy`,
    ]),
    "MetricAlarm uploads-queue-dead-letters-arrived",
    "MetricAlarm uploads-queue-oldest-message",
    "EventSourceMapping uploads-promote-messages",
    "DsqlDatabase uploads-database",
    "Cluster uploads-database-cluster",
    "Invocation uploads-migration",
    ...["uploads-fail-every-minute", "uploads-sweep-every-5-minutes"].flatMap(rule),
    ...restApi("uploads-api", [
        ...["authorizer", "get-consult-status", "get-openapi-json"],
        ...["post-confirm-upload", "post-update-status", "post-upload"],
        ...["options-confirm-upload", "options-consult-status", "options-openapi-json"],
        ...["options-update-status", "options-upload"],
    ]),
    "Dashboard uploads-dashboard",
];

const orderService = [
    "OrderService orders",
    ...["create", "replace", "list", "get", "delete", "stopped", "sweep"].flatMap((of) => callback(`orders-${of}`)),
    ...callback("orders-authorize").filter((name) => name !== "MetricAlarm orders-authorize-errors"),
    "DocumentTable orders",
    "Table orders-table",
    ...["ContainerImage orders-image", "Repository orders-image-repository", "LifecyclePolicy orders-image-lifecycle"],
    "Image orders-image-image",
    ...["FargateTask orders-process", "Cluster orders-process-cluster", "TaskDefinition orders-process-task"],
    ...["LogGroup orders-process-logs", "Role orders-process-role", "RolePolicy orders-process-role-policy"],
    ...["Role orders-process-execution", "RolePolicy orders-process-execution-policy"],
    ...["TaskNetwork orders-network", "Vpc orders-network-vpc", "DefaultSecurityGroup orders-network-default-group"],
    ...["SecurityGroup orders-network-tasks", "VpcEndpoint orders-network-dynamodb", "VpcEndpoint orders-network-s3"],
    ...rule("orders-task-stopped"),
    ...rule("orders-sweep-every-minute"),
    "MetricAlarm orders-failed",
    ...restApi("orders-api", [
        ...["authorizer", "get-openapi-json", "get-pedidos", "get-pedidos-id", "post-pedidos", "put-pedidos-id"],
        ...["delete-pedidos-id", "options-openapi-json", "options-pedidos", "options-pedidos-id"],
    ]),
    "Dashboard orders-dashboard",
];

const challengeApi = [
    "ChallengeApi challenge",
    ...callback("challenge-answer"),
    ...restApi("challenge-api", ["any", "any-proxy"]),
    "ApiKey challenge-api-key-blue",
    "ApiKey challenge-api-key-green",
    "UsagePlan challenge-api-plan",
    "UsagePlanKey challenge-api-plan-blue",
    "UsagePlanKey challenge-api-plan-green",
    "Dashboard challenge-dashboard",
];

const everywhere = [
    "ApiGatewayAccount api-logging",
    "Account api-logging-settings",
    "Role api-logging-role",
    "RolePolicy api-logging-policy",
    "Encryption encryption",
    ...eventIngest,
    ...uploadPipeline,
    ...orderService,
    ...challengeApi,
];

/** Tasks for each order, in a public network. */
const devOnly = ["SecurityGroupEgressRule orders-network-tasks-to-internet"];

const prodOnly = [
    "Alias encryption-alias",
    "BucketVersioning events-versioning",
    "BucketVersioning uploads-versioning",
    "Key encryption-key",
    ...["Firewall firewall", "WebAcl firewall-acl", "WebAclLoggingConfiguration firewall-logging"],
    ...["LogGroup firewall-logs", "LogResourcePolicy firewall-logs-policy"],
    ...["challenge", "events", "orders", "uploads"].map((of) => `WebAclAssociation ${of}-api-firewall`),
    ...["AlarmTopic alarms", "Topic alarms-topic", "TopicPolicy alarms-policy"],
    ...["AccessLogBucket access-logs", ...privateBucket("access-logs"), "BucketVersioning access-logs-versioning"],
    ...["events", "uploads"].map((of) => `BucketLogging ${of}-access-logs`),
    // Workers on a queue, in a private network.
    "MessageQueue orders-queue",
    ...["orders-queue", "orders-queue-dead-letters"].flatMap((name) => [`Queue ${name}`, `QueuePolicy ${name}-policy`]),
    "MetricAlarm orders-queue-dead-letters-arrived",
    "MetricAlarm orders-queue-oldest-message",
    ...["QueueWorker orders-worker", "Service orders-worker-service", "Target orders-worker-target"],
    ...["scale-in", "scale-out"].flatMap((way) => [
        ...[`Policy orders-worker-${way}`, `MetricAlarm orders-worker-${way}-alarm`],
    ]),
    ...["FlowLog orders-network-flow-log", "LogGroup orders-network-flow-log-logs"],
    ...["Role orders-network-flow-log-role", "RolePolicy orders-network-flow-log-policy"],
    "SecurityGroup orders-network-endpoints",
    ...["dynamodb", "endpoints", "s3"].map((to) => `SecurityGroupEgressRule orders-network-tasks-to-${to}`),
    "SecurityGroupIngressRule orders-network-endpoints-from-tasks",
    ...["ecr-api", "ecr-dkr", "logs", "sqs"].map((service) => `VpcEndpoint orders-network-${service}`),
];

describe("the resources of the program", () => {
    it("are exactly these in dev", async () => {
        assert.deepEqual(names(await planOf("dev")), [...everywhere, ...devOnly].sort());
    });

    it("are in prod the customer key, versions, the firewall, the alarms' topic, access logs, workers and a private network more", async () => {
        assert.deepEqual(names(await planOf("prod")), [...everywhere, ...prodOnly].sort());
    });

    it("are components at the top only, and every other resource is inside one", async () => {
        for (const { stack, resources } of [await planOf("dev"), await planOf("prod")]) {
            const components = new Set(resources.flatMap(({ custom, urn }) => (custom ? [] : [urn])));
            const orphans = resources.filter(({ custom, parent }) => (custom ? !components.has(parent ?? "") : false));
            const top = resources.flatMap(({ custom, parent, name }) =>
                custom || components.has(parent ?? "") ? [] : [name],
            );

            assert.deepEqual(
                orphans.map(({ name }) => name),
                [],
            );
            assert.deepEqual(top.sort(), [
                ...(stack === "prod" ? ["access-logs", "alarms"] : []),
                ...["api-logging", "challenge", "encryption", "events"],
                ...(stack === "prod" ? ["firewall"] : []),
                ...["orders", "uploads"],
            ]);
        }
    });
});

function names({ resources }: Plan): string[] {
    return resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();
}

function callback(name: string): string[] {
    return [
        `Callback ${name}`,
        `Function ${name}-function`,
        `LogGroup ${name}-logs`,
        `MetricAlarm ${name}-errors`,
        `MetricAlarm ${name}-throttles`,
        `Role ${name}-role`,
        `RolePolicy ${name}-policy`,
    ];
}

function rule(name: string): string[] {
    return [`EventRule ${name}-rule`, `EventTarget ${name}-target`, `Permission ${name}-invoke`];
}

function privateBucket(name: string): string[] {
    return [
        `PrivateBucket ${name}`,
        `Bucket ${name}-bucket`,
        `BucketLifecycleConfiguration ${name}-lifecycle`,
        `BucketOwnershipControls ${name}-ownership`,
        `BucketPolicy ${name}-policy`,
        `BucketPublicAccessBlock ${name}-public-access`,
        `BucketServerSideEncryptionConfiguration ${name}-encryption`,
    ];
}

function restApi(name: string, permissions: readonly string[]): string[] {
    return [
        `RestApi ${name}`,
        `RestApi ${name}-rest`,
        `Deployment ${name}-deployment`,
        `LogGroup ${name}-access-logs`,
        `MethodSettings ${name}-settings`,
        `MetricAlarm ${name}-server-errors`,
        `Stage ${name}-stage`,
        ...permissions.map((what) => `Permission ${name}-invoke-${what}`),
    ];
}
