import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadPlan } from "../../plan/load";
import { readProject } from "../../plan/project";
import type { Plan } from "../../plan/types";
import { assertSamePlaces, assertSameValues } from "./support/asPlanned";
import { startEngine, type Ended, type Engine } from "./support/engine";
import { UNKNOWN } from "../../tools/engine/unknown";
import { deployedResources, previewedSteps, type EngineResource } from "./support/resources";

// Proves what the engine does with the plan's remote components, not what the plugin of awsx makes of them.

const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

class Network extends pulumi.ComponentResource {
    readonly vpc: awsx.ec2.Vpc;
    constructor(name: string) {
        super("test:index:Network", name);
        this.vpc = new awsx.ec2.Vpc(
            name,
            {
                availabilityZoneNames: ["eu-west-1a", "eu-west-1b"],
                subnetSpecs: [{ type: "Isolated" }],
                natGateways: { strategy: "None" },
            },
            { parent: this, protect: true, transforms: [({ props, opts }) => ({ props, opts })] },
        );
        this.registerOutputs({ vpcId: this.vpc.vpcId });
    }
}

const { vpc } = new Network("net");
new aws.ec2.VpcEndpoint("endpoint", {
    vpcId: vpc.vpcId,
    serviceName: "com.amazonaws.eu-west-1.s3",
    subnetIds: vpc.isolatedSubnetIds,
    routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)),
});
const repository = new aws.ecr.Repository("images");
const image = new awsx.ecr.Image("image", {
    repositoryUrl: repository.repositoryUrl,
    args: { TOKEN: pulumi.secret("not-in-the-state") },
});
new aws.ssm.Parameter("uri", { type: "String", value: image.imageUri });
export const imageUri = image.imageUri;
`;

describe("the engine, with remote components", () => {
    let engine: Engine;
    let plan: Plan;
    let preview: Ended;
    let up: Ended;
    let secondUp: Ended;
    let secondPreview: Ended;
    let state: string;
    let resources: EngineResource[];
    let outputs: Record<string, string>;

    before(async () => {
        engine = await startEngine();
        const folder = engine.copyProject("remote");
        fs.writeFileSync(path.join(folder, "index.ts"), PROGRAM);
        plan = await loadPlan(readProject(folder, "dev"));
        const pulumi = (...args: string[]) => engine.pulumi(folder, ...args, "--stack", "dev");
        await engine.pulumi(folder, "stack", "init", "dev");
        preview = await pulumi("preview", "--json");
        up = await pulumi("up", "--yes", "--skip-preview");
        secondUp = await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
        secondPreview = await pulumi("preview", "--expect-no-changes");
        state = (await pulumi("stack", "export")).stdout;
        resources = deployedResources((await pulumi("stack", "export", "--show-secrets")).stdout);
        outputs = JSON.parse((await pulumi("stack", "output", "--json", "--show-secrets")).stdout);
    });
    after(() => engine?.close());

    it("previews a new stack as creations only, in which what AWS will make is unknown", () => {
        assert.equal(preview.code, 0, preview.stderr + preview.stdout);
        const steps = previewedSteps(preview.stdout);
        const { vpcId, subnetIds } = steps.find(({ newState }) => newState.urn.endsWith("::endpoint"))!.newState
            .inputs!;
        assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
        assert.deepEqual([vpcId, subnetIds], [UNKNOWN, UNKNOWN]);
    });

    it("deploys them, and finds nothing to change the second time, be it a deployment or a preview", () => {
        for (const { code, stdout, stderr } of [up, secondUp, secondPreview]) {
            assert.equal(code, 0, stdout + stderr);
        }
    });

    it("registers exactly the resources of the plan, each under the same parent", () => {
        assert.equal(plan.resources.length, 6);
        assertSamePlaces(resources, plan);
    });

    it("gives each the plan's inputs, dependencies and protection", () => {
        assertSameValues(resources, plan);
    });

    it("answers the image that the plan predicts, and has its secret argument nowhere in plain text", () => {
        assert.match(outputs.imageUri, /\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/images-\w{7}@sha256:[0-9a-f]{64}$/);
        assert.equal(outputs.imageUri, plan.outputs.imageUri);
        assert.ok(!state.includes("not-in-the-state"), "the argument is readable");
    });
});
