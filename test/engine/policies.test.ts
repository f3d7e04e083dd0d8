import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../support/plans";
import { startEngine, type Ended, type Engine } from "./support/engine";

const pack = path.join(projectFolder, "policy");

/** What AWS's provider computes where a program leaves it out; a preview can't tell it. */
const COMPUTED = {
    "aws:s3/bucket:Bucket": ["policy", "acl", "grants", "serverSideEncryptionConfiguration", "versioning"],
    "aws:sqs/queue:Queue": ["policy", "redrivePolicy", "kmsMasterKeyId", "sqsManagedSseEnabled"],
    "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
    "aws:kms/key:Key": ["policy"],
};

describe("the engine, with the policy pack", () => {
    let engine: Engine;
    before(async () => {
        engine = await startEngine(COMPUTED);
    });
    after(() => engine?.close());

    it("stops a preview, with the message of the rule", async () => {
        const folder = await program("unencrypted", UNENCRYPTED);

        const { code, stdout } = await judged(folder, "preview");

        assert.notEqual(code, 0);
        assert.match(stdout, /\[mandatory\] .*sqs-encryption {2}\(aws:sqs:Queue: orders\)/);
        assert.match(stdout, /orders is not encrypted\. /);
    });

    it("stops a deployment before the resource is made", async () => {
        const folder = await program("unencrypted-up", UNENCRYPTED);

        const { code } = await judged(folder, "up", "--yes", "--skip-preview");

        assert.notEqual(code, 0);
        const { stdout } = await engine.pulumi(folder, "stack", "export", "--stack", "dev");
        assert.deepEqual(
            (JSON.parse(stdout).deployment.resources ?? []).filter(({ type }: { type: string }) => /Queue/.test(type)),
            [],
        );
    });

    async function program(name: string, text: string, stack = "dev"): Promise<string> {
        const folder = engine.writeProgram(name, text);
        fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), CONFIG);
        await engine.pulumi(folder, "stack", "init", stack);
        return folder;
    }

    function judged(folder: string, ...command: string[]): Promise<Ended> {
        return engine.pulumi(folder, ...command, "--stack", "dev", "--policy-pack", pack);
    }
});

const CONFIG = "config:\n  aws:region: eu-west-1\n  aws:allowedAccountIds: ['123456789012']\n";

const UNENCRYPTED = `
const aws = require("@pulumi/aws");
new aws.sqs.Queue("orders", { name: "orders", sqsManagedSseEnabled: false });
`;
