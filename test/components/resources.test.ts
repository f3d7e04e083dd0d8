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
    ...["uploads-fail-every-minute", "uploads-sweep-every-5-minutes"].flatMap((name) => [
        ...[`EventRule ${name}-rule`, `EventTarget ${name}-target`, `Permission ${name}-invoke`],
    ]),
    ...restApi("uploads-api", [
        ...["authorizer", "get-consult-status", "get-openapi-json"],
        ...["post-confirm-upload", "post-update-status", "post-upload"],
        ...["options-confirm-upload", "options-consult-status", "options-openapi-json"],
        ...["options-update-status", "options-upload"],
    ]),
    "Dashboard uploads-dashboard",
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
    ...challengeApi,
];

const prodOnly = [
    "Alias encryption-alias",
    "BucketVersioning events-versioning",
    "BucketVersioning uploads-versioning",
    "Firewall challenge-firewall",
    "Key encryption-key",
    "WebAcl challenge-firewall-acl",
    "WebAclAssociation challenge-firewall-association",
];

describe("the resources of the program", () => {
    it("are exactly these in dev", async () => {
        assert.deepEqual(names(await planOf("dev")), [...everywhere].sort());
    });

    it("are the same in prod, and the customer key, versions and the firewall", async () => {
        assert.deepEqual(names(await planOf("prod")), [...everywhere, ...prodOnly].sort());
    });

    it("are components at the top only, and every other resource is inside one", async () => {
        for (const { resources } of [await planOf("dev"), await planOf("prod")]) {
            const components = new Set(resources.flatMap(({ custom, urn }) => (custom ? [] : [urn])));
            const orphans = resources.filter(({ custom, parent }) => (custom ? !components.has(parent ?? "") : false));
            const top = resources.flatMap(({ custom, parent, name }) =>
                custom || components.has(parent ?? "") ? [] : [name],
            );

            assert.deepEqual(
                orphans.map(({ name }) => name),
                [],
            );
            assert.deepEqual(top.sort(), ["api-logging", "challenge", "encryption", "events", "uploads"]);
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
