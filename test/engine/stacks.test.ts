import * as assert from "node:assert/strict";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { UNKNOWN } from "../../tools/engine/unknown";
import { projectFolder } from "../support/plans";
import { assertSamePlaces, assertSameValues } from "./support/asPlanned";
import { documentsOf } from "./support/documents";
import { startEngine, type Ended, type Engine } from "./support/engine";
import { deployedResources, previewedSteps, type EngineResource } from "./support/resources";

// Proves that the engine takes the program as the plan has it, not that AWS accepts it.

for (const stack of ["dev", "prod"] as const) {
    describe(`the engine, with stack ${stack}`, () => {
        let engine: Engine;
        let plan: Plan;
        let preview: Ended;
        let up: Ended;
        let secondUp: Ended;
        let state: string;
        let resources: EngineResource[];
        let shownOutputs: Record<string, string>;
        let outputs: Record<string, string>;

        before(async () => {
            engine = await startEngine();
            // The plan is made in the checkout: nothing may depend on where the program lies.
            plan = await loadPlan(readProject(projectFolder, stack));
            const folder = engine.copyProject("a folder é");
            const pulumi = (...args: string[]) => engine.pulumi(folder, ...args, "--stack", stack);
            await engine.pulumi(folder, "stack", "init", stack);
            const pack = ["--policy-pack", "policy", "--policy-pack-config", `policy/${stack}.json`];
            preview = await pulumi("preview", "--json", ...pack);
            up = await pulumi("up", "--yes", "--skip-preview", ...pack);
            secondUp = await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...pack);
            state = (await pulumi("stack", "export")).stdout;
            resources = deployedResources(state);
            shownOutputs = JSON.parse((await pulumi("stack", "output", "--json")).stdout);
            outputs = JSON.parse((await pulumi("stack", "output", "--json", "--show-secrets")).stdout);
        });
        after(() => engine?.close());

        /** The resources of a type, of which there is at least one. */
        const ofType = (type: string) => {
            const found = resources.filter((resource) => resource.type === type);
            assert.notEqual(found.length, 0, `nothing is a ${type}`);
            return found;
        };

        /** URNs of those that a resource needs but does not wait for. */
        const notAwaited = ({ dependencies = [] }: EngineResource, needed: readonly EngineResource[]) =>
            needed.map(({ urn }) => urn).filter((urn) => !dependencies.includes(urn));

        it("previews a new stack as creations only", () => {
            assert.equal(preview.code, 0, preview.stderr + preview.stdout.slice(-2_000));
            assert.deepEqual([...new Set(previewedSteps(preview.stdout).map(({ op }) => op))], ["create"]);
        });

        it("shows every document whole in a preview, though other values are not known yet", () => {
            const documents = previewedSteps(preview.stdout).flatMap(({ newState }) => documentsOf(newState));

            assert.ok(
                preview.stdout.includes(`"role": "${UNKNOWN}"`),
                "a function's role is known only after it is made",
            );
            for (const property of [
                "policy",
                "assumeRolePolicy",
                "body",
                "dashboardBody",
                "accessLogSettings.format",
            ]) {
                assert.ok(
                    documents.some(({ place }) => place.endsWith(`.${property}`)),
                    `no ${property} is found`,
                );
            }
            assert.deepEqual(
                documents.filter(({ readable }) => !readable),
                [],
            );
        });

        it("deploys it, and finds nothing to change the second time", () => {
            assert.equal(up.code, 0, up.stdout + up.stderr);
            assert.equal(secondUp.code, 0, secondUp.stdout + secondUp.stderr);
        });

        it("passes the policy pack, in the preview and in the deployment", () => {
            for (const { stdout, stderr } of [preview, up, secondUp]) {
                assert.doesNotMatch(stdout + stderr, /\[mandatory\]|"mandatory"/);
            }
            assert.match(up.stdout, /quartet@v\d+\.\d+\.\d+ \(local: policy\)/);
        });

        it("has the contract's outputs, with URLs that end without a slash", () => {
            const url = new RegExp(`^https://[a-z0-9]{10}\\.execute-api\\.eu-west-1\\.amazonaws\\.com/${stack}$`);

            assert.deepEqual(Object.keys(outputs).sort(), [
                "challengeApiKey",
                "challengeApiKeyOther",
                "challengeApiUrl",
                "eventBucket",
                "eventIngestUrl",
                "orderServiceUrl",
                "orderTable",
                "uploadBucket",
                "uploadPipelineUrl",
                "uploadQueueUrl",
            ]);
            assert.match(outputs.eventIngestUrl, url);
            assert.match(outputs.uploadPipelineUrl, new RegExp(`${url.source.slice(0, -1)}-uploads$`));
            assert.match(outputs.challengeApiUrl, url);
        });

        it("masks both keys in the outputs and has them nowhere in plain text in the state", () => {
            const keys = [outputs.challengeApiKey, outputs.challengeApiKeyOther];

            assert.equal(new Set(keys).size, 2);
            assert.deepEqual(
                [shownOutputs.challengeApiKey, shownOutputs.challengeApiKeyOther],
                ["[secret]", "[secret]"],
            );
            keys.forEach((key, index) => assert.ok(!state.includes(key), `key ${index} is readable`));
        });

        it("registers exactly the resources of the plan, each under the same parent", () => {
            assertSamePlaces(resources, plan);
        });

        it("gives each resource the plan's inputs, dependencies and protection", () => {
            assertSameValues(resources, plan);
        });

        it("uploads the artifacts that the local run runs, to the byte", () => {
            const uploaded = ofType("aws:lambda/function:Function").map(({ urn, inputs }) => [
                urn,
                inputs!.code.assets["index.js"].hash,
            ]);

            const run = plan.resources
                .filter(({ type }) => type === "aws:lambda/function:Function")
                .map(({ urn, inputs }) => [urn, (inputs.code as any).archive["index.js"].sha256]);
            assert.ok(run.length >= 2);
            assert.deepEqual(uploaded.sort(), run.sort());
        });

        it("makes a function only after its role's policy and its log group", () => {
            for (const made of ofType("aws:lambda/function:Function")) {
                const { role, loggingConfig } = made.inputs!;
                const policies = ofType("aws:iam/rolePolicy:RolePolicy").filter((policy) =>
                    role.endsWith(`/${policy.inputs!.role}`),
                );
                const logs = ofType("aws:cloudwatch/logGroup:LogGroup").filter(
                    (group) => group.inputs!.name === loggingConfig.logGroup,
                );

                assert.deepEqual([policies.length, logs.length], [1, 1], made.urn);
                assert.deepEqual(notAwaited(made, [...policies, ...logs]), [], made.urn);
            }
        });

        it("makes a stage only after the account may write logs", () => {
            const needed = [
                ...ofType("aws:apigateway/account:Account"),
                ...ofType("aws:iam/rolePolicy:RolePolicy").filter(({ urn }) => urn.endsWith("::api-logging-policy")),
            ];

            assert.equal(needed.length, 2);
            for (const made of ofType("aws:apigateway/stage:Stage")) {
                assert.deepEqual(notAwaited(made, needed), [], made.urn);
            }
        });

        it("changes a bucket's policy only after its public access is blocked", () => {
            for (const made of ofType("aws:s3/bucketPolicy:BucketPolicy")) {
                const needed = ofType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").filter(
                    (block) => block.inputs!.bucket === made.inputs!.bucket,
                );

                assert.equal(needed.length, 1, made.urn);
                assert.deepEqual(notAwaited(made, needed), [], made.urn);
            }
        });

        if (stack === "prod") {
            it("makes the customer key only after every role that its policy names", () => {
                const [key] = ofType("aws:kms/key:Key");
                const named: string[] = key.inputs!.policy.match(/(?<=:role\/)[\w-]+/g);
                const roles = ofType("aws:iam/role:Role").filter(({ inputs }) => named.includes(inputs!.name));

                assert.deepEqual(roles.map(({ inputs }) => inputs!.name).sort(), [...new Set(named)].sort());
                assert.ok(roles.length > 0);
                assert.deepEqual(notAwaited(key, roles), []);
            });
        }
    });
}
