import * as assert from "node:assert/strict";
import { API, component, costOf, functionArn, item, lambdaFunction, near, system } from "./support/costPlan";

describe("the cost of a stack's resources", () => {
    it("has, without a call, what schedules run, alarms, dashboards with their own metrics, keys and firewalls", () => {
        const body = {
            widgets: [
                {
                    properties: {
                        metrics: [
                            ["mine", "A"],
                            ["mine", "B"],
                            ["AWS/Lambda", "Errors"],
                        ],
                    },
                },
            ],
        };
        const resources = [
            ...[component("ops"), lambdaFunction("sweep", "ops", { tracingConfig: { mode: "Active" } })],
            {
                type: "aws:cloudwatch/eventRule:EventRule",
                name: "rule",
                parent: "ops",
                inputs: { name: "every", scheduleExpression: "rate(2 minutes)" },
            },
            {
                type: "aws:cloudwatch/eventTarget:EventTarget",
                name: "target",
                parent: "ops",
                inputs: { rule: "every", arn: functionArn("sweep") },
            },
            {
                type: "aws:cloudwatch/logGroup:LogGroup",
                name: "logs",
                parent: "ops",
                inputs: { name: "/aws/lambda/sweep", retentionInDays: 73 },
            },
            { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "one", parent: "ops", inputs: { metricName: "A" } },
            {
                type: "aws:cloudwatch/metricAlarm:MetricAlarm",
                name: "three",
                parent: "ops",
                inputs: { metricQueries: [{ metric: {} }, { metric: {} }, { metric: {} }, { expression: "a+b" }] },
            },
            {
                type: "aws:cloudwatch/dashboard:Dashboard",
                name: "board",
                parent: "ops",
                inputs: { dashboardBody: JSON.stringify(body) },
            },
            { type: "aws:kms/key:Key", name: "key", parent: "ops" },
            { type: "aws:wafv2/webAcl:WebAcl", name: "acl", parent: "ops", inputs: { rules: [{}, {}] } },
        ];

        const cost = costOf(resources, {}, { scheduleMs: 1000, runLogBytes: 1e6, logCompression: 0.5 });

        const units = Object.fromEntries(
            system(cost, "ops").items.map(({ service, unit, fixedUsd }) => [`${service} ${unit}`, fixedUsd]),
        );
        // 21,900 runs of 1 s and 0.5 GB; each a trace; 21.9 GB of logs, of which half lies there for 2.4 months.
        near(units["lambda request"], 0.00438);
        near(units["lambda GB-second"], 21_900 * 0.5 * 0.0000133334);
        near(units["lambda trace"], 0.1095);
        near(units["cloudwatch GB"], 10.95);
        near(units["cloudwatch GB-month"], 21.9 * 0.5 * 2.4 * 0.03);
        near(units["cloudwatch alarm-metric-month"], 0.4);
        near(units["cloudwatch dashboard-month"], 3);
        near(units["cloudwatch metric-month"], 0.6);
        near(units["kms key-month"], 1);
        near(units["wafv2 web ACL-month"] + units["wafv2 rule-month"], 7);
        assert.equal(system(cost, "ops").perMillionCallsUsd, undefined, "it has no API");
    });

    it("has the minute of a Fargate task for each piece of work, or the hours of a service, at their own size", () => {
        const task = (service: boolean) => [
            ...API,
            {
                type: "aws:ecs/taskDefinition:TaskDefinition",
                name: "task",
                parent: "shop",
                outputs: { arn: "task-arn" },
                inputs: { cpu: "1024", memory: "2048", runtimePlatform: { cpuArchitecture: "ARM64" } },
            },
            {
                type: "awsx:ec2:Vpc",
                name: "vpc",
                parent: "shop",
                custom: false,
                remote: true as const,
                inputs: { natGateways: { strategy: "None" }, subnetSpecs: [{ type: "Public" }] },
            },
            ...(service
                ? [
                      {
                          type: "aws:ecs/service:Service",
                          name: "service",
                          parent: "shop",
                          inputs: {
                              name: "worker",
                              taskDefinition: "task-arn",
                              desiredCount: 1,
                              networkConfiguration: { assignPublicIp: false },
                          },
                      },
                  ]
                : []),
        ];
        const work = { f: { task: { tasks: 1 } } };
        const load = { taskSeconds: 18, taskStartSeconds: 10, taskConcurrency: 10, taskBursts: 0 };

        // 1e6 x 60 s are 16,666.67 h of 1 vCPU and 2 GB, with an address.
        const each = costOf(task(false), { work }, load);
        near(item(each, "shop", "ecs", "vCPU-hour"), (1e6 / 60) * 0.03238);
        near(item(each, "shop", "ecs", "GB-hour"), (1e6 / 60) * 2 * 0.00356);
        near(item(each, "shop", "ecs", "address-hour"), (1e6 / 60) * 0.005);
        // At least one task all month; 1e6 x 18 s / 10 are 500 of its 730 h, without an address.
        const warm = costOf(task(true), { work }, load);
        near(system(warm, "shop").items.find(({ unit }) => unit === "vCPU-hour")!.fixedUsd, 730 * 0.03238);
        near(item(warm, "shop", "ecs", "vCPU-hour"), 0);
        assert.ok(!system(warm, "shop").items.some(({ unit }) => unit === "address-hour"));
    });

    it("has interface endpoints by zone and NAT gateways by the strategy of the network, and gateways for nothing", () => {
        const endpoint = (name: string, inputs: object) => ({
            type: "aws:ec2/vpcEndpoint:VpcEndpoint",
            name,
            parent: "net",
            inputs: { ...inputs },
        });
        const vpc = (strategy?: string) => [
            component("net"),
            {
                type: "awsx:ec2:Vpc",
                name: "vpc",
                parent: "net",
                custom: false,
                remote: true as const,
                inputs: { availabilityZoneNames: ["a", "b"], ...(strategy && { natGateways: { strategy } }) },
            },
        ];

        const endpoints = costOf([
            component("net"),
            ...[
                endpoint("one", { vpcEndpointType: "Interface", subnetIds: ["a", "b"] }),
                endpoint("two", { vpcEndpointType: "Gateway" }),
            ],
        ]);

        near(system(endpoints, "net").fixedUsd, 2 * 730 * 0.01);
        near(costOf(vpc("None")).monthUsd, 0);
        near(costOf(vpc("Single")).monthUsd, 730 * (0.045 + 0.005));
        near(costOf(vpc()).monthUsd, 2 * 730 * (0.045 + 0.005));
    });

    it("stores what stages, tasks, firewalls and networks log where the plan sends it, and the access logs of buckets", () => {
        const logGroup = (name: string) => ({
            ...{ type: "aws:cloudwatch/logGroup:LogGroup", name, parent: "shop" },
            inputs: { name, retentionInDays: 73 },
        });
        const arn = (name: string) => `arn:aws:logs:eu-west-1:111111111111:log-group:${name}`;
        const given = (type: string, inputs: object) => ({
            ...{ type, name: type, parent: "shop", inputs: { ...inputs } },
        });
        const resources = [
            ...[...API, logGroup("api-log"), logGroup("task-log"), logGroup("acl-log"), logGroup("net-log")],
            given("aws:apigateway/stage:Stage", {
                ...{ restApi: "api", accessLogSettings: { destinationArn: arn("api-log") } },
            }),
            given("aws:wafv2/webAclAssociation:WebAclAssociation", {
                ...{ webAclArn: "acl", resourceArn: "arn:aws:apigateway:eu-west-1::/restapis/api/stages/dev" },
            }),
            given("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {
                ...{ resourceArn: "acl", logDestinationConfigs: [arn("acl-log")] },
            }),
            given("aws:ec2/flowLog:FlowLog", { logDestination: arn("net-log") }),
            { ...given("aws:ecs/taskDefinition:TaskDefinition", TASK), name: "task" },
            { ...given("aws:s3/bucket:Bucket", {}), name: "bucket" },
            given("aws:s3/bucketLogging:BucketLogging", { bucket: "bucket", targetBucket: "logs", targetPrefix: "x/" }),
        ];
        const work = { f: { task: { tasks: 1 }, bucket: { writes: 1, reads: 1 } } };

        const cost = costOf(
            resources,
            { work },
            {
                ...{ accessLogBytes: 1000, taskLogBytes: 2000, flowLogBytes: 4000, storageMonths: 10 },
                ...{ firewallLoggedShare: 0.5, firewallLogBytes: 16_000, logCompression: 0.5 },
            },
        );

        // 1 + 2 + 8 + 4 GB come in; half of it lies there for 73 days of 30.41667.
        near(item(cost, "shop", "cloudwatch", "GB"), 15 * 0.5);
        near(item(cost, "shop", "cloudwatch", "GB-month"), 15 * 0.5 * 2.4 * 0.03);
        // Two lines of 1 kB, for the 10 months for which nothing expires them.
        near(item(cost, "shop", "s3", "GB-month"), 20 * 0.023);
    });

    it("has DPUs and rows of databases, images in ECR, and Container Insights while there are tasks", () => {
        const lifecycle = { rules: [{ selection: { countType: "imageCountMoreThan", countNumber: 7 } }] };
        const insights = { settings: [{ name: "containerInsights", value: "enabled" }] };
        const resources = [
            ...API,
            { type: "aws:dsql/cluster:Cluster", name: "db", parent: "shop" },
            { type: "aws:ecr/repository:Repository", name: "images", parent: "shop" },
            {
                ...{ type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", name: "lifecycle", parent: "shop" },
                inputs: { repository: "images", policy: JSON.stringify(lifecycle) },
            },
            { type: "aws:ecs/cluster:Cluster", name: "cluster", parent: "shop", inputs: insights },
            { type: "aws:ecs/taskDefinition:TaskDefinition", name: "task", parent: "shop", inputs: TASK },
        ];
        const work = { f: { db: { transactions: 3, bytes: 1000 }, task: { tasks: 0.0219 } } };

        const cost = costOf(resources, { work }, { dpusPerTransaction: 0.2, storageMonths: 10, imageGb: 0.5 });

        near(item(cost, "shop", "dsql", "DPU"), 600_000 * 0.000008);
        near(item(cost, "shop", "dsql", "GB-month"), 10 * 0.33);
        near(system(cost, "shop").fixedUsd, 7 * 0.5 * 0.1);
        // 21,900 tasks of a minute are 365 h, half of the month, of 25 metrics.
        near(item(cost, "shop", "ecs", "metric-month"), 0.5 * 25 * 0.3);
    });
});

const TASK = {
    ...{ cpu: "256", memory: "512" },
    containerDefinitions: JSON.stringify([{ logConfiguration: { options: { "awslogs-group": "task-log" } } }]),
};
