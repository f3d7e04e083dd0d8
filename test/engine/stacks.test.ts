import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../plan/types";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import { projectFolder } from "../support/plans";
import { startEngine, type Ended, type Engine } from "./support/engine";

/** What stands in a preview for a value that is known only after a deployment. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Resource {
    readonly urn: string;
    readonly type: string;
    readonly custom?: boolean;
    readonly parent?: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
    readonly dependencies?: string[];
}

for (const stack of ["dev", "prod"] as const) {
    describe(`the engine, with stack ${stack}`, () => {
        let engine: Engine;
        let preview: Ended;
        let up: Ended;
        let second: Ended;
        let state: Resource[];
        let outputs: Record<string, string>;
        let plan: Plan;
        before(async () => {
            engine = await startEngine();
            // Nothing may depend on where the program lies.
            const folder = engine.copyProject("a folder é");
            const pulumi = (...args: string[]) => engine.pulumi(folder, ...args, "--stack", stack);
            await engine.pulumi(folder, "stack", "init", stack);
            preview = await pulumi("preview", "--json");
            up = await pulumi("up", "--yes", "--skip-preview");
            second = await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
            state = (JSON.parse((await pulumi("stack", "export")).stdout) as { deployment: { resources: Resource[] } })
                .deployment.resources;
            outputs = JSON.parse((await pulumi("stack", "output", "--json")).stdout) as Record<string, string>;
            plan = await loadPlan(readProject(projectFolder, stack));
        });
        after(() => engine?.close());

        it("previews a new stack: creations only, and no document that holds an unknown value", () => {
            assert.equal(preview.code, 0, preview.stderr + preview.stdout.slice(0, 2_000));
            const steps = (JSON.parse(preview.stdout) as { steps: { op: string; newState: Resource }[] }).steps;

            assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
            const texts = steps.flatMap(({ newState: { urn, inputs = {} } }) =>
                documentsIn(inputs).map(([place, text]) => [`${urn} ${place}`, text]),
            );
            assert.ok(texts.length >= 13, `${texts.length} documents are found`);
            assert.deepEqual(
                texts.filter(([, text]) => text.includes(UNKNOWN)).map(([place]) => place),
                [],
            );
            // A document that is unknown as a whole looks like any unknown text: those must be no documents.
            const unknown = steps.flatMap(({ newState: { inputs = {} } }) =>
                Object.entries(inputs).flatMap(([key, value]) => (value === UNKNOWN ? [key] : [])),
            );
            assert.deepEqual(
                unknown.filter((key) => /policy|body|document|format|template/i.test(key)),
                [],
            );
        });

        it("deploys it, and finds nothing to change the second time", () => {
            assert.equal(up.code, 0, up.stdout + up.stderr);
            assert.equal(second.code, 0, second.stdout + second.stderr);
        });

        it("has the contract's outputs, the keys masked and nowhere in plain text", () => {
            assert.deepEqual(Object.keys(outputs).sort(), [
                "challengeApiKey",
                "challengeApiKeyOther",
                "challengeApiUrl",
                "eventBucket",
                "eventIngestUrl",
            ]);
            assert.deepEqual([outputs.challengeApiKey, outputs.challengeApiKeyOther], ["[secret]", "[secret]"]);
            assert.match(
                outputs.eventIngestUrl,
                new RegExp(`^https://[a-z0-9]{10}\\.execute-api\\.eu-west-1\\.amazonaws\\.com/${stack}$`),
            );
            assert.ok(!JSON.stringify(state).includes("{{generated "), "the values of keys are encrypted in the state");
        });

        it("registers exactly the resources of the plan, each under the same parent", () => {
            const registered = state
                .filter(({ type }) => !type.startsWith("pulumi:"))
                .map(
                    ({ urn, parent }) => `${urn} below ${parent?.includes("pulumi:pulumi:Stack") ? undefined : parent}`,
                );

            const planned = plan.resources.map(
                ({ urn, parent }) => `${urn} below ${parent?.includes("pulumi:pulumi:Stack") ? undefined : parent}`,
            );
            assert.deepEqual(registered.sort(), planned.sort());
        });

        it("uploads the artifacts that the local run runs, to the byte", () => {
            const hashes = Object.fromEntries(
                state
                    .filter(({ type }) => type === "aws:lambda/function:Function")
                    .map(({ urn, outputs: { code } = {} }) => [urn, JSON.stringify(code)]),
            );

            const functions = plan.resources.filter(({ type }) => type === "aws:lambda/function:Function");
            assert.equal(functions.length, 2);
            for (const { urn, inputs } of functions) {
                const { sha256 } = (inputs.code as { archive: Record<string, { sha256: string }> }).archive["index.js"];
                assert.ok(hashes[urn]?.includes(sha256), `${urn}: ${hashes[urn]}`);
            }
        });

        it("waits where AWS needs it: for roles' policies and log groups before functions, for roles before the key", () => {
            const dependenciesOf = (name: string) =>
                state.find(({ urn }) => urn.endsWith(`::${name}`))!.dependencies!.join();

            for (const name of ["events-ingest", "challenge-answer"]) {
                assert.match(dependenciesOf(`${name}-function`), new RegExp(`::${name}-policy`));
                assert.match(dependenciesOf(`${name}-function`), new RegExp(`::${name}-logs`));
            }
            assert.match(dependenciesOf("events-api-stage"), /::api-logging-settings/);
            if (stack === "prod") {
                assert.match(dependenciesOf("encryption-key"), /::events-ingest-role/);
            }
        });
    });
}

describe("the engine, with a program that is wrong", () => {
    let engine: Engine;
    before(async () => {
        engine = await startEngine();
    });
    after(() => engine?.close());

    /** The preview of a copy of the program after a change of one file. */
    const previewOf = async (name: string, file: string, change: (text: string) => string) => {
        const folder = engine.copyProject(name);
        const changed = path.join(folder, file);
        fs.writeFileSync(changed, change(fs.readFileSync(changed, "utf8")));
        await engine.pulumi(folder, "stack", "init", "dev");
        const { code, stdout, stderr } = await engine.pulumi(folder, "preview", "--stack", "dev");
        await engine.pulumi(folder, "stack", "rm", "--yes", "--force", "--stack", "dev");
        return { code, text: stdout + stderr };
    };

    it("stops at every key of the config that is unknown, missing or wrong, with a sentence for each", async () => {
        const { code, text } = await previewOf("config", "Pulumi.dev.yaml", (yaml) =>
            yaml
                .replace("quartet:encryption: aws-managed", "quartet:encryption: none\n  quartet:colour: red")
                .replace(/ {2}quartet:stage: dev\n/, ""),
        );

        assert.notEqual(code, 0);
        assert.match(text, /quartet:stage is missing: allowed is 1 to 32 of a-z, 0-9 and -, starting with a letter\./);
        assert.match(text, /quartet:encryption is "none": allowed is aws-managed or customer-key\./);
        assert.match(text, /quartet:colour is unknown: allowed are stage, encryption, /);
    });

    it("stops at a handler that captures an instance of a class, naming callback and variable", async () => {
        const { code, text } = await previewOf("captures", "handlers/challengeApi/api.ts", (source) =>
            source
                .replace(
                    "/**\n * Answers",
                    'class Greeter {\n    word = "Hello";\n    greet() { return this.word; }\n}\nconst greeter = new Greeter();\n\n/**\n * Answers',
                )
                .replace("`Hello, ", "`${greeter.greet()}, "),
        );

        assert.notEqual(code, 0);
        assert.match(
            text,
            /callback challenge-answer: the captured greeter is a class, an instance of one, or has accessors; create it inside the factory/,
        );
    });
});

/** Texts in a resource's inputs that are JSON objects: policies, bodies of APIs, dashboards, formats. */
function documentsIn(value: unknown, place = ""): [string, string][] {
    if (typeof value === "string") {
        return value.startsWith("{") ? [[place, value]] : [];
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => documentsIn(item, `${place}.${key}`))
        : [];
}
