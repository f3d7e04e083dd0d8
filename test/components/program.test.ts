import * as assert from "node:assert/strict";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType } from "../support/plans";

const names = ({ resources }: Plan) => resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();

const everywhere = [
    "Account api-logging-settings",
    "ApiGatewayAccount api-logging",
    "ApiKey challenge-api-key-blue",
    "ApiKey challenge-api-key-green",
    "Bucket events-bucket",
    "BucketLifecycleConfiguration events-lifecycle",
    "BucketOwnershipControls events-ownership",
    "BucketPolicy events-policy",
    "BucketPublicAccessBlock events-public-access",
    "BucketServerSideEncryptionConfiguration events-encryption",
    "Callback challenge-answer",
    "Callback events-ingest",
    "CatalogDatabase events-database",
    "CatalogTable events-table",
    "ChallengeApi challenge",
    "Dashboard challenge-dashboard",
    "Dashboard events-dashboard",
    "Deployment challenge-api-deployment",
    "Deployment events-api-deployment",
    "Encryption encryption",
    "EventIngest events",
    "Function challenge-answer-function",
    "Function events-ingest-function",
    "HourlyJsonTable events",
    "LogGroup challenge-answer-logs",
    "LogGroup challenge-api-access-logs",
    "LogGroup events-api-access-logs",
    "LogGroup events-ingest-logs",
    "MethodSettings challenge-api-settings",
    "MethodSettings events-api-settings",
    "MetricAlarm challenge-answer-errors",
    "MetricAlarm challenge-answer-throttles",
    "MetricAlarm challenge-api-server-errors",
    "MetricAlarm events-api-server-errors",
    "MetricAlarm events-ingest-errors",
    "MetricAlarm events-ingest-throttles",
    "Permission challenge-api-invoke-any",
    "Permission challenge-api-invoke-any-proxy",
    "Permission events-api-invoke-get-openapi-json",
    "Permission events-api-invoke-options-events",
    "Permission events-api-invoke-options-openapi-json",
    "Permission events-api-invoke-post-events",
    "PrivateBucket events",
    "RestApi challenge-api",
    "RestApi challenge-api-rest",
    "RestApi events-api",
    "RestApi events-api-rest",
    "Role api-logging-role",
    "Role challenge-answer-role",
    "Role events-ingest-role",
    "RolePolicy api-logging-policy",
    "RolePolicy challenge-answer-policy",
    "RolePolicy events-ingest-policy",
    "Stage challenge-api-stage",
    "Stage events-api-stage",
    "UsagePlan challenge-api-plan",
    "UsagePlanKey challenge-api-plan-blue",
    "UsagePlanKey challenge-api-plan-green",
];

const prodOnly = [
    "Alias encryption-alias",
    "BucketVersioning events-versioning",
    "Firewall challenge-firewall",
    "Key encryption-key",
    "WebAcl challenge-firewall-acl",
    "WebAclAssociation challenge-firewall-association",
];

describe("the program", () => {
    it("declares exactly these resources in dev", async () => {
        assert.deepEqual(names(await planOf("dev")), [...everywhere].sort());
    });

    it("declares the same in prod, and the customer key, versions and the firewall", async () => {
        assert.deepEqual(names(await planOf("prod")), [...everywhere, ...prodOnly].sort());
    });

    it("has components only at its top, and every other resource inside one", async () => {
        for (const { resources } of [await planOf("dev"), await planOf("prod")]) {
            const components = new Set(resources.flatMap(({ custom, urn }) => (custom ? [] : [urn])));
            const orphans = resources.filter(({ custom, parent }) => (custom ? !components.has(parent ?? "") : false));

            assert.deepEqual(
                orphans.map(({ name }) => name),
                [],
            );
        }
    });

    it("has the contract's outputs, the keys secret, and no URL with a slash at its end", async () => {
        const { outputs, secretOutputs } = await planOf("dev");

        assert.deepEqual(Object.keys(outputs).sort(), [
            "challengeApiKey",
            "challengeApiKeyOther",
            "challengeApiUrl",
            "eventBucket",
            "eventIngestUrl",
        ]);
        assert.deepEqual(secretOutputs, ["challengeApiKey", "challengeApiKeyOther"]);
        assert.match(
            String(outputs.eventIngestUrl),
            /^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/dev$/,
        );
    });

    it("waits with each function for its role's policy and its log group", async () => {
        const plan = await planOf("dev");

        for (const name of ["events-ingest", "challenge-answer"]) {
            const { dependsOn } = resource(plan, "aws:lambda/function:Function", `${name}-function`);
            assert.ok(dependsOn.includes(resource(plan, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`).urn));
            assert.ok(dependsOn.includes(resource(plan, "aws:cloudwatch/logGroup:LogGroup", `${name}-logs`).urn));
        }
    });

    it("waits with the key for the roles that its policy names, and with each stage for the account's logging role", async () => {
        const plan = await planOf("prod");

        const { dependsOn } = resource(plan, "aws:kms/key:Key", "encryption-key");
        assert.deepEqual(dependsOn, [resource(plan, "aws:iam/role:Role", "events-ingest-role").urn]);
        const account = resource(plan, "aws:apigateway/account:Account", "api-logging-settings").urn;
        resourcesOfType(plan, "aws:apigateway/stage:Stage").forEach(({ name, dependsOn: before }) =>
            assert.ok(before.includes(account), name),
        );
    });

    it("guards the data of prod, and not that of dev", async () => {
        const bucketOf = async (stack: "dev" | "prod") =>
            resource(await planOf(stack), "aws:s3/bucket:Bucket", "events-bucket");

        assert.equal((await bucketOf("prod")).protect, true);
        assert.equal(resource(await planOf("prod"), "aws:kms/key:Key", "encryption-key").protect, true);
        assert.equal((await bucketOf("prod")).inputs.forceDestroy, false);
        assert.equal((await bucketOf("dev")).protect, false);
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

    it("limits the stage and each key of ChallengeApi as the config says", async () => {
        const plan = await planOf("dev");

        const { settings } = resource(
            plan,
            "aws:apigateway/methodSettings:MethodSettings",
            "challenge-api-settings",
        ).inputs;
        assert.deepEqual(settings, {
            dataTraceEnabled: false,
            loggingLevel: "ERROR",
            metricsEnabled: true,
            throttlingBurstLimit: 50,
            throttlingRateLimit: 100,
        });
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
