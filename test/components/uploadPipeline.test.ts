import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { DATABASE_ROLES } from "../../handlers/uploadPipeline/database/roles";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType } from "../support/plans";

describe("UploadPipeline", () => {
    let dev: Plan;
    let prod: Plan;
    before(async () => {
        [dev, prod] = [await planOf("dev"), await planOf("prod")];
    });

    const queue = (plan: Plan, name = "uploads-queue") => resource(plan, "aws:sqs/queue:Queue", name);
    const functionOf = (plan: Plan, purpose: string) =>
        resource(plan, "aws:lambda/function:Function", `uploads-${purpose}-function`);
    const variables = (plan: Plan, purpose: string) =>
        (functionOf(plan, purpose).inputs.environment as { variables: Record<string, string> }).variables;

    it("hands messages to the worker five at a time, and takes back those that failed, alone", () => {
        const mapping = resource(dev, "aws:lambda/eventSourceMapping:EventSourceMapping", "uploads-promote-messages");

        assert.deepEqual(mapping.inputs, {
            eventSourceArn: "arn:aws:sqs:eu-west-1:111111111111:quartet-dev-uploads-queue",
            functionName: "quartet-dev-uploads-promote",
            batchSize: 5,
            functionResponseTypes: ["ReportBatchItemFailures"],
            scalingConfig: { maximumConcurrency: 20 },
        });
        assert.ok(mapping.dependsOn.includes(functionOf(dev, "promote").urn));
    });

    it("hides a message from others for at least six times as long as its worker may run", () => {
        for (const plan of [dev, prod]) {
            const visibility = queue(plan).inputs.visibilityTimeoutSeconds as number;
            const timeout = functionOf(plan, "promote").inputs.timeout as number;

            assert.ok(visibility >= 6 * timeout, `${visibility} s of visibility, ${timeout} s of time-out`);
            assert.ok(visibility <= 43_200, "SQS allows 12 hours");
        }
    });

    it("gives a message up after five deliveries, to a queue that takes letters of this queue alone", () => {
        const letters = queue(dev, "uploads-queue-dead-letters");

        assert.deepEqual(JSON.parse(queue(dev).inputs.redrivePolicy as string), {
            deadLetterTargetArn: "arn:aws:sqs:eu-west-1:111111111111:quartet-dev-uploads-queue-dead-letters",
            maxReceiveCount: 5,
        });
        assert.deepEqual(JSON.parse(letters.inputs.redriveAllowPolicy as string), {
            redrivePermission: "byQueue",
            sourceQueueArns: ["arn:aws:sqs:eu-west-1:111111111111:quartet-dev-uploads-queue"],
        });
        assert.equal(letters.inputs.redrivePolicy, undefined, "a letter is given up once only");
        assert.ok(queue(dev).dependsOn.includes(letters.urn));
    });

    it("keeps messages for 4 days and dead letters for 14, and what arrived for longer than both", () => {
        const days = (name: string) => (queue(dev, name).inputs.messageRetentionSeconds as number) / 86_400;

        assert.deepEqual([days("uploads-queue"), days("uploads-queue-dead-letters")], [4, 14]);
        for (const plan of [dev, prod]) {
            assert.ok(expirations(plan)["temp/"] > 14);
        }
    });

    it("deletes what is left in temp/ and no finished file", () => {
        assert.deepEqual(expirations(dev), { "temp/": 15 });
        assert.deepEqual(expirations(prod), { "temp/": 15 });
    });

    it("lets pages of the config's origins send forms to the bucket, and nothing else", () => {
        const rules = (plan: Plan) =>
            resource(plan, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "uploads-cors").inputs.corsRules;
        const rule = (...allowedOrigins: string[]) => ({
            allowedMethods: ["POST"],
            allowedOrigins,
            allowedHeaders: ["*"],
            exposeHeaders: ["ETag", "Location"],
            maxAgeSeconds: 3600,
        });

        assert.deepEqual(rules(dev), [rule("*")]);
        assert.deepEqual(rules(prod), [rule("https://app.example.com")]);
    });

    it("looks through dead letters every minute, and for what clients left open every five", () => {
        const own = (type: string) => resourcesOfType(dev, type).filter(({ name }) => name.startsWith("uploads-"));
        const expressions = own("aws:cloudwatch/eventRule:EventRule").map(({ inputs }) => [
            inputs.name,
            inputs.scheduleExpression,
        ]);
        const targets = own("aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => [inputs.rule, inputs.arn]);
        const names = ["quartet-dev-uploads-fail-every-minute", "quartet-dev-uploads-sweep-every-5-minutes"];

        assert.deepEqual(expressions.sort(), [
            [names[0], "rate(1 minute)"],
            [names[1], "rate(5 minutes)"],
        ]);
        assert.deepEqual(targets.sort(), [
            [names[0], "arn:aws:lambda:eu-west-1:111111111111:function:quartet-dev-uploads-fail"],
            [names[1], "arn:aws:lambda:eu-west-1:111111111111:function:quartet-dev-uploads-sweep"],
        ]);
    });

    it("waits with each schedule's target until the rule may invoke the function", () => {
        for (const name of ["uploads-fail-every-minute", "uploads-sweep-every-5-minutes"]) {
            const target = resource(dev, "aws:cloudwatch/eventTarget:EventTarget", `${name}-target`);
            const permission = resource(dev, "aws:lambda/permission:Permission", `${name}-invoke`);

            assert.ok(target.dependsOn.includes(permission.urn), name);
        }
    });

    it("maps the role of each function to the database role of its own, once all of them exist", () => {
        const migration = resource(dev, "aws:lambda/invocation:Invocation", "uploads-migration");
        const purposes = ["request", "confirm", "update", "consult", "fail", "sweep"];

        const iamRoles = JSON.parse(variables(dev, "migrate").IAM_ROLES);
        assert.deepEqual(iamRoles, {
            request_upload: "arn:aws:iam::111111111111:role/quartet-dev-uploads-request",
            confirm_upload: "arn:aws:iam::111111111111:role/quartet-dev-uploads-confirm",
            update_status: "arn:aws:iam::111111111111:role/quartet-dev-uploads-update",
            consult_status: "arn:aws:iam::111111111111:role/quartet-dev-uploads-consult",
            fail_upload: "arn:aws:iam::111111111111:role/quartet-dev-uploads-fail",
            sweep_uploads: "arn:aws:iam::111111111111:role/quartet-dev-uploads-sweep",
        });
        assert.deepEqual(Object.keys(iamRoles).sort(), Object.keys(DATABASE_ROLES).sort());
        for (const purpose of purposes) {
            const role = resource(dev, "aws:iam/role:Role", `uploads-${purpose}-role`);
            assert.ok(migration.dependsOn.includes(role.urn), purpose);
        }
        assert.ok(migration.dependsOn.includes(functionOf(dev, "migrate").urn));
    });

    it("migrates the database anew when the migrations, the roles or the cluster change", () => {
        const { inputs } = resource(dev, "aws:lambda/invocation:Invocation", "uploads-migration");
        const triggers = inputs.triggers as Record<string, string>;

        assert.equal(inputs.functionName, "quartet-dev-uploads-migrate");
        assert.deepEqual(Object.keys(triggers).sort(), ["cluster", "migrations", "roles"]);
        assert.match(triggers.migrations, /^[0-9a-f]{64}$/);
        assert.equal(
            triggers.roles,
            crypto.createHash("sha256").update(variables(dev, "migrate").IAM_ROLES).digest("hex"),
        );
        assert.equal(triggers.cluster, variables(dev, "migrate").DATABASE);
    });

    it("reaches the database by its cluster's own address", () => {
        const { identifier } = resource(dev, "aws:dsql/cluster:Cluster", "uploads-database-cluster").outputs;

        assert.match(String(identifier), /^[a-z0-9]{26}$/);
        assert.equal(variables(dev, "request").DATABASE, `${identifier}.dsql.eu-west-1.on.aws:5432`);
    });

    it("gives each function exactly the variables that it needs", () => {
        const given = resourcesOfType(dev, "aws:lambda/function:Function")
            .filter(({ name }) => name.startsWith("uploads-"))
            .map(({ name, inputs }) => [
                name.split("-")[1],
                Object.keys((inputs.environment as { variables: object }).variables)
                    .sort()
                    .join(" "),
            ]);

        assert.deepEqual(Object.fromEntries(given), {
            authorize: "CLIENTS",
            request: "BUCKET CORS_ORIGINS DATABASE KEY_ARN",
            confirm: "BUCKET CORS_ORIGINS DATABASE QUEUE_URL",
            update: "CORS_ORIGINS DATABASE",
            consult: "CORS_ORIGINS DATABASE",
            fail: "DATABASE DEAD_LETTERS_URL",
            sweep: "BUCKET DATABASE QUEUE_URL",
            migrate: "DATABASE IAM_ROLES",
            promote: "BUCKET METRICS_NAMESPACE QUEUE_URL UPDATE_STATUS_URL",
        });
        const { urn } = resource(dev, "aws:apigateway/stage:Stage", "uploads-api-stage");
        assert.ok(functionOf(dev, "promote").dependsOn.includes(urn), "the worker reports to the API's stage");
        assert.equal(variables(dev, "promote").UPDATE_STATUS_URL, `${dev.outputs.uploadPipelineUrl}/update-status`);
    });
});

/** Days until objects are deleted, by prefix. */
function expirations(plan: Plan): Record<string, number> {
    const { rules } = resource(
        plan,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "uploads-lifecycle",
    ).inputs as { rules: { filter: { prefix: string }; expiration?: { days: number } }[] };
    return Object.fromEntries(
        rules.flatMap(({ filter, expiration }) => (expiration ? [[filter.prefix, expiration.days]] : [])),
    );
}
