import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { documentsOf } from "./support/documents";
import { startEngine, type Ended, type Engine } from "./support/engine";
import { previewedSteps } from "./support/resources";

describe("the engine, with a program that is wrong", () => {
    let engine: Engine;
    before(async () => {
        engine = await startEngine();
    });
    after(() => engine?.close());

    it("stops at every key of the config that is unknown, missing or wrong, with a sentence for each", async () => {
        const folder = changedProgram("config", [
            [
                "Pulumi.dev.yaml",
                "  quartet:encryption: aws-managed",
                "  quartet:encryption: none\n  quartet:colour: red",
            ],
            ["Pulumi.dev.yaml", "  quartet:stage: dev\n", ""],
        ]);

        const { code, stdout } = await preview(folder);

        assert.notEqual(code, 0);
        assert.match(
            stdout,
            /quartet:stage is missing: allowed is 1 to 32 of a-z, 0-9 and -, starting with a letter\./,
        );
        assert.match(stdout, /quartet:encryption is "none": allowed is aws-managed or customer-key\./);
        assert.match(stdout, /quartet:colour is unknown: allowed are stage, encryption, /);
        assert.doesNotMatch(stdout, /\n\s+at |node_modules/);
    });

    it("stops at a handler that captures an instance of a class, naming callback and variable", async () => {
        const folder = changedProgram("captures", []);
        fs.writeFileSync(
            path.join(folder, "handlers/challengeApi/api.ts"),
            `class Counter {
                private count = 0;
                next() { return ++this.count; }
            }
            const counter = new Counter();
            export function challengeApiFactory(description: unknown) {
                return async (_event: never) => ({ statusCode: counter.next(), body: JSON.stringify(description) });
            }`,
        );

        const { code, stdout } = await preview(folder);

        assert.notEqual(code, 0);
        assert.match(
            stdout,
            /callback challenge-answer: the captured counter is a class, an instance of one, or has accessors; create it inside the factory/,
        );
    });

    it("shows in a preview which documents are made from values that are not known yet", async () => {
        const folder = changedProgram("unknown", [
            [
                "components/support/privateBucket.ts",
                "policy: document(statements)",
                "policy: this.bucket.arn.apply(() => document(statements))",
            ],
            ["components/support/callback.ts", 'names.arn("logs", `log-group:${logGroupName}:*`)', "`${logs.arn}:*`"],
        ]);

        const { code, stdout, stderr } = await preview(folder, "--json");

        assert.equal(code, 0, stderr + stdout);
        const documents = previewedSteps(stdout).flatMap(({ newState }) => documentsOf(newState));
        assert.deepEqual(documents.flatMap(({ place, readable }) => (readable ? [] : [place])).sort(), [
            "challenge-answer-policy.policy",
            "events-ingest-policy.policy",
            "events-policy.policy",
            ...["authorize", "create", "delete", "get", "list"].map((name) => `orders-${name}-policy.policy`),
            ...["replace", "stopped", "sweep"].map((name) => `orders-${name}-policy.policy`),
            ...["authorize", "confirm", "consult", "fail", "migrate"].map((name) => `uploads-${name}-policy.policy`),
            "uploads-policy.policy",
            ...["promote", "request", "sweep", "update"].map((name) => `uploads-${name}-policy.policy`),
        ]);
    });

    it("stops at a question to the cloud, naming the function", async () => {
        const folder = changedProgram("asks", [
            ["index.ts", "import { ChallengeApi }", 'import * as aws from "@pulumi/aws";\nimport { ChallengeApi }'],
            ["index.ts", "events.bucketName;", "aws.getCallerIdentityOutput().accountId;"],
        ]);

        const { code, stdout } = await preview(folder);

        assert.notEqual(code, 0);
        assert.match(
            stdout,
            /The program calls aws:index\/getCallerIdentity:getCallerIdentity, which asks the cloud\./,
        );
    });

    /** A copy of the program in which some texts are replaced. */
    function changedProgram(
        name: string,
        changes: readonly (readonly [file: string, from: string, to: string])[],
    ): string {
        const folder = engine.copyProject(name);
        for (const [file, from, to] of changes) {
            const text = fs.readFileSync(path.join(folder, file), "utf8");
            assert.ok(text.includes(from), `${file} no longer holds ${from}`);
            fs.writeFileSync(
                path.join(folder, file),
                text.replace(from, () => to),
            );
        }
        return folder;
    }

    /** Previews the new stack dev. */
    async function preview(folder: string, ...args: string[]): Promise<Ended> {
        await engine.pulumi(folder, "stack", "init", "dev");
        const ended = await engine.pulumi(folder, "preview", "--stack", "dev", ...args);
        await engine.pulumi(folder, "stack", "rm", "--yes", "--stack", "dev");
        return ended;
    }
});
