import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";
import { projectFolder } from "../support/plans";
import { CHECKS } from "./support/checks";
import { changesAStack } from "./support/deploymentChecks";
import { readWorkflows, type Job, type Step, type WorkflowFile } from "./support/workflow";

describe("workflows and actions of this repository", () => {
    const files = readWorkflows(projectFolder);

    for (const [name, check] of Object.entries(CHECKS)) {
        it(`keep the rule ${name}`, () => {
            assert.deepEqual(
                files.flatMap((file) => check(file).map((sentence) => `${file.path}: ${sentence}`)),
                [],
            );
        });
    }

    it("pin each action to one commit everywhere", () => {
        const uses = [...new Set(stepsOf(files).flatMap((step) => step.uses ?? []))].filter((name) =>
            name.includes("@"),
        );

        const actions = uses.map((name) => name.split("@")[0]);

        assert.equal(new Set(actions).size, uses.length, uses.join("\n"));
    });

    it("give their own actions every input that these need, and no other", () => {
        for (const { uses = "", with: given = {} } of stepsOf(files).filter((step) => step.uses?.startsWith("./"))) {
            const { inputs = {} } = yaml.parse(
                fs.readFileSync(path.join(projectFolder, uses, "action.yml"), "utf8"),
            ) as { inputs?: Record<string, { required?: boolean }> };
            const required = Object.keys(inputs).filter((name) => inputs[name].required);

            assert.deepEqual(
                required.filter((name) => !(name in given)),
                [],
                `${uses} misses inputs`,
            );
            assert.deepEqual(
                Object.keys(given).filter((name) => !(name in inputs)),
                [],
                `${uses} does not know inputs`,
            );
        }
    });

    it("run commands of package.json only that are there", () => {
        const { scripts } = JSON.parse(fs.readFileSync(path.join(projectFolder, "package.json"), "utf8")) as {
            scripts: Record<string, string>;
        };
        const named = stepsOf(files).flatMap(({ run = "" }) => [...run.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)]);
        const missing = [...new Set(named.map(([, name]) => name))].filter((name) => !(name in scripts));

        assert.ok(named.length > 5);
        assert.deepEqual(missing, []);
    });

    it("check what npm run check and npm test check, for main and for pull requests", () => {
        const { on, jobs } = fileOf(files, "check.yml");

        assert.deepEqual(on, { push: { branches: ["main"] }, pull_request: null });
        const { steps } = jobOf(jobs, "check");
        assert.deepEqual(
            steps.flatMap(({ run }) => run ?? []),
            ["npm run check", "npm test"],
        );
    });

    it("judge and preview both stacks of every pull request without asking for a credential", () => {
        const job = jobOf(fileOf(files, "preview.yml").jobs, "new");

        assert.equal(job.if, undefined);
        assert.equal(job.permissions, undefined);
        assert.deepEqual((job as { strategy?: { matrix: unknown } }).strategy?.matrix, { stack: ["dev", "prod"] });
        assert.deepEqual(
            job.steps.flatMap(({ run }) => run ?? []),
            ['npm run policy -- --stack "$STACK"', 'npm run preview -- --stack "$STACK"'],
        );
        assert.doesNotMatch(JSON.stringify(job), /secrets\.|github\.token|sign-in/);
    });

    it("let no code of Dependabot's sign in", () => {
        const job = jobOf(fileOf(files, "preview.yml").jobs, "deployed");

        assert.match(job.if ?? "", /github\.event\.pull_request\.user\.login != 'dependabot\[bot\]'/);
    });

    it("deploy dev, test it, and only then, in the environment that asks for approval, prod", () => {
        const { on, jobs } = fileOf(files, "deploy.yml");
        const [dev, prod] = [jobOf(jobs, "dev"), jobOf(jobs, "prod")];

        assert.deepEqual(on.push, { branches: ["main"] });
        assert.equal(prod.needs, "dev");
        assert.deepEqual([dev.environment, prod.environment], ["dev", "prod"]);
        for (const { environment, steps } of [dev, prod]) {
            const own = steps.filter(({ uses }) => /actions\/(deploy|smoke)$/.test(uses ?? ""));
            assert.deepEqual(
                own.map(({ uses }) => path.basename(uses ?? "")),
                ["deploy", "smoke"],
            );
            assert.ok(own.every((step) => step.with?.stack === environment));
            // A condition could let a step run after one that failed.
            assert.ok(own.every((step) => step.if === undefined));
        }
    });

    it("change stacks from deploy.yml alone, where the groups are kept", () => {
        const where = files.filter(({ jobs }) => jobs.some(changesAStack)).map((file) => path.basename(file.path));

        assert.deepEqual(where, ["deploy.yml"]);
    });

    it("take the account and the state of the stack that they deploy", () => {
        const steps = stepsOf(files).filter(({ with: given }) => given?.["account-id"] && given.stack);

        for (const { with: given = {} } of steps) {
            const stack = String(given.stack);
            const [account, bucket] = [String(given["account-id"]), String(given["state-bucket"])];
            const same = /^\$\{\{ inputs\./.test(stack)
                ? /inputs\./
                : new RegExp(`vars\\.\\w+_${stack.toUpperCase()} `);
            assert.match(account, same);
            assert.match(bucket, same);
        }
        assert.ok(steps.length >= 7);
    });
});

function stepsOf(files: readonly WorkflowFile[]): Step[] {
    return files.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
}

function fileOf(files: readonly WorkflowFile[], name: string): WorkflowFile {
    const file = files.find((one) => path.basename(one.path) === name);
    assert.ok(file, `there is no ${name}`);
    return file;
}

function jobOf(jobs: readonly Job[], id: string): Job {
    const job = jobs.find((one) => one.id === id);
    assert.ok(job, `there is no job ${id}`);
    return job;
}
