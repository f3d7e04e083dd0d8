import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ContainerImage } from "../../components/support/containerImage";
import { Encryption } from "../../components/support/encryption";
import { FargateTask, type FargateTaskArgs } from "../../components/support/fargateTask";
import type { Statement } from "../../components/support/policy";
import { ENTRY_LABEL } from "../../local/services/ecs/containerDefinitions";
import { toTaskDefinition } from "../../local/services/ecs/taskDefinition";
import type { Plan } from "../../plan/types";
import { resource, resourcesOfType, statements } from "../support/plans";
import { operations } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";

const entry = "handlers/shared/authorizeTokens.ts";
const ecs = "arn:aws:ecs:eu-west-1:111111111111";
const roleArn = (purpose: string) => `arn:aws:iam::111111111111:role/quartet-dev-work-${purpose}`;
const read: Statement = {
    Effect: "Allow",
    Action: "dynamodb:GetItem",
    Resource: "arn:aws:dynamodb:eu-west-1:1:table/t",
};

/** To be called inside the program of `planOfProgram`. */
function task(more: Partial<FargateTaskArgs> & { readonly architecture?: "ARM64" | "X86_64" } = {}): FargateTask {
    const { encryption } = more.operations ?? operations();
    const { architecture, ...args } = more;
    const image = new ContainerImage("image", { entry, encryption, architecture });
    return new FargateTask("work", { image, operations: { ...operations(), encryption }, ...args });
}

const planOfTask = (more: Parameters<typeof task>[0] = {}) => planOfProgram(() => void task(more));

function definition(plan: Plan) {
    return resource(plan, "aws:ecs/taskDefinition:TaskDefinition", "work-task");
}

function container(plan: Plan): any {
    return JSON.parse(definition(plan).inputs.containerDefinitions as string)[0];
}

describe("a Fargate task", () => {
    it("is of the smallest size on ARM64 unless told otherwise, with roles of its own", async () => {
        const plan = await planOfTask();

        const { containerDefinitions, ...inputs } = definition(plan).inputs;
        assert.deepEqual(inputs, {
            family: "quartet-dev-work",
            requiresCompatibilities: ["FARGATE"],
            networkMode: "awsvpc",
            cpu: "256",
            memory: "512",
            runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
            taskRoleArn: roleArn("role"),
            executionRoleArn: roleArn("execution"),
            volumes: [{ name: "scratch" }],
        });
        assert.equal(JSON.parse(containerDefinitions as string).length, 1);
    });

    it("has the size and the processors told", async () => {
        const { inputs } = definition(await planOfTask({ cpu: 1024, memory: 4096, architecture: "X86_64" }));

        assert.deepEqual(
            [inputs.cpu, inputs.memory, inputs.runtimePlatform],
            ["1024", "4096", { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" }],
        );
    });

    it("runs its image as an ordinary user without capabilities, who can write temporary files alone", async () => {
        const plan = await planOfTask({ environment: { TABLE: pulumi.output("orders") }, command: ["once"] });

        const { imageTag } = resource(plan, "awsx:ecr:Image", "image-image").inputs;
        const { dockerLabels, ...rest } = container(plan);
        assert.deepEqual(rest, {
            name: "work",
            image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/quartet-dev-image:${imageTag}`,
            essential: true,
            command: ["once"],
            environment: [{ name: "TABLE", value: "orders" }],
            user: "65532",
            readonlyRootFilesystem: true,
            mountPoints: [{ sourceVolume: "scratch", containerPath: "/tmp", readOnly: false }],
            linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
            stopTimeout: 30,
            logConfiguration: {
                logDriver: "awslogs",
                options: {
                    "awslogs-group": "/aws/ecs/quartet-dev-work",
                    "awslogs-region": "eu-west-1",
                    "awslogs-stream-prefix": "work",
                    mode: "non-blocking",
                    "max-buffer-size": "4m",
                },
            },
        });
        assert.match(dockerLabels[ENTRY_LABEL], /^dist\/image-[0-9a-f]{12}\/index\.js$/);
    });

    it("is one that the local run can start, from a file that exists", async () => {
        const { containers, cpu } = toTaskDefinition(definition(await planOfTask({ stopTimeout: 60 })));

        const [{ entry: file, stopTimeoutSeconds, readonlyRootFilesystem, writableVolume }] = containers;
        assert.deepEqual([cpu, stopTimeoutSeconds, readonlyRootFilesystem, writableVolume], ["256", 60, true, true]);
        assert.ok(fs.existsSync(file!));
    });

    it("is defined only once its image, its log group and its roles' policies are there", async () => {
        const plan = await planOfTask({ allow: [read] });

        for (const [type, name] of [
            ["awsx:ecr:Image", "image-image"],
            ["aws:cloudwatch/logGroup:LogGroup", "work-logs"],
            ["aws:iam/rolePolicy:RolePolicy", "work-role-policy"],
            ["aws:iam/rolePolicy:RolePolicy", "work-execution-policy"],
        ]) {
            assert.ok(definition(plan).dependsOn.includes(resource(plan, type, name).urn), name);
        }
    });

    it("lets its program do what is named and nothing else", async () => {
        const plan = await planOfTask({ allow: [read] });

        const policy = resource(plan, "aws:iam/rolePolicy:RolePolicy", "work-role-policy");
        assert.deepEqual(statements(policy.inputs.policy), [read]);
        assert.equal(policy.inputs.role, "quartet-dev-work-role");
        const names = resourcesOfType(await planOfTask(), "aws:iam/rolePolicy:RolePolicy").map(({ name }) => name);
        assert.deepEqual(names, ["work-execution-policy"]);
    });

    it("lets ECS pull images of its repository alone, and write to its log group alone", async () => {
        const plan = await planOfTask();

        const policy = resource(plan, "aws:iam/rolePolicy:RolePolicy", "work-execution-policy");
        assert.equal(policy.inputs.role, "quartet-dev-work-execution");
        assert.deepEqual(statements(policy.inputs.policy), [
            { Sid: "LogInToRegistry", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
            {
                Sid: "PullImage",
                Effect: "Allow",
                Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                Resource: "arn:aws:ecr:eu-west-1:111111111111:repository/quartet-dev-image",
            },
            {
                Sid: "WriteLog",
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/ecs/quartet-dev-work:*",
            },
        ]);
    });

    it("lends its roles to tasks of this account alone", async () => {
        const roles = resourcesOfType(await planOfTask(), "aws:iam/role:Role");

        assert.deepEqual(
            roles.map(({ inputs }) => inputs.name),
            ["quartet-dev-work-role", "quartet-dev-work-execution"],
        );
        for (const { inputs } of roles) {
            assert.deepEqual(statements(inputs.assumeRolePolicy), [
                {
                    Effect: "Allow",
                    Principal: { Service: "ecs-tasks.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
                },
            ]);
        }
    });

    it("lets others start it in its cluster, with its roles, and stop tasks there", async () => {
        const allowed: Statement[] = [];

        await planOfProgram(() => {
            const work = task();
            allowed.push(...work.allowRun(), ...work.allowStop());
        });

        const inCluster = { ArnEquals: { "ecs:cluster": `${ecs}:cluster/quartet-dev-work` } };
        assert.deepEqual(allowed, [
            {
                Sid: "RunTask",
                Effect: "Allow",
                Action: "ecs:RunTask",
                Resource: `${ecs}:task-definition/quartet-dev-work:*`,
                Condition: inCluster,
            },
            {
                Sid: "PassRolesToTask",
                Effect: "Allow",
                Action: "iam:PassRole",
                Resource: [roleArn("role"), roleArn("execution")],
                Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
            {
                Sid: "StopTask",
                Effect: "Allow",
                Action: "ecs:StopTask",
                Resource: `${ecs}:task/quartet-dev-work/*`,
                Condition: inCluster,
            },
        ]);
    });

    it("has the names that it tells, known before anything is deployed", async () => {
        const told: string[] = [];

        const plan = await planOfProgram(() => {
            const { clusterArn, clusterName, familyName, roleArn: own, executionRoleArn } = task();
            told.push(clusterArn, clusterName, familyName, own, executionRoleArn);
        });

        const cluster = resource(plan, "aws:ecs/cluster:Cluster", "work-cluster");
        assert.deepEqual(told, [
            ...[cluster.outputs.arn, cluster.inputs.name, definition(plan).outputs.family],
            ...["work-role", "work-execution"].map((name) => resource(plan, "aws:iam/role:Role", name).outputs.arn),
        ]);
        assert.deepEqual(cluster.inputs.settings, [{ name: "containerInsights", value: "enabled" }]);
    });

    it("encrypts its log by the customer key, which no role needs for it", async () => {
        const plan = await planOfProgram(() => {
            const encryption = new Encryption("encryption", { mode: "customer-key" });
            task({ operations: { ...operations(), encryption } });
            encryption.createKey();
        });

        const { inputs, outputs } = resource(plan, "aws:kms/key:Key", "encryption-key");
        assert.equal(resource(plan, "aws:cloudwatch/logGroup:LogGroup", "work-logs").inputs.kmsKeyId, outputs.arn);
        const [administration, logs, ...others] = statements(inputs.policy) as Statement[];
        assert.equal(administration.Sid, "Administration");
        assert.deepEqual(logs.Condition, {
            ArnEquals: {
                "kms:EncryptionContext:aws:logs:arn": [
                    "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/ecs/quartet-dev-work",
                ],
            },
        });
        assert.deepEqual(others, []);
    });

    it("belongs to its component with all of its parts", async () => {
        const { resources } = await planOfTask({ allow: [read] });

        const parts = resources.filter(({ custom }) => custom);
        const owner = (type: string, name: string) =>
            resources.find((one) => one.type === type && one.name === name)!.urn;
        const image = owner("quartet:support:ContainerImage", "image");
        const work = owner("quartet:support:FargateTask", "work");
        assert.ok(parts.every(({ name, parent }) => parent === (name.startsWith("image-") ? image : work)));
    });
});

describe("the health check of a Fargate task", () => {
    let folder: string;
    before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"))));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("is there only where a heartbeat is expected, and needs no shell", async () => {
        assert.equal(container(await planOfTask()).healthCheck, undefined);

        const { command, ...times } = container(await planOfTask({ heartbeatSeconds: 90 })).healthCheck;
        assert.deepEqual(command.slice(0, -1), ["CMD", "/nodejs/bin/node", "-e"]);
        assert.deepEqual(times, { interval: 30, timeout: 15, retries: 3, startPeriod: 60 });
    });

    it("succeeds while the heartbeat is young enough, and fails when it is old or missing", async () => {
        const [, , , script] = container(await planOfTask({ heartbeatSeconds: 90 })).healthCheck.command;
        const file = path.join(folder, "heartbeat");
        const beat = (secondsAgo: number) => {
            fs.writeFileSync(file, "");
            fs.utimesSync(file, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo);
        };
        const check = () =>
            execFileSync(process.execPath, ["-e", script.replace("/tmp/heartbeat", file)], { stdio: "ignore" });

        assert.throws(check, { status: 1 });
        beat(80);
        check();
        beat(100);
        assert.throws(check, { status: 1 });
    });
});
