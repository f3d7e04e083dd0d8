import * as assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { projectFolder } from "../support/plans";
import { bucketStore, folderStore, type Store } from "./support/backends";

// A deployment was once killed and left its lock, and each later one was refused.

const KEY = /^\.pulumi\/locks\/organization\/program\/dev\/[0-9a-f-]{36}\.json$/;

for (const [kind, startStore] of Object.entries({ "file://": folderStore, "s3://": bucketStore })) {
    describe(`npm run unlock, with a ${kind} backend`, function () {
        this.timeout(120_000);

        let store: Store;
        let home: string;
        let project: string;
        let env: NodeJS.ProcessEnv;
        let key: string;
        let stranded: { username: string; hostname: string; pid: number; timestamp: string };
        let owner: string;

        before(async () => {
            store = await startStore();
            home = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-unlock-"));
            env = environment(home, store.url);
            project = path.join(home, "program");
            writeProgram(project);
            assert.equal((await pulumi("stack", "init", "dev")).code, 0);
            await killUpdate(project, env);
            [key] = await store.locks();
            stranded = JSON.parse(await store.read(key)) as typeof stranded;
            owner = `${stranded.username}@${stranded.hostname}`;
        });
        after(async () => {
            await store?.close();
            fs.rmSync(home, { recursive: true, force: true });
        });

        const pulumi = (...args: string[]) => run("pulumi", [...args, "--cwd", project, "--non-interactive"], env);
        const unlock = (...args: string[]) => {
            const command = [
                "--require",
                "./tools/register.cjs",
                "tools/unlock.ts",
                "--stack",
                "dev",
                "--cwd",
                project,
            ];
            return run(process.execPath, [...command, ...args], env);
        };
        /** Puts the stranded lock, and it alone, back as of a time. */
        const strand = async (minutes: number, changes = {}) => {
            const timestamp = new Date(Date.now() - minutes * 60_000).toISOString();
            await store.write(key, JSON.stringify({ ...stranded, timestamp, ...changes }));
        };

        it("has a killed update's lock to do with, for which Pulumi refuses the next update", async () => {
            assert.match(key, KEY);
            const { code, stderr } = await pulumi("up", "--yes", "--skip-preview", "--stack", "dev");

            assert.notEqual(code, 0);
            assert.match(stderr, /the stack is currently locked by 1 lock/);
            assert.ok(stderr.includes(`created by ${owner} (pid ${stranded.pid})`), stderr);
        });

        it("refuses when the lock is young, though its owner is ours", async () => {
            await strand(59);

            const { code, stdout, stderr } = await unlock("--owner", owner, "--yes");

            assert.equal(code, 1);
            assert.match(stdout, new RegExp(`Z  59       ${owner}  +${stranded.pid} +`));
            assert.equal(
                stderr,
                `The lock of ${owner} (process ${stranded.pid}) is 59 min old, and may still be at work: wait until it is 60 min old, or, if you know that it has ended, set --older-than lower.\n`,
            );
            assert.deepEqual(await store.locks(), [key]);
        });

        it("cancels the lock of a CI runner that is old, after which Pulumi updates the stack", async () => {
            await strand(61, { username: "runner", hostname: "runnervmwhb2z" });

            const { code, stdout, stderr } = await unlock("--yes");

            assert.equal(code, 0, stderr);
            assert.match(stdout, /runner@runnervmwhb2z .*\n\nStack dev of program is no longer locked\./);
            assert.deepEqual(await store.locks(), []);
            const up = await pulumi("up", "--yes", "--skip-preview", "--stack", "dev");
            assert.equal(up.code, 0, up.stdout + up.stderr);
        });

        // What is judged does not hang on the backend.
        if (kind !== "file://") {
            return;
        }

        it("refuses when its owner is no CI runner, though it is old", async () => {
            await strand(600);

            const { code, stderr } = await unlock("--yes");

            assert.equal(code, 1);
            assert.match(stderr, /^The lock of .* is not one of a CI runner \(runner@runnervm\*, runner@fv-az\*\)/);
            assert.deepEqual(await store.locks(), [key]);
        });

        it("refuses when one of two locks is young", async () => {
            await strand(600);
            const other = key.replace(/[^/]+$/, "ffffffff-0000-4000-8000-000000000000.json");
            await store.write(other, JSON.stringify({ ...stranded, timestamp: new Date().toISOString() }));

            const { code } = await unlock("--owner", owner, "--yes");

            assert.equal(code, 1);
            assert.deepEqual(await store.locks(), [key, other]);
            await pulumi("cancel", "--stack", "dev", "--yes");
        });

        it("changes nothing without --yes", async () => {
            await strand(600);

            const { code, stdout } = await unlock("--owner", owner);

            assert.equal(code, 0);
            assert.match(stdout, /run it again with --yes/);
            assert.deepEqual(await store.locks(), [key]);
        });

        it("says that a stack is not locked, and that there is none of another name", async () => {
            await pulumi("cancel", "--stack", "dev", "--yes");

            assert.deepEqual(await unlock("--yes"), {
                code: 0,
                stdout: "Stack dev of program is not locked.\n",
                stderr: "",
            });
            const { code, stderr } = await unlock("--stack", "staging");
            assert.equal(code, 1);
            assert.equal(stderr, "There is no stack staging in this backend; the stacks are dev.\n");
        });
    });
}

function environment(home: string, backend: string): NodeJS.ProcessEnv {
    return {
        ...process.env,
        // This Node first: Pulumi runs the program with it.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
        HOME: home,
        PULUMI_HOME: path.join(home, "pulumi"),
        PULUMI_BACKEND_URL: backend,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        AWS_ACCESS_KEY_ID: "AKIATEST",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_REGION: "us-east-1",
    };
}

/** A program that declares nothing; where RUNNING is a URL, it asks there and waits for an answer. */
function writeProgram(folder: string): void {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: program\nruntime: nodejs\n");
    fs.writeFileSync(path.join(folder, "package.json"), '{"name":"program","main":"index.js"}');
    const text = `const { pid, ppid, env } = process;
if (env.RUNNING) require("node:http").get(env.RUNNING + "/" + pid + "/" + ppid);`;
    fs.writeFileSync(path.join(folder, "index.js"), text);
    fs.symlinkSync(path.join(projectFolder, "node_modules"), path.join(folder, "node_modules"));
}

/**
 * Kills an update once its program runs, which tells so to a server that never answers. Program and language host are in no
 * group of the CLI's, and would go on without it.
 */
async function killUpdate(project: string, env: NodeJS.ProcessEnv): Promise<void> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const RUNNING = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ["up", "--yes", "--skip-preview", "--stack", "dev", "--cwd", project, "--non-interactive"];
    const child = spawn("pulumi", args, { env: { ...env, RUNNING }, detached: true, stdio: "ignore" });
    const ended = once(child, "close");
    const told = once(server, "request").then(([{ url }]) => (url as string).split("/").slice(1).map(Number));
    const processes = await Promise.race([told, ended.then(() => [])]);
    if (processes.length > 0) {
        [-child.pid!, ...processes].forEach((pid) => process.kill(pid, "SIGKILL"));
        await ended;
    }
    server.closeAllConnections();
    server.close();
    assert.equal(processes.length, 2, "the update ended before its program ran");
}

interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    return new Promise((resolve) =>
        execFile(command, args, { cwd: projectFolder, env }, (error, stdout, stderr) =>
            resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        ),
    );
}
