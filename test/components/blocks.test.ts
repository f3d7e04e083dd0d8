import * as assert from "node:assert/strict";
import { clientAuthorizer } from "../../components/support/clientAuthorizer";
import { DsqlDatabase } from "../../components/support/dsqlDatabase";
import { MessageQueue } from "../../components/support/messageQueue";
import { PrivateBucket } from "../../components/support/privateBucket";
import { schedule } from "../../components/support/schedule";
import type { Plan } from "../../plan/types";
import { resource, resourcesOfType } from "../support/plans";
import { callback, operations, route } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

describe("a callback", () => {
    it("rings the alarm topics on errors and throttles", async () => {
        const plan = await planOfProgram(() => void callback());

        assert.deepEqual(alarms(plan), [
            ["answer-errors", "Errors", ["arn:aws:sns:eu-west-1:111111111111:alarms"]],
            ["answer-throttles", "Throttles", ["arn:aws:sns:eu-west-1:111111111111:alarms"]],
        ]);
    });

    it("rings on throttles alone when its errors are no alarm", async () => {
        const plan = await planOfProgram(() => void callback("answer", { alarmOnErrors: false }));

        assert.deepEqual(
            alarms(plan).map(([, metric]) => metric),
            ["Throttles"],
        );
    });
});

describe("a private bucket", () => {
    const corsOf = async (formOrigins?: string[]) => {
        const plan = await planOfProgram(
            () => void new PrivateBucket("files", { encryption: operations().encryption, formOrigins }),
        );
        return resourcesOfType(plan, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").map(
            ({ inputs }) => inputs.corsRules,
        );
    };

    it("has no CORS unless pages of some origin may send forms", async () => {
        assert.deepEqual(await corsOf(), []);
        assert.deepEqual(await corsOf([]), []);
    });

    it("takes forms of the pages of the origins given, and no other method", async () => {
        const origins = ["https://a.example", "https://b.example"];

        assert.deepEqual(await corsOf(origins), [
            [
                {
                    allowedMethods: ["POST"],
                    allowedOrigins: origins,
                    allowedHeaders: ["*"],
                    exposeHeaders: ["ETag", "Location"],
                    maxAgeSeconds: 3600,
                },
            ],
        ]);
    });
});

describe("a database", () => {
    it("lets a role connect to no cluster but the one that bears its name", async () => {
        const statements: unknown[] = [];

        const plan = await planOfProgram(() => {
            const database = new DsqlDatabase("orders", { encryption: operations().encryption });
            statements.push(database.allowConnect("dsql:DbConnect"), database.allowConnect("dsql:DbConnectAdmin"));
        });

        const connect = (action: string) => ({
            Sid: "ConnectToDatabase",
            Effect: "Allow",
            Action: action,
            Resource: "arn:aws:dsql:eu-west-1:111111111111:cluster/*",
            Condition: { StringEquals: { "aws:ResourceTag/Name": "quartet-dev-orders" } },
        });
        assert.deepEqual(statements, [connect("dsql:DbConnect"), connect("dsql:DbConnectAdmin")]);
        const { inputs } = resource(plan, "aws:dsql/cluster:Cluster", "orders-cluster");
        assert.deepEqual(inputs.tags, { Name: "quartet-dev-orders" });
    });

    it("is guarded against deletion unless told otherwise", async () => {
        const plan = await planOfProgram(
            () => void new DsqlDatabase("orders", { encryption: operations().encryption }),
        );

        const { protect, inputs } = resource(plan, "aws:dsql/cluster:Cluster", "orders-cluster");
        assert.deepEqual([protect, inputs.deletionProtectionEnabled, inputs.forceDestroy], [true, true, false]);
    });
});

describe("a message queue", () => {
    it("rings when its oldest message is as old as told", async () => {
        const plan = await planOfProgram(() => {
            const settings = { visibilitySeconds: 60, mostDeliveries: 3, oldestSeconds: 90 };
            new MessageQueue("jobs", { ...settings, operations: operations() });
        });

        const { inputs } = resource(plan, "aws:cloudwatch/metricAlarm:MetricAlarm", "jobs-oldest-message");
        assert.deepEqual([inputs.threshold, inputs.dimensions], [90, { QueueName: "quartet-dev-jobs" }]);
    });
});

describe("a schedule", () => {
    it("counts one minute in the singular and several in the plural, as EventBridge demands", async () => {
        const expressionOf = async (everyMinutes: number) => {
            const plan = await planOfProgram(() =>
                schedule("tick", { everyMinutes, description: "Ticks", callback: callback() }, {}),
            );
            return resource(plan, "aws:cloudwatch/eventRule:EventRule", "tick-rule").inputs.scheduleExpression;
        };

        assert.equal(await expressionOf(1), "rate(1 minute)");
        assert.equal(await expressionOf(5), "rate(5 minutes)");
    });
});

describe("an authorizer of clients", () => {
    const openIdConnect = {
        issuer: "https://login.example.com",
        audience: "uploads",
        jwksUri: "https://login.example.com/keys",
    };
    const authorizerOf = (more: Partial<Parameters<typeof clientAuthorizer>[1]>) =>
        planOfProgram(() => {
            const clients = { acme: ["0".repeat(64)] };
            clientAuthorizer("who", { routes: [route("authorizer")], clients, operations: operations(), ...more }, {});
        });
    const variables = (plan: Plan) =>
        (resource(plan, "aws:lambda/function:Function", "who-function").inputs.environment as { variables: object })
            .variables;

    it("knows the clients' tokens alone where no issuer is named", async () => {
        const CLIENTS = JSON.stringify({ acme: ["0".repeat(64)] });

        assert.deepEqual(variables(await authorizerOf({})), { CLIENTS });
        assert.deepEqual(variables(await authorizerOf({ openIdConnect: false })), { CLIENTS });
    });

    it("is told the issuer, what its tokens must be for, and where its keys are", async () => {
        const plan = await authorizerOf({ openIdConnect });

        assert.deepEqual(variables(plan), {
            CLIENTS: JSON.stringify({ acme: ["0".repeat(64)] }),
            ISSUER: "https://login.example.com",
            AUDIENCE: "uploads",
            JWKS_URI: "https://login.example.com/keys",
        });
        assert.deepEqual(
            alarms(plan).map(([, metric]) => metric),
            ["Throttles"],
        );
    });
});

function alarms(plan: Plan): unknown[][] {
    return resourcesOfType(plan, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name, inputs }) => [
        ...[name, inputs.metricName, inputs.alarmActions],
    ]);
}
