import * as assert from "node:assert/strict";
import { DescribeTasksCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { gone, isAlive } from "../lambda/support/harness";
import { arnOf, containerOf, task, taskOf, worker } from "./support/definitions";
import { clusterArn, prefix, startEcs, type Detail, type EcsServer } from "./support/ecsServer";

const ignoresSigterm = `process.on("SIGTERM", () => console.log("no")); ${worker}`;
const handlesSigterm = `process.on("SIGTERM", () => { console.log("bye"); process.exit(5); }); ${worker}`;
const grandchild = `
    const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    child.once("spawn", () => { console.log("pid " + child.pid); process.exit(0); });`;

describe("ECS tasks", () => {
    let server: EcsServer;

    before(async () => {
        server = await startEcs([
            task("good", 'console.log("one\\ntwo"); process.stdout.write("three");'),
            task("bad", "process.exit(3);"),
            task("crash", 'process.kill(process.pid, "SIGSEGV");'),
            task("hungry", "global.kept = Buffer.alloc(3e8, 1); setInterval(() => {}, 1000);", { memory: 128 }),
            task("worker", worker),
            task("stubborn", ignoresSigterm, { stopTimeout: 0 }),
            task("polite", handlesSigterm),
            task("parent", grandchild),
            taskOf("unlabelled", [containerOf({ name: "main" })]),
            taskOf("missing", [containerOf({ dockerLabels: { "quartet.local.entry": "dist/none.js" } })]),
            withSidecar("sidecar"),
        ]);
    });
    after(() => server.close());

    it("ends a task whose program ends, with exit code 0 and the reason that its essential container exited", async () => {
        const end = await server.stopped(await server.run("good"));

        assert.equal(end.stopCode, "EssentialContainerExited");
        assert.equal(end.stoppedReason, "Essential container in task exited");
        assert.equal(end.containers[0].exitCode, 0);
        assert.equal(end.containers[0].reason, undefined);
    });

    it("tells each state once, in order, in the shape of EventBridge's events", async () => {
        const { taskArn } = await server.run("good", { startedBy: "order/1" });
        await server.stopped({ taskArn });

        const own = server.entries.filter(({ detail }) => detail.taskArn === taskArn);

        const states = own.map(({ detail }) => `${detail.version} ${detail.lastStatus} ${detail.desiredStatus}`);
        assert.deepEqual(states, [
            "1 PROVISIONING RUNNING",
            "2 PENDING RUNNING",
            "3 RUNNING RUNNING",
            "4 STOPPED STOPPED",
        ]);
        const { detail, ...entry } = own[3];
        assert.deepEqual(
            { ...entry, time: undefined },
            { source: "aws.ecs", "detail-type": "ECS Task State Change", resources: [taskArn], time: undefined },
        );
        assert.equal(detail.clusterArn, clusterArn);
        assert.equal(detail.taskDefinitionArn, arnOf("good"));
        assert.deepEqual([detail.group, detail.startedBy, detail.launchType], ["family:good", "order/1", "FARGATE"]);
        assert.deepEqual(detail.overrides, { containerOverrides: [{ name: "main" }] });
        assert.match(detail.stoppedAt, /^\d{4}-.*Z$/);
    });

    it("tells the exit code of a program that failed", async () => {
        const end = await server.stopped(await server.run("bad"));

        assert.equal(end.containers[0].exitCode, 3);
        assert.equal(end.stopCode, "EssentialContainerExited");
    });

    it("tells 128 and the signal's number for a program that a signal ended", async () => {
        const end = await server.stopped(await server.run("crash"));

        assert.equal(end.containers[0].exitCode, 139);
    });

    it("kills a container that takes more memory than it may, with exit code 137 and ECS's reason", async function () {
        if (process.platform === "win32") this.skip();

        const end = await server.stopped(await server.run("hungry"));

        assert.equal(end.containers[0].exitCode, 137);
        assert.equal(end.containers[0].reason, "OutOfMemoryError: Container killed due to memory usage");
        assert.equal(end.stopCode, "EssentialContainerExited");
    });

    it("lets a program that handles SIGTERM end as it likes when its task is stopped", async () => {
        const { taskArn } = await server.run("polite");
        await running(taskArn!);

        const { task: answer } = await server.client.send(
            new StopTaskCommand({ cluster: "shop", task: taskArn, reason: "enough" }),
        );

        assert.equal(answer?.desiredStatus, "STOPPED");
        const end = await server.stopped({ taskArn });
        assert.deepEqual([end.stopCode, end.stoppedReason], ["UserInitiated", "enough"]);
        assert.equal(end.containers[0].exitCode, 5);
        assert.ok(server.lines.all.includes("bye"));
    });

    it("kills a program that ignores SIGTERM when its stopTimeout is over, and leaves no process", async () => {
        const { taskArn } = await server.run("stubborn");
        const pid = await running(taskArn!);

        await server.client.send(new StopTaskCommand({ cluster: "shop", task: taskArn }));

        const end = await server.stopped({ taskArn });
        assert.equal(end.containers[0].exitCode, 137);
        assert.equal(isAlive(pid), false);
    });

    it("ends what a program left running", async () => {
        const stop = server.stopped(await server.run("parent"));
        const line = await server.lines.next((text) => text.startsWith("pid ") && !seen.has(text));

        await stop;

        await gone(Number(line.slice(4)));
    });

    for (const [family, reason] of [
        ["unlabelled", /^CannotPullContainerError: .*shop:1.*quartet\.local\.entry/],
        ["missing", /^CannotPullContainerError: .*none\.js.* does not exist/],
    ] as const) {
        it(`does not start a task whose image nothing stands for (${family}), and tells no exit code`, async () => {
            const end = await server.stopped(await server.run(family));

            assert.equal(end.stopCode, "TaskFailedToStart");
            assert.match(end.stoppedReason, reason);
            assert.match(end.containers[0].reason, reason);
            assert.equal("exitCode" in end.containers[0], false);
            assert.equal("startedAt" in end, false);
        });
    }

    it("ends the other containers when an essential one exits, and not when another one does", async () => {
        const { taskArn } = await server.run("sidecar");
        const line = await server.lines.next((text) => text.startsWith("main "));
        const others = (detail: Detail) => detail.containers.map(({ lastStatus }: Detail) => lastStatus).join();
        await server.events.next((detail) => others(detail) === "RUNNING,STOPPED,RUNNING");

        process.kill(Number(line.slice(5)), "SIGKILL");

        const end = await server.stopped({ taskArn });
        const codes = end.containers.map(({ name, exitCode }: Detail) => [name, exitCode]);
        assert.deepEqual(codes, [
            ["main", 137],
            ["second", 0],
            ["third", 143],
        ]);
    });

    it("describes a task that stopped, and reports one that never was as missing", async () => {
        const { taskArn } = await server.run("good");
        await server.stopped({ taskArn });
        const unknown = `${prefix}task/shop/0123`;

        const { tasks, failures } = await server.client.send(
            new DescribeTasksCommand({ cluster: clusterArn, tasks: [taskArn!, "0123"] }),
        );

        assert.equal(tasks?.[0].lastStatus, "STOPPED");
        assert.ok(tasks[0].stoppedAt instanceof Date);
        assert.deepEqual(failures, [{ arn: unknown, reason: "MISSING" }]);
    });

    /** Lines that were waited for already. */
    const seen = new Set<string>();

    /** Waits until a task's program runs; its process id. */
    async function running(taskArn: string): Promise<number> {
        await server.events.next((detail) => detail.taskArn === taskArn && detail.lastStatus === "RUNNING");
        const line = await server.lines.next((text) => text.startsWith("pid ") && !seen.has(text));
        seen.add(line);
        return Number(line.slice(4));
    }
});

/** An essential container that tells its process id and goes on, one that ends at once, and one that goes on. */
function withSidecar(family: string) {
    const script = (source: string) => {
        const { inputs } = task("unused", source);
        return JSON.parse(inputs.containerDefinitions as string)[0].dockerLabels;
    };
    return taskOf(family, [
        containerOf({ dockerLabels: script('console.log("main " + process.pid); setInterval(() => {}, 1000);') }),
        containerOf({ name: "second", essential: false, dockerLabels: script("") }),
        containerOf({ name: "third", essential: false, dockerLabels: script("setInterval(() => {}, 1000);") }),
    ]);
}
