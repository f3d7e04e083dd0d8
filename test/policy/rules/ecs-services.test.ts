import * as assert from "node:assert/strict";
import { rule as containerInsights } from "../../../policy/rules/ecs/ecs-cluster-container-insights";
import { rule as execLogging } from "../../../policy/rules/ecs/ecs-exec-logging";
import { rule as platformLatest } from "../../../policy/rules/ecs/ecs-fargate-platform-latest";
import { rule as noPublicIp } from "../../../policy/rules/ecs/ecs-no-public-ip";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const cluster = (props: Record<string, unknown>): Declared => ({
    type: "aws:ecs/cluster:Cluster",
    name: "cluster",
    props,
});

const service = (props: Record<string, unknown>, type = "aws:ecs/service:Service"): Declared => ({
    type,
    name: "worker",
    props,
});

const unknown = (name: string, property: string) =>
    `${name} could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

describe("ecs-cluster-container-insights", () => {
    const MESSAGE =
        "cluster does not have Container Insights. Add the setting containerInsights with the value enhanced or enabled to settings.";
    const setting = (value: unknown) => ({ settings: [{ name: "containerInsights", value }] });

    for (const [title, props, findings] of [
        ["takes enabled", setting("enabled"), []],
        ["takes enhanced", setting("enhanced"), []],
        ["takes a single setting", { settings: setting("enabled").settings[0] }, []],
        ["refuses disabled", setting("disabled"), [MESSAGE]],
        ["refuses the default", {}, [MESSAGE]],
        ["refuses another setting", { settings: [{ name: "other", value: "enabled" }] }, [MESSAGE]],
        ["refuses what it can't know", setting(UNKNOWN), [unknown("cluster", "settings.0.value")]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(containerInsights, cluster(props)), findings);
        });
    }
});

describe("ecs-exec-logging", () => {
    const MEND =
        "Set executeCommandConfiguration of the cluster with a kmsKeyId, logging OVERRIDE and an encrypted log.";
    const KEY = `cluster does not encrypt ECS Exec with a customer managed key. ${MEND} [kmsKeyId]`;
    const UNLOGGED = `cluster does not log ECS Exec. ${MEND} [logging]`;
    const PLAIN = (property: string) => `cluster logs ECS Exec without ${property}. ${MEND} [${property}]`;
    const exec = (executeCommandConfiguration: unknown) => ({ configuration: { executeCommandConfiguration } });
    const logs = {
        cloudWatchLogGroupName: "exec",
        cloudWatchEncryptionEnabled: true,
        s3BucketName: UNKNOWN,
        s3BucketEncryptionEnabled: true,
    };

    for (const [title, props, findings] of [
        ["takes a cluster that has no configuration of it", {}, []],
        [
            "takes a key and encrypted logs",
            exec({ kmsKeyId: UNKNOWN, logging: "OVERRIDE", logConfiguration: logs }),
            [],
        ],
        ["takes the log of the task, which is the default", exec({ kmsKeyId: "alias/quartet" }), []],
        ["refuses AWS's keys and no log", exec({ kmsKeyId: "alias/aws/ssm", logging: "NONE" }), [KEY, UNLOGGED]],
        ["refuses no key", exec([{}]), [KEY]],
        [
            "refuses logs that are not encrypted",
            exec({
                kmsKeyId: "alias/quartet",
                logging: "OVERRIDE",
                logConfiguration: {
                    cloudWatchLogGroupName: "exec",
                    s3BucketName: "exec",
                    s3BucketEncryptionEnabled: "false",
                },
            }),
            [PLAIN("cloudWatchEncryptionEnabled"), PLAIN("s3BucketEncryptionEnabled")],
        ],
        [
            "refuses what it can't know, and judges the rest",
            exec({ logging: UNKNOWN, logConfiguration: { s3BucketName: "exec" } }),
            [
                KEY,
                unknown("cluster", "configuration.executeCommandConfiguration.logging"),
                PLAIN("s3BucketEncryptionEnabled"),
            ],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(execLogging, cluster(props)), findings);
        });
    }

    const UNCONFIGURED = `worker allows ECS Exec on a cluster that is not configured for it. ${MEND} [enableExecuteCommand]`;
    const configured = { ...cluster(exec({ kmsKeyId: "alias/quartet" })), outputs: { arn: "arn:cluster" } };

    for (const [title, resources, findings] of [
        [
            "takes a service without ECS Exec",
            [service({ cluster: "arn:cluster" }), service({ enableExecuteCommand: "false" }), cluster({})],
            [],
        ],
        [
            "takes a service on a cluster that is configured for it",
            [service({ cluster: "arn:cluster", enableExecuteCommand: true }), configured],
            [],
        ],
        [
            "takes a new cluster",
            [
                {
                    ...service({ cluster: UNKNOWN, enableExecuteCommand: true }),
                    refers: { cluster: ["cluster"] },
                },
                { ...configured, outputs: { arn: UNKNOWN } },
            ],
            [],
        ],
        [
            "refuses a service on a cluster that is not configured for it",
            [
                service({ cluster: "arn:cluster", enableExecuteCommand: true }),
                { ...cluster({}), outputs: { arn: "arn:cluster", configuration: UNKNOWN } },
            ],
            [UNCONFIGURED],
        ],
        [
            "refuses a service on another cluster",
            [service({ cluster: "arn:other", enableExecuteCommand: true }), configured],
            [UNCONFIGURED],
        ],
        [
            "refuses a service on the account's default cluster",
            [service({ enableExecuteCommand: "true" }), configured],
            [UNCONFIGURED],
        ],
        [
            "refuses a service of which it can't know",
            [service({ enableExecuteCommand: UNKNOWN })],
            [unknown("worker", "enableExecuteCommand")],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judgeStack(execLogging, resources), findings);
        });
    }
});

describe("ecs-no-public-ip", () => {
    const MESSAGE =
        "worker gives its tasks public IP addresses. Set assignPublicIp to false and reach AWS through VPC endpoints or a NAT gateway.";

    for (const [type, inNetwork] of [
        ["aws:ecs/service:Service", (networkConfiguration: unknown) => ({ networkConfiguration })],
        ["aws:ecs/taskSet:TaskSet", (networkConfiguration: unknown) => ({ networkConfiguration })],
        [
            "aws:cloudwatch/eventTarget:EventTarget",
            (networkConfiguration: unknown) => ({ ecsTarget: { networkConfiguration } }),
        ],
        [
            "aws:scheduler/schedule:Schedule",
            (networkConfiguration: unknown) => ({ target: { ecsParameters: { networkConfiguration } } }),
        ],
        [
            "aws:pipes/pipe:Pipe",
            (awsVpcConfiguration: unknown) => ({
                targetParameters: { ecsTaskParameters: { networkConfiguration: { awsVpcConfiguration } } },
            }),
        ],
    ] as const) {
        it(`judges the tasks of ${type}`, async () => {
            const verdict = (props: Record<string, unknown>) => judge(noPublicIp, service(props, type));

            assert.deepEqual(await verdict({}), []);
            assert.deepEqual(await verdict(inNetwork({ subnets: UNKNOWN })), []);
            assert.deepEqual(await verdict(inNetwork({ assignPublicIp: false })), []);
            assert.deepEqual(await verdict(inNetwork({ assignPublicIp: "DISABLED" })), []);
            assert.deepEqual(await verdict(inNetwork({ assignPublicIp: true })), [MESSAGE]);
            assert.deepEqual(await verdict(inNetwork([{ assignPublicIp: "true" }])), [MESSAGE]);
            assert.deepEqual(await verdict(inNetwork({ assignPublicIp: "ENABLED" })), [MESSAGE]);
        });
    }

    it("refuses what it can't know", async () => {
        assert.deepEqual(await judge(noPublicIp, service({ networkConfiguration: { assignPublicIp: UNKNOWN } })), [
            unknown("worker", "networkConfiguration.assignPublicIp"),
        ]);
    });
});

describe("ecs-fargate-platform-latest", () => {
    const MESSAGE = "worker runs on platform version 1.3.0 of Fargate. Leave platformVersion out or set it to LATEST.";

    for (const [title, props, findings] of [
        ["takes the default, which is the latest", {}, []],
        ["takes LATEST", { platformVersion: "LATEST" }, []],
        ["takes 1.4.0", { platformVersion: "1.4.0" }, []],
        ["refuses an older one", { platformVersion: "1.3.0" }, [MESSAGE]],
        ["refuses what it can't know", { platformVersion: UNKNOWN }, [unknown("worker", "platformVersion")]],
    ] as const) {
        it(title, async () => {
            for (const type of ["aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"]) {
                assert.deepEqual(await judge(platformLatest, service(props, type)), findings);
            }
        });
    }
});
