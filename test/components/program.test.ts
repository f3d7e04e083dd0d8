import * as assert from "node:assert/strict";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { planOf, projectFolder, resource, resourcesOfType } from "../support/plans";

const BOUNDARY = "arn:aws:iam::111111111111:policy/bound";

describe("the program", () => {
    it("has the contract's outputs, the keys secret, and no URL with a slash at its end", async () => {
        const { outputs, secretOutputs } = await planOf("dev");

        assert.deepEqual(Object.keys(outputs).sort(), [
            "challengeApiKey",
            "challengeApiKeyOther",
            "challengeApiUrl",
            "eventBucket",
            "eventIngestUrl",
            "orderServiceUrl",
            "orderTable",
            "uploadBucket",
            "uploadPipelineUrl",
            "uploadQueueUrl",
        ]);
        assert.deepEqual(secretOutputs, ["challengeApiKey", "challengeApiKeyOther"]);
        const url = (stage: string) =>
            new RegExp(`^https://[a-z0-9]{10}\\.execute-api\\.eu-west-1\\.amazonaws\\.com/${stage}$`);
        assert.match(String(outputs.eventIngestUrl), url("dev"));
        assert.match(String(outputs.challengeApiUrl), url("dev"));
        assert.match(String(outputs.orderServiceUrl), url("dev"));
        assert.equal(outputs.orderTable, "quartet-dev-orders");
        assert.match(String(outputs.uploadPipelineUrl), url("dev-uploads"));
        assert.equal(outputs.uploadBucket, "quartet-dev-uploads-111111111111");
        assert.equal(
            outputs.uploadQueueUrl,
            "https://sqs.eu-west-1.amazonaws.com/111111111111/quartet-dev-uploads-queue",
        );
    });

    it("waits with each function for its role's policy and its log group", async () => {
        const plan = await planOf("dev");

        const functions = resourcesOfType(plan, "aws:lambda/function:Function");
        assert.equal(functions.length, 19);
        for (const { name: functionName, dependsOn } of functions) {
            const name = functionName.replace(/-function$/, "");
            assert.ok(dependsOn.includes(resource(plan, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`).urn), name);
            assert.ok(dependsOn.includes(resource(plan, "aws:cloudwatch/logGroup:LogGroup", `${name}-logs`).urn), name);
        }
    });

    it("waits with the key for the roles that its policy names, and with each stage for the account's logging role", async () => {
        const plan = await planOf("prod");

        const { dependsOn } = resource(plan, "aws:kms/key:Key", "encryption-key");
        const named = [
            "events-ingest",
            ...["request", "confirm", "fail", "sweep", "promote"].map((of) => `uploads-${of}`),
            ...["process", "create", "replace", "sweep"].map((of) => `orders-${of}`),
        ];
        assert.deepEqual(
            dependsOn,
            named.map((name) => resource(plan, "aws:iam/role:Role", `${name}-role`).urn),
        );
        const account = resource(plan, "aws:apigateway/account:Account", "api-logging-settings").urn;
        resourcesOfType(plan, "aws:apigateway/stage:Stage").forEach(({ name, dependsOn: before }) =>
            assert.ok(before.includes(account), name),
        );
    });

    it("guards the data of prod, and not that of dev", async () => {
        const [dev, prod] = [await planOf("dev"), await planOf("prod")];
        const buckets = (plan: Plan) =>
            resourcesOfType(plan, "aws:s3/bucket:Bucket")
                .map(({ name, protect, inputs }) => ({ name, protect, forceDestroy: inputs.forceDestroy }))
                .sort((one, other) => one.name.localeCompare(other.name));
        const cluster = (plan: Plan) => {
            const { protect, inputs } = resource(plan, "aws:dsql/cluster:Cluster", "uploads-database-cluster");
            const { deletionProtectionEnabled, forceDestroy } = inputs;
            return { protect, deletionProtectionEnabled, forceDestroy };
        };
        const table = (plan: Plan) => {
            const { protect, inputs } = resource(plan, "aws:dynamodb/table:Table", "orders-table");
            return [protect, inputs.deletionProtectionEnabled, inputs.pointInTimeRecovery];
        };
        const images = (plan: Plan) =>
            resource(plan, "aws:ecr/repository:Repository", "orders-image-repository").inputs.forceDelete;

        assert.deepEqual(
            buckets(prod),
            ["access-logs-bucket", "events-bucket", "uploads-bucket"].map((name) => ({
                ...{ name, protect: true, forceDestroy: false },
            })),
        );
        assert.deepEqual(
            buckets(dev),
            ["events-bucket", "uploads-bucket"].map((name) => ({ name, protect: false, forceDestroy: true })),
        );
        assert.deepEqual(cluster(prod), { protect: true, deletionProtectionEnabled: true, forceDestroy: false });
        assert.deepEqual(cluster(dev), { protect: false, deletionProtectionEnabled: false, forceDestroy: true });
        assert.deepEqual(table(prod), [true, true, { enabled: true }]);
        assert.deepEqual(table(dev), [false, false, { enabled: false }]);
        assert.deepEqual([images(prod), images(dev)], [false, true]);
        assert.equal(resource(prod, "aws:kms/key:Key", "encryption-key").protect, true);
    });

    it("deletes events and rejected events after the days of the config", async () => {
        const { rules } = resource(
            await planOf("dev"),
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "events-lifecycle",
        ).inputs as { rules: { id: string; filter: { prefix: string }; expiration?: { days: number } }[] };

        assert.deepEqual(
            rules.flatMap(({ filter, expiration }) => (expiration ? [[filter.prefix, expiration.days]] : [])),
            [
                ["events/", 30],
                ["rejected/", 14],
            ],
        );
    });

    it("limits all four stages, in both stacks", async () => {
        for (const stack of ["dev", "prod"] as const) {
            assert.deepEqual(
                settingsOf(await planOf(stack)),
                {
                    "challenge-api": limited(100, 50),
                    "events-api": limited(1000, 500),
                    "orders-api": limited(1000, 500),
                    "uploads-api": limited(1000, 500),
                },
                stack,
            );
        }
    });

    it("limits each stage by its own system's part of the config, and bounds each role as it says", async () => {
        const project = readProject(projectFolder, "dev");
        const throttled = (key: string, requestsPerSecond: number, burst: number) => ({
            [key]: { ...(project.config[key] as object), throttle: { requestsPerSecond, burst } },
        });

        const plan = await loadPlan({
            ...project,
            config: {
                ...project.config,
                ...throttled("quartet:eventIngest", 1, 2),
                ...throttled("quartet:uploadPipeline", 3, 4),
                ...throttled("quartet:orderService", 5, 6),
                ...throttled("quartet:challengeApi", 7, 8),
                "quartet:permissionsBoundary": BOUNDARY,
            },
        });

        assert.deepEqual(settingsOf(plan), {
            "challenge-api": limited(7, 8),
            "events-api": limited(1, 2),
            "orders-api": limited(5, 6),
            "uploads-api": limited(3, 4),
        });
        const boundaries = resourcesOfType(plan, "aws:iam/role:Role").map(({ inputs }) => inputs.permissionsBoundary);
        assert.deepEqual(new Set(boundaries), new Set([BOUNDARY]));
    });

    it("bounds no role where the config names no boundary", async () => {
        const roles = resourcesOfType(await planOf("dev"), "aws:iam/role:Role");

        assert.notEqual(roles.length, 0);
        assert.ok(roles.every(({ inputs }) => !("permissionsBoundary" in inputs)));
    });

    it("limits each key of ChallengeApi as the config says", async () => {
        const plan = await planOf("dev");

        const usagePlan = resource(plan, "aws:apigateway/usagePlan:UsagePlan", "challenge-api-plan").inputs;
        assert.deepEqual(usagePlan.throttleSettings, { rateLimit: 100, burstLimit: 50 });
        assert.deepEqual(usagePlan.quotaSettings, { limit: 10_000, period: "MONTH" });
    });

    it("projects the partitions of the events' table from the names of the objects", async () => {
        const { parameters } = resource(await planOf("dev"), "aws:glue/catalogTable:CatalogTable", "events-table")
            .inputs as {
            parameters: Record<string, string>;
        };

        assert.equal(
            parameters["storage.location.template"],
            "s3://quartet-dev-events-111111111111/events/year=${year}/month=${month}/day=${day}/hour=${hour}/",
        );
        assert.equal(parameters["projection.enabled"], "true");
        assert.equal(parameters["projection.month.digits"], "2");
    });
});

/** The settings of each API's stage. */
function settingsOf(plan: Plan): Record<string, unknown> {
    const settings = resourcesOfType(plan, "aws:apigateway/methodSettings:MethodSettings").map(({ name, inputs }) => [
        ...[name.replace(/-settings$/, ""), inputs.settings],
    ]);
    return Object.fromEntries(settings);
}

/** The settings of a stage with these limits. */
function limited(throttlingRateLimit: number, throttlingBurstLimit: number) {
    const logged = { dataTraceEnabled: false, loggingLevel: "ERROR", metricsEnabled: true };
    return { ...logged, throttlingBurstLimit, throttlingRateLimit };
}
