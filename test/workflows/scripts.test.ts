import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { script } from "./support/actionScript";
import { newFolder } from "./support/commands";

// The scripts in the actions, run as GitHub runs them, with commands that only say what they were asked.

describe("the action sign-in", () => {
    const settings = {
        STACK: "prod",
        ACCOUNT_ID: "222222222222",
        REGION: "eu-west-1",
        STATE_BUCKET: "quartet-state-222222222222",
    };
    const bad: readonly (readonly [Partial<typeof settings>, RegExp])[] = [
        [{ STACK: "staging" }, /^::error::There is no stack staging: the stacks are dev and prod\.$/m],
        [{ ACCOUNT_ID: "" }, /Set the repository's variable AWS_ACCOUNT_ID_PROD to the 12 digits/],
        [{ ACCOUNT_ID: "22222222222" }, /AWS_ACCOUNT_ID_PROD/],
        [{ REGION: "" }, /Set the repository's variable AWS_REGION to a region/],
        [{ REGION: "eu-west-1&profile=x" }, /AWS_REGION/],
        [{ STATE_BUCKET: "" }, /Set the repository's variable PULUMI_STATE_BUCKET_PROD/],
        [{ STATE_BUCKET: "a/b" }, /PULUMI_STATE_BUCKET_PROD/],
    ];

    it("tells later steps where the state is", function () {
        const folder = newFolder(this);

        const { code, stdout, file } = check(folder, settings, "secretsprovider: awskms://alias/a?region=eu-west-1\n");

        assert.equal(code, 0, stdout);
        assert.equal(file("env"), "PULUMI_BACKEND_URL=s3://quartet-state-222222222222?region=eu-west-1\n");
    });

    for (const [changed, message] of bad) {
        it(`refuses ${JSON.stringify(changed)}, and says what to set`, function () {
            const folder = newFolder(this);

            const { code, stdout, file } = check(folder, { ...settings, ...changed }, "secretsprovider: awskms://x\n");

            assert.equal(code, 1);
            assert.match(stdout, message);
            assert.equal(file("env"), "");
        });
    }

    it("refuses a stack whose secrets are not encrypted by a KMS key", function () {
        const folder = newFolder(this);

        const { code, stdout } = check(folder, settings, "encryptionsalt: v1:abc\nconfig: {}\n");

        assert.equal(code, 1);
        assert.match(stdout, /^::error::Pulumi\.prod\.yaml names no KMS key for secrets: run pulumi stack init prod/m);
    });

    function check(folder: string, env: Record<string, string>, stackFile: string) {
        fs.writeFileSync(path.join(folder, "Pulumi.prod.yaml"), stackFile);
        return script(folder, "sign-in", "Check the settings", env);
    }
});

describe("the action prepare", () => {
    const archive = Buffer.from("an archive");
    const commands = {
        curl: `while [ "$1" != --output ]; do shift; done; printf 'an archive' > "$2"`,
        tar: 'echo "tar $*" >> tar.log',
    };

    it("unpacks the Pulumi CLI when its digest is the known one", function () {
        const folder = newFolder(this);
        const sha256 = crypto.createHash("sha256").update(archive).digest("hex");

        const { code, stderr, file } = install(folder, sha256);

        assert.equal(code, 0, stderr);
        assert.match(file("tar.log"), /^tar --extract/);
        assert.equal(file("path"), `${folder}/pulumi\n`);
    });

    it("unpacks nothing when the digest is another", function () {
        const folder = newFolder(this);

        const { code, file } = install(folder, "0".repeat(64));

        assert.equal(code, 1);
        assert.equal(fs.existsSync(path.join(folder, "tar.log")), false);
        assert.equal(file("path"), "");
    });

    function install(folder: string, sha256: string) {
        const env = { PULUMI_VERSION: "3.255.0", PULUMI_SHA256: sha256 };
        return script(folder, "prepare", "Install the Pulumi CLI", env, commands);
    }
});

describe("the action preview", () => {
    it("records output and code of each part, also of those that fail, and does not fail itself", function () {
        const folder = newFolder(this);

        const { code, stderr, file } = preview(folder, "echo '{}'; echo note >&2; exit 255");

        assert.equal(code, 0, stderr);
        const recorded = (name: string) => file(`previews/dev/${name}`).trim();
        assert.deepEqual([recorded("preview.out"), recorded("preview.code")], ["{}", "255"]);
        assert.deepEqual([recorded("policy.out"), recorded("policy.code")], ["policy -- --stack dev --json", "0"]);
        assert.equal(recorded("cost.code"), "3");
        assert.equal(recorded("preview.log"), "note");
        const asked = `${folder}/previews/dev/preview.out --expect-state --allow-label present`;
        assert.equal(recorded("guard.out"), `guard -- ${asked} --reason=--yes; $(id) 'x'`);
    });

    it("hands the policy pack and the stack's levels to the engine", function () {
        const folder = newFolder(this);

        const { file } = preview(folder, 'echo "$*"');

        assert.equal(
            file("previews/dev/preview.out"),
            "preview --json --non-interactive --stack dev --policy-pack policy --policy-pack-config policy/dev.json\n",
        );
    });

    function preview(folder: string, pulumi: string) {
        const npm = 'shift 2; echo "$*"; if [ "$1" = cost ]; then exit 3; fi';
        const env = { STACK: "dev", LABEL: "present", REASON: "--yes; $(id) 'x'" };
        return script(folder, "preview", "Preview, policies, guard, cost", env, { pulumi, npm });
    }
});

describe("the action deploy", () => {
    it("stops when the preview fails, which a mandatory finding makes it do", function () {
        const { code, stdout } = script(
            newFolder(this),
            "deploy",
            "Preview",
            { STACK: "prod" },
            {
                pulumi: 'if [ "$2" = --json ]; then exit 255; fi; echo "finding of the pack"',
            },
        );

        assert.equal(code, 1);
        assert.match(stdout, /finding of the pack/);
    });

    it("stops when the guard refuses", function () {
        const env = { LABEL: "absent", REASON: "", EXPECT_STATE: "--expect-state" };

        const { code } = script(newFolder(this), "deploy", "Guard", env, { npm: "exit 1" });

        assert.equal(code, 1);
    });

    for (const [expectState, asked] of [
        ["--expect-state", "--expect-state --allow-label absent --reason="],
        ["", "--allow-label absent --reason="],
    ]) {
        it(`asks the guard with ${asked}`, function () {
            const folder = newFolder(this);
            const env = { LABEL: "absent", REASON: "", EXPECT_STATE: expectState };

            const { stdout } = script(folder, "deploy", "Guard", env, { npm: 'echo "$*"' });

            assert.equal(stdout.trim(), `run --silent guard -- ${folder}/preview.json ${asked}`);
        });
    }
});

describe("the action smoke", () => {
    it("masks both API keys, and shows nothing else of them", function () {
        const pulumi = 'echo "key-of-$3"';

        const { code, stdout } = script(newFolder(this), "smoke", "Mask the API keys", { STACK: "dev" }, { pulumi });

        assert.equal(code, 0);
        assert.deepEqual(stdout.trim().split("\n"), [
            "::add-mask::key-of-challengeApiKey",
            "::add-mask::key-of-challengeApiKeyOther",
        ]);
    });

    for (const [what, pulumi] of [
        ["can't be read", "exit 1"],
        ["are empty", "true"],
    ]) {
        it(`stops when the keys ${what}, as they would not be masked`, function () {
            const { code } = script(newFolder(this), "smoke", "Mask the API keys", { STACK: "dev" }, { pulumi });

            assert.notEqual(code, 0);
        });
    }
});
