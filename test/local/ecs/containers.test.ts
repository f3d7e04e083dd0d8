import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { task, taskOf } from "./support/definitions";
import { clusterArn, everything, prefix, roleArn, startEcs, type EcsServer } from "./support/ecsServer";

const sdk = JSON.stringify(require.resolve("@aws-sdk/client-ecs"));
/** Asks ECS about itself, with nothing but what the SDK finds. */
const describesItself = `
    const { ECSClient, DescribeTasksCommand } = require(${sdk});
    fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + "/task").then((answer) => answer.json()).then(async (metadata) => {
        const command = new DescribeTasksCommand({ cluster: metadata.Cluster, tasks: [metadata.TaskARN] });
        const { tasks } = await new ECSClient({}).send(command);
        console.log("self " + tasks[0].taskArn);
    }).catch((error) => console.log(error.name + ": " + error.message));`;
const tellsCredentials = `
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
    const get = async (headers) => { const answer = await fetch(url, { headers }); return [answer.status, await answer.json()]; };
    Promise.all([get({ authorization }), get({ authorization }), get({ authorization: "x" }), get({})]).then((answers) => {
        console.log("answers " + JSON.stringify(answers));
    });`;
const tellsVariables =
    "console.log(JSON.stringify({ env: process.env, argv: process.argv.slice(2), cwd: process.cwd() }));";
const writes = `
    const fs = require("fs");
    const attempt = (folder) => { try { fs.writeFileSync(folder + "/x", ""); return "written"; } catch (error) { return error.code; } };
    console.log("writes " + attempt(__dirname) + " " + attempt(process.env.TMPDIR));`;

describe("containers", () => {
    let server: EcsServer;
    /** How far the clock of ECS is ahead. */
    let ahead = 0;

    before(async () => {
        const environment = [
            { name: "QUEUE_URL", value: "https://sqs.us-east-1.amazonaws.com/1/q" },
            { name: "MODE", value: "one" },
        ];
        const volume = { mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }], readonlyRootFilesystem: true };
        server = await startEcs(
            [
                task("self", describesItself),
                task("credentials", tellsCredentials),
                task("roleless", tellsVariables, {}, { taskRoleArn: undefined }),
                task("variables", tellsVariables, { command: ["a", "b"], environment }),
                task("writable", writes),
                task("readonly", writes, { readonlyRootFilesystem: true }),
                task("volume", writes, volume, { volumes: [{ name: "tmp" }] }),
                task("unfinished", 'process.stdout.write("begun"); console.error("failed");'),
                task("ungrouped", "", { logConfiguration: logTo("/none") }),
                taskOf("unlogged", [
                    {
                        ...JSON.parse(task("x", "console.log('unheard');").inputs.containerDefinitions as string)[0],
                        logConfiguration: undefined,
                    },
                ]),
            ],
            { now: () => Date.now() + ahead },
        );
    });
    after(() => server.close());

    it("give the SDK a session of the task role, named after the task", async () => {
        const { taskArn } = await server.run("self");
        await server.stopped({ taskArn });

        assert.ok(server.lines.all.includes(`self ${taskArn}`), server.lines.all.join("\n"));
    });

    it("may do no more than the task role", async () => {
        await server.allow("task", [{ ...everything, Action: "sqs:*" }]);
        const { taskArn } = await server.run("self");
        await server.stopped({ taskArn });

        const id = taskArn!.split("/").at(-1);
        const refusal = `AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/task/${id} is not authorized`;
        assert.ok(server.lines.all.some((line) => line.startsWith(`${refusal} to perform: ecs:DescribeTasks`)));
        await server.allow("task", [everything]);
    });

    it("get their credentials with the task's own token only, the same ones again, for six hours", async () => {
        await server.stopped(await server.run("credentials"));

        const line = server.lines.all.find((text) => text.startsWith("answers "))!;
        const [[status, body], [, again], [wrong], [without]] = JSON.parse(line.slice(8));
        assert.deepEqual([status, wrong, without], [200, 401, 401]);
        assert.equal(again.Token, body.Token);
        assert.deepEqual(Object.keys(body), ["RoleArn", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"]);
        assert.equal(body.RoleArn, roleArn("task"));
        assert.ok(Math.abs(Date.parse(body.Expiration) - Date.now() - 21_600_000) < 60_000);
    });

    it("get new credentials before the old ones end", async () => {
        const before = server.lines.all.length;
        ahead = 21_600_000 - 600_000;
        await server.stopped(await server.run("credentials"));
        ahead = 0;

        const line = server.lines.all.slice(before).find((text) => text.startsWith("answers "))!;
        const [[, body], [, again]] = JSON.parse(line.slice(8));
        assert.notEqual(again.Token, body.Token);
    });

    it("have their variables, localised and overridden, Fargate's, and nothing of this process's", async () => {
        process.env.ECS_TEST_SECRET = "of this machine";
        const overrides = {
            containerOverrides: [{ name: "main", command: ["c"], environment: [{ name: "MODE", value: "two" }] }],
        };
        const { taskArn } = await server.run("variables", { overrides });
        const end = await server.stopped({ taskArn });
        delete process.env.ECS_TEST_SECRET;

        const { env, argv } = JSON.parse(server.lines.all.find((text) => text.includes('"argv"'))!);
        assert.deepEqual(argv, ["c"]);
        assert.equal(env.QUEUE_URL, "http://127.0.0.1:1/1/q");
        assert.equal(env.MODE, "two");
        assert.equal(env.AWS_EXECUTION_ENV, "AWS_ECS_FARGATE");
        assert.equal(env.AWS_REGION, "us-east-1");
        assert.match(env.AWS_CONTAINER_CREDENTIALS_FULL_URI, /^http:\/\/127\.0\.0\.1:\d+\/v2\/credentials\//);
        assert.equal("ECS_TEST_SECRET" in env, false);
        assert.deepEqual(end.overrides, overrides);
        assert.equal(fs.existsSync(env.TMPDIR), false);
        assert.equal(path.dirname(env.TMPDIR), path.join(server.dataDir, "ecs", "tmp"));
    });

    it("have no credentials without a task role, and are kept from this machine's", async () => {
        const before = server.lines.all.length;
        await server.stopped(await server.run("roleless"));

        const { env } = JSON.parse(server.lines.all.slice(before).find((text) => text.includes('"argv"'))!);
        assert.equal(env.AWS_CONTAINER_CREDENTIALS_FULL_URI, undefined);
        assert.equal(env.AWS_EC2_METADATA_DISABLED, "true");
    });

    for (const [family, outcome] of [
        ["writable", "written written"],
        ["readonly", "ERR_ACCESS_DENIED ERR_ACCESS_DENIED"],
        ["volume", "ERR_ACCESS_DENIED written"],
    ] as const) {
        it(`write where they may (${family})`, async () => {
            const before = server.lines.all.length;
            await server.stopped(await server.run(family));

            assert.deepEqual(server.lines.all.slice(before), [`writes ${outcome}`]);
        });
    }

    it("log whole lines to <prefix>/<container>/<task id>, all of them before the task is told as stopped", async () => {
        const before = server.lines.all.length;
        const { taskArn } = await server.run("unfinished");
        await server.stopped({ taskArn });

        assert.deepEqual(server.lines.all.slice(before).sort(), ["begun", "failed"]);
        assert.ok(server.streams.has(`app/main/${taskArn!.split("/").at(-1)}`));
    });

    it("do not start when their log group is not declared, or the execution role may not create the stream", async () => {
        const ungrouped = await server.stopped(await server.run("ungrouped"));
        await server.allow("execution", []);
        const refused = await server.stopped(await server.run("unfinished"));
        await server.allow("execution", [everything]);

        assert.deepEqual([ungrouped.stopCode, refused.stopCode], ["TaskFailedToStart", "TaskFailedToStart"]);
        assert.match(
            ungrouped.stoppedReason,
            /^ResourceInitializationError: .*The specified log group \/none does not exist/,
        );
        assert.match(
            refused.stoppedReason,
            /^ResourceInitializationError: .*role\/execution.*logs:CreateLogStream on resource: .*:log-group:\/ecs\/shop:log-stream:app\/main\//,
        );
    });

    it("run without a log when the execution role may not put events, which the user is told", async () => {
        await server.allow("execution", [{ ...everything, Action: "logs:CreateLogStream" }]);
        const before = server.lines.all.length;

        const end = await server.stopped(await server.run("unfinished"));

        await server.allow("execution", [everything]);
        assert.equal(end.containers[0].exitCode, 0);
        assert.equal(server.lines.all.length, before);
        assert.match(server.printed.at(-1)!, /^main writes no log: .*logs:PutLogEvents/);
    });

    it("without a log driver run and are not heard", async () => {
        const end = await server.stopped(await server.run("unlogged"));

        assert.equal(end.containers[0].exitCode, 0);
        assert.equal(server.lines.all.includes("unheard"), false);
        assert.equal(end.clusterArn, clusterArn);
        assert.ok(end.taskArn.startsWith(`${prefix}task/shop/`));
    });
});

function logTo(group: string) {
    const options = { "awslogs-group": group, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app" };
    return { logDriver: "awslogs", options };
}
