import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../support/plans";
import { runTool } from "../support/runTool";

describe("npm run preview", () => {
    it("previews the program with the policy pack, and leaves the stack's config and no state behind", async () => {
        const config = path.join(projectFolder, "Pulumi.dev.yaml");
        const before = fs.readFileSync(config, "utf8");

        const { code, stdout, stderr } = await runTool("preview", ["--stack", "dev"]);

        assert.equal(code, 0, stdout.slice(-3_000) + stderr);
        assert.match(stdout, /quartet@v\d+\.\d+\.\d+ \(local: /);
        assert.doesNotMatch(stdout, /\[mandatory\]/);
        assert.match(stdout, /\+ \d+ to create/);
        assert.equal(fs.readFileSync(config, "utf8"), before);
        assert.ok(!fs.existsSync(path.join(projectFolder, ".pulumi")));
    });

    it("names the stacks that there are when it is asked for another", async () => {
        const { code, stderr } = await runTool("preview", ["--stack", "staging"]);

        assert.equal(code, 1);
        assert.match(stderr, /There is no stack staging .*; the stacks are dev, prod\./);
    });

    it("says what is missing where there is no Pulumi CLI", async () => {
        const { code, stderr } = await runTool("preview", ["--stack", "dev"], {
            env: { ...process.env, PATH: path.dirname(process.execPath) },
        });

        assert.equal(code, 1);
        assert.match(
            stderr,
            /^There is no pulumi on PATH: install the Pulumi CLI, or use npm run policy, which needs none\.$/m,
        );
    });
});
