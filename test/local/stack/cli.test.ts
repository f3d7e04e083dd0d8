import * as assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import * as crypto from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import * as readline from "node:readline";
import { promisify } from "node:util";
import { copyProject } from "../../support/projectCopy";
import { planOf } from "../../support/plans";

describe("npm start", function () {
    this.timeout(60_000);
    let folder: string;
    before(() => {
        folder = copyProject("quartet copy é");
    });
    after(() => fs.rmSync(path.dirname(folder), { recursive: true }));

    const node = (...args: string[]) => [process.execPath, ["--require", "./tools/register.cjs", ...args]] as const;
    const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` };

    /** Runs a command to its end. */
    const command = async (...args: string[]) => {
        const [file, list] = node(...args);
        const { stdout, stderr } = await promisify(execFile)(file, list, { cwd: folder, env }).catch(
            (error: { stdout: string; stderr: string; code: number }) => error,
        );
        return { stdout, stderr };
    };

    /** Starts the local run and reads what it prints until it is ready. */
    const startRun = async (...args: string[]): Promise<{ child: ChildProcess; lines: string[]; ms: number }> => {
        const begun = performance.now();
        const [file, list] = node("local/main.ts", ...args);
        const child = spawn(file, list, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
        const lines: string[] = [];
        for await (const line of readline.createInterface({ input: child.stdout })) {
            lines.push(line);
            if (line.startsWith("All outputs")) {
                child.stdout.resume();
                return { child, lines, ms: performance.now() - begun };
            }
        }
        throw new Error(`it ended: ${lines.join("\n")}`);
    };
    const stop = async (child: ChildProcess, signal: NodeJS.Signals = "SIGINT") => {
        const begun = performance.now();
        child.kill(signal);
        const [code] = (await once(child, "exit")) as [number];
        return { code, ms: performance.now() - begun };
    };
    const outputs = () =>
        JSON.parse(fs.readFileSync(path.join(folder, ".local/outputs.json"), "utf8")) as Record<string, any>;

    it("prints URLs and curl lines that work as they are, and no token or key", async () => {
        const { child, lines } = await startRun("--port", "0");

        const curls = lines.filter((line) => line.startsWith("  curl "));
        assert.equal(curls.length, 4);
        for (const line of curls) {
            const { stdout } = await promisify(execFile)(
                "bash",
                ["-c", line.replace("curl", "curl -sS -w '%{http_code}'")],
                { cwd: folder, env },
            );
            assert.match(stdout, /20[012]$/, line);
        }
        const { localToken, localTokenOther, challengeApiKey, challengeApiKeyOther, adminCredentials, pid } = outputs();
        for (const secret of [
            localToken,
            localTokenOther,
            challengeApiKey,
            challengeApiKeyOther,
            adminCredentials.secretAccessKey,
        ]) {
            assert.ok(secret.length >= 40);
            assert.ok(!lines.join("\n").includes(secret));
        }
        assert.equal(pid, child.pid);
        assert.equal(fs.statSync(path.join(folder, ".local/outputs.json")).mode & 0o777, 0o600);
        await stop(child);
    });

    it("ends within 3 s of Ctrl-C with code 0, and leaves no process", async () => {
        const { child } = await startRun("--port", "0");
        await fetch(`${outputs().challengeApiUrl}/health`, { headers: { "x-api-key": outputs().challengeApiKey } });
        const children = childrenOf(child.pid!);
        assert.ok(children.length > 0);

        const { code, ms } = await stop(child);

        assert.equal(code, 0);
        assert.ok(ms < 3_000, `${ms} ms`);
        assert.deepEqual(children.filter(isRunning), []);
    });

    it("keeps objects, tokens and keys over a restart, also after a kill; --fresh drops them", async () => {
        const first = await startRun("--port", "0");
        const { localToken, challengeApiKey, eventIngestUrl } = outputs();
        const stored = await fetch(`${eventIngestUrl}/events`, {
            method: "POST",
            headers: {
                "x-auth-token": localToken,
                "content-type": "application/json",
                "idempotency-key": idempotencyKey,
            },
            body: '{"kept":true}',
        });
        assert.equal(stored.status, 200);
        await stop(first.child, "SIGKILL");

        const second = await startRun("--port", "0");
        assert.deepEqual([outputs().localToken, outputs().challengeApiKey], [localToken, challengeApiKey]);
        const repeat = await fetch(`${outputs().eventIngestUrl}/events`, {
            method: "POST",
            headers: {
                "x-auth-token": localToken,
                "content-type": "application/json",
                "idempotency-key": idempotencyKey,
            },
            body: '{"kept":true}',
        });
        assert.equal(((await repeat.json()) as { duplicate: boolean }).duplicate, true);
        await stop(second.child);

        const third = await startRun("--port", "0", "--fresh");
        assert.notEqual(outputs().localToken, localToken);
        await stop(third.child);
    });

    it("says in one sentence what is wrong and ends with code 1: a stack, a port, an option, a second run", async () => {
        const taken = http.createServer().listen(0, "127.0.0.1");
        await once(taken, "listening");
        const { port } = taken.address() as AddressInfo;
        const failing = async (...args: string[]) => {
            const [file, list] = node("local/main.ts", ...args);
            const child = spawn(file, list, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
            let text = "";
            child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
            const [code] = (await once(child, "close")) as [number];
            return [code, text.trim()];
        };

        assert.deepEqual(await failing("--stack", "staging"), [
            1,
            "There is no stack staging (no file Pulumi.staging.yaml); the stacks are dev, prod.",
        ]);
        assert.deepEqual(await failing("--port", String(port)), [
            1,
            `Port ${port} is in use; give another one with --port, or 0 for any.`,
        ]);
        assert.deepEqual(await failing("--port", "http"), [
            1,
            "--port is http: allowed is a whole number from 0 to 65535.",
        ]);
        const { child } = await startRun("--port", "0");
        const [code, sentence] = await failing("--port", "0");
        assert.deepEqual([code, /^The stack dev runs already, as process \d+: /.test(String(sentence))], [1, true]);
        await stop(child);
        taken.close();
    });

    it("says in one sentence what is wrong with the stack's config", async () => {
        const file = path.join(folder, "Pulumi.dev.yaml");
        const text = fs.readFileSync(file, "utf8");
        fs.writeFileSync(file, text.replace("encryption: aws-managed", "encryption: rot13"));

        const { stderr } = await command("local/main.ts", "--port", "0");

        fs.writeFileSync(file, text);
        assert.equal(stderr.trim(), 'quartet:encryption is "rot13": allowed is aws-managed or customer-key.');
    });

    it("runs the same artifacts in another folder, to the byte", async () => {
        const { resources } = await planOf("dev");
        const expected = resources.flatMap(({ type, inputs }) =>
            type === "aws:lambda/function:Function" ? [(inputs.code as any).archive["index.js"].sha256 as string] : [],
        );

        const { stdout } = await command("tools/artifacts.ts");

        assert.deepEqual(stdout.match(/\b[0-9a-f]{64}\b/g)?.sort(), expected.sort());
    });

    it("lets the other commands act on the run: env, logs, replay; and makes tokens that the config admits", async () => {
        const { child } = await startRun("--port", "0");
        const { eventIngestUrl, localToken, adminCredentials } = outputs();
        const post = (token: string) =>
            fetch(`${eventIngestUrl}/events`, {
                method: "POST",
                headers: { "x-auth-token": token, "content-type": "application/json" },
                body: '[{"event_name":""},{"event_name":"seen"}]',
            });
        const id = (await post(localToken)).headers.get("x-request-id")!;
        const [from, to] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());

        const env = await command("tools/env.ts");
        const replay = await command("tools/replay.ts", "--from", from, "--to", to, "--dry-run");
        const token = await command("tools/token.ts", "acme");
        await stop(child);
        const logs = await command("tools/logs.ts", "events-ingest", "--filter", id);
        const gone = await command("tools/env.ts");

        assert.match(env.stdout, new RegExp(`^export AWS_ENDPOINT_URL=${adminCredentials.endpoint}$`, "m"));
        assert.match(env.stdout, /^export AWS_SECRET_ACCESS_KEY=\w{40}$/m);
        assert.match(replay.stdout, /, 0 already replayed, 1 still rejected$/m);
        assert.match(logs.stdout, new RegExp(`"requestId":"${id}"`));
        assert.equal(
            gone.stderr.trim(),
            "No local run: start one with `npm start`, or name a deployed stack with --stack.",
        );
        const [, made] = /^ {2}([\w-]{43})$/m.exec(token.stdout)!;
        const digest = crypto.createHash("sha256").update(made).digest("hex");
        assert.match(token.stdout, new RegExp(`^ {4}acme: \\["${digest}"\\]$`, "m"));
    });

    it("serves prod, too, where objects are under the customer key", async () => {
        const { child } = await startRun("--port", "0", "--stack", "prod");

        const { eventIngestUrl, localToken } = outputs();
        const reply = await fetch(`${eventIngestUrl}/events`, {
            method: "POST",
            headers: { "x-auth-token": localToken, "content-type": "application/json", origin: "https://evil.example" },
            body: '{"a":1}',
        });
        assert.equal(reply.status, 200);
        assert.equal(reply.headers.get("access-control-allow-origin"), null);
        const trace = fs.readFileSync(path.join(folder, ".local/prod/trace.ndjson"), "utf8");
        await stop(child);
        const decisions = trace + fs.readFileSync(path.join(folder, ".local/prod/trace.ndjson"), "utf8");
        assert.match(decisions, /"action":"kms:GenerateDataKey".*"decision":"allow"/);
    });
});

const idempotencyKey = `${Date.now()
    .toString(16)
    .padStart(12, "0")
    .replace(/^(.{8})/, "$1-")}-7000-8000-000000000000`;

function childrenOf(pid: number): number[] {
    return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
