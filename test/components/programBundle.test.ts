import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { bundleProgram } from "../../components/support/bundle";
import { contextFiles } from "../../components/support/packaging/buildContext";
import { projectFolder } from "../support/plans";

const run = promisify(execFile);
const credentials = "test/components/support/programs/credentials.ts";
/** With a client of AWS in it. */
const entry = "handlers/orderService/table/readOrder.ts";

describe("a bundled program", () => {
    let folder: string;
    before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"))));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("has the same bytes each time, and tells what it was made from", async () => {
        const [one, other] = [await bundleProgram(entry), await bundleProgram(entry)];

        assert.equal(one.sha256, other.sha256);
        assert.ok(one.files.includes(entry));
    });

    it("is refused when there is no such module, with its name", async () => {
        await assert.rejects(bundleProgram("handlers/none.ts"), /^Error: program handlers\/none\.ts cannot be bundled/);
    });

    it("gets its credentials at the address that Fargate, or the local run, names, and otherwise from the environment", async () => {
        const asked: string[] = [];
        const server = http.createServer(({ url }, response) => {
            asked.push(url!);
            const Expiration = new Date(Date.now() + 3_600_000).toISOString();
            response.end(
                JSON.stringify({ AccessKeyId: `key of ${url}`, SecretAccessKey: "s", Token: "t", Expiration }),
            );
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const file = path.join(folder, "index.js");
        fs.writeFileSync(file, (await bundleProgram(credentials)).code);
        const keyWith = async (env: Record<string, string>) => {
            const preload = path.join(projectFolder, "test/components/support/programs/toLoopback.cjs");
            const whole = { AWS_REGION: "eu-west-1", TO_PORT: String(port), ...env };
            return (await run(process.execPath, ["--require", preload, file], { env: whole })).stdout.trim();
        };

        try {
            assert.equal(await keyWith({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/task" }), "key of /v2/task");
            const full = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/full` };
            assert.equal(await keyWith(full), "key of /full");
            assert.equal(await keyWith({ AWS_ACCESS_KEY_ID: "given", AWS_SECRET_ACCESS_KEY: "s" }), "given");
            assert.deepEqual(asked, ["/v2/task", "/full"]);
        } finally {
            server.close();
        }
    });
});

describe("the build stage of the Dockerfile", () => {
    let context: string;
    const build = (entry: string, ...rest: string[]) =>
        run(process.execPath, ["--require", "./tools/register.cjs", "tools/program.ts", entry, ...rest], {
            cwd: context,
        });
    const output = () => path.join(context, "image", "app", "index.js");

    before(() => {
        context = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
        for (const file of contextFiles(projectFolder)) {
            fs.cpSync(path.join(projectFolder, file), path.join(context, file));
        }
        fs.symlinkSync(path.join(projectFolder, "node_modules"), path.join(context, "node_modules"));
    });
    after(() => fs.rmSync(context, { recursive: true }));

    it("makes the declared bytes of nothing but the files that .dockerignore lets in", async () => {
        const declared = await bundleProgram(entry);

        await build(entry, output(), declared.sha256);

        assert.equal(fs.readFileSync(output(), "utf8"), declared.code);
    });

    it("writes nothing when the bytes are not those that were declared", async () => {
        fs.rmSync(output(), { force: true });

        await assert.rejects(build(entry, output(), "0".repeat(64)), /but 0{64} where it was declared/);

        assert.equal(fs.existsSync(output()), false);
    });

    it("fails without a program", async () => {
        await assert.rejects(build("handlers/none.ts", output()), /program handlers\/none\.ts cannot be bundled/);
    });
});
