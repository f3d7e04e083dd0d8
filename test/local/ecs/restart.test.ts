import * as assert from "node:assert/strict";
import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { gone, isAlive } from "../lambda/support/harness";
import { task, worker } from "./support/definitions";
import { startEcs } from "./support/ecsServer";

const stubborn = `process.on("SIGTERM", () => {}); ${worker}`;

describe("tasks at the end of a run", () => {
    let dataDir: string;

    beforeEach(() => {
        dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "ecs-restart-"));
    });
    afterEach(() => fs.rmSync(dataDir, { recursive: true }));

    it("are ended within a second and a half, also when they ignore SIGTERM, and told by the next run, once", async () => {
        const first = await startEcs([task("worker", stubborn)], { dataDir });
        const { taskArn } = await first.run("worker");
        const line = await first.lines.next((text) => text.startsWith("pid "));
        const told = first.events.all.length;
        const begun = performance.now();

        await first.close(true);

        assert.ok(performance.now() - begun < 1_500);
        assert.equal(isAlive(Number(line.slice(4))), false);
        assert.equal(first.events.all.length, told);
        const second = await startEcs([], { dataDir });
        await second.close(true);
        const third = await startEcs([], { dataDir });
        await third.close(true);
        assert.deepEqual(third.events.all, []);
        const [{ resources, detail }] = second.entries;
        assert.deepEqual(resources, [taskArn]);
        assert.deepEqual([detail.lastStatus, detail.stopCode], ["STOPPED", "TerminationNotice"]);
        assert.equal(detail.stoppedReason, "The local run ended.");
        assert.equal(detail.containers[0].exitCode, 137);
    });

    it("leave nothing to tell when they stopped before", async () => {
        const first = await startEcs([task("quick", "")], { dataDir });
        await first.stopped(await first.run("quick"));
        await first.close(true);

        const second = await startEcs([], { dataDir });
        await second.close(true);

        assert.deepEqual(second.events.all, []);
        assert.deepEqual(fs.readdirSync(path.join(dataDir, "ecs", "tasks")), []);
    });

    it("are ended by SIGKILL when the run is killed, and told by the next one", async function () {
        if (process.platform === "win32") this.skip();
        const file = path.join(__dirname, "support", "run.ts");
        const register = path.join(process.cwd(), "tools", "register.cjs");
        const run = childProcess.spawn(process.execPath, ["--require", register, file, dataDir], {
            stdio: ["ignore", "pipe", "inherit"],
            // What a killed process leaves goes with the folder.
            env: { ...process.env, TMPDIR: dataDir },
        });
        const [text] = (await nextLine(run.stdout)) as [string];
        const { taskArn, pid } = JSON.parse(text);

        run.kill("SIGKILL");

        await gone(pid);
        const next = await startEcs([], { dataDir });
        await next.close(true);
        const [detail] = next.events.all;
        assert.deepEqual([detail.taskArn, detail.lastStatus, detail.version], [taskArn, "STOPPED", 4]);
        assert.deepEqual([detail.stopCode, detail.containers[0].exitCode], ["TerminationNotice", 137]);
    });
});

function nextLine(stream: NodeJS.ReadableStream): Promise<unknown[]> {
    const lines = readline.createInterface({ input: stream });
    return new Promise((resolve, reject) => {
        lines.once("line", (line) => resolve([line]));
        lines.once("close", () => reject(new Error("The run ended before its task ran.")));
    });
}
