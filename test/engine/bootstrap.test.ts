import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../plan/types";
import { bootstrapFolder, bootstrapPlan } from "../bootstrap/support/bootstrapPlan";
import { assertSamePlaces, assertSameValues } from "./support/asPlanned";
import { documentsOf } from "./support/documents";
import { startEngine, type Ended, type Engine } from "./support/engine";
import { deployedResources, previewedSteps, type EngineResource } from "./support/resources";

// Proves that the engine takes the bootstrap as the plan has it, and passes it through the pack, not that AWS accepts it.

for (const stack of ["dev", "prod"]) {
    describe(`the engine, with the bootstrap's stack ${stack}`, () => {
        let engine: Engine;
        let plan: Plan;
        let preview: Ended;
        let up: Ended;
        let secondUp: Ended;
        let resources: EngineResource[];

        before(async () => {
            engine = await startEngine();
            plan = await bootstrapPlan(stack);
            const project = engine.copyProject("bootstrapped");
            const folder = path.join(project, "bootstrap");
            fs.cpSync(bootstrapFolder, folder, { recursive: true });
            fs.copyFileSync(path.join(folder, "Pulumi.example.yaml"), path.join(folder, `Pulumi.${stack}.yaml`));
            const pulumi = (...args: string[]) => engine.pulumi(folder, ...args, "--stack", stack);
            await engine.pulumi(folder, "stack", "init", stack);
            // As the README has it; the CLI takes both from where it is started.
            const pack = ["--policy-pack", path.join(project, "policy")];
            pack.push("--policy-pack-config", path.join(folder, "policy.json"));
            preview = await pulumi("preview", "--json", ...pack);
            up = await pulumi("up", "--yes", "--skip-preview", ...pack);
            secondUp = await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...pack);
            resources = deployedResources((await pulumi("stack", "export")).stdout);
        });
        after(() => engine?.close());

        it("previews it as creations only, with every document whole", () => {
            assert.equal(preview.code, 0, preview.stderr + preview.stdout.slice(-2_000));
            const steps = previewedSteps(preview.stdout);
            const documents = steps.flatMap(({ newState }) => documentsOf(newState));

            assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
            assert.ok(documents.length > 20);
            assert.deepEqual(
                documents.filter(({ readable }) => !readable),
                [],
            );
        });

        it("deploys it, and finds nothing to change the second time", () => {
            assert.equal(up.code, 0, up.stdout + up.stderr);
            assert.equal(secondUp.code, 0, secondUp.stdout + secondUp.stderr);
        });

        it("passes the policy pack without a finding, in the preview and in the deployment", () => {
            for (const { stdout, stderr } of [preview, up, secondUp]) {
                assert.doesNotMatch(stdout + stderr, /\[(mandatory|advisory)\]|"(mandatory|advisory)"/);
            }
            assert.match(up.stdout, /quartet@v\d+\.\d+\.\d+ \(local: .*policy\)/);
        });

        it("registers the resources of the plan, each with its place, inputs, dependencies and protection", () => {
            assertSamePlaces(resources, plan);
            assertSameValues(resources, plan);
        });
    });
}
