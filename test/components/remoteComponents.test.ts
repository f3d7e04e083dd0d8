import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedResource } from "../../plan/types";
import { resource, resourcesOfType } from "../support/plans";
import { planOfProgram } from "./support/evaluate";

// Proves what the plan predicts of remote components, not what awsx makes of them.

const ZONES = ["eu-west-1a", "eu-west-1b"];

describe("the plan of a remote component", () => {
    it("says that it is one, and has no children of it", async () => {
        const plan = await planOfProgram(() => {
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
            new awsx.ec2.Vpc("net", { availabilityZoneNames: ZONES }, { parent, protect: true });
        });

        const vpc = resource(plan, "awsx:ec2:Vpc", "net");
        assert.deepEqual([vpc.custom, vpc.remote, vpc.id, vpc.protect], [false, true, "", true]);
        assert.equal(vpc.parent, resource(plan, "test:index:Parent", "parent").urn);
        assert.equal(vpc.urn.split("::")[2], "test:index:Parent$awsx:ec2:Vpc");
        assert.deepEqual(vpc.inputs, { availabilityZoneNames: ZONES });
        assert.ok(
            !("remote" in resource(plan, "test:index:Parent", "parent")),
            "a component of the program is not remote",
        );
        assert.equal(plan.resources.length, 2);
    });

    it("gives its outputs to other resources, which wait for it", async () => {
        const plan = await planOfProgram(() => {
            const { vpcId, isolatedSubnetIds, routeTables } = vpcOf(["Isolated"]);
            new aws.ec2.VpcEndpoint("endpoint", {
                ...{ vpcId, serviceName: "s3", subnetIds: isolatedSubnetIds },
                routeTableIds: routeTables.apply((tables) => tables.map(({ id }) => id)),
            });
        });

        const { outputs, urn } = resource(plan, "awsx:ec2:Vpc", "net");
        const { inputs, dependsOn } = resource(plan, "aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint");
        assert.match(String(inputs.vpcId), /^vpc-[0-9a-f]{17}$/);
        assert.deepEqual([inputs.vpcId, inputs.subnetIds], [outputs.vpcId, outputs.isolatedSubnetIds]);
        assert.deepEqual(
            (inputs.routeTableIds as string[]).map((id) => /^rtb-[0-9a-f]{17}$/.test(id)),
            [true, true],
        );
        assert.deepEqual(dependsOn, [urn]);
    });

    it("is refused when a plan does not know what the component answers", async () => {
        await assert.rejects(
            planOfProgram(() => void new awsx.lb.ApplicationLoadBalancer("balancer")),
            /A plan cannot tell what awsx:lb:ApplicationLoadBalancer answers\./,
        );
    });

    it("takes `transforms`, which only an engine applies", async () => {
        let called = 0;

        const plan = await planOfProgram(
            () => void new awsx.ec2.Vpc("net", { availabilityZoneNames: ZONES }, { transforms: [() => void called++] }),
        );

        assert.equal(called, 0);
        assert.ok(resource(plan, "awsx:ec2:Vpc", "net").remote);
    });
});

describe("the plan of a VPC", () => {
    it("has one subnet in each zone for each specification, all different", async () => {
        const outputs = await outputsOf(["Public", "Private", "Private", "Isolated", "Unused"]);

        const ids = [outputs.publicSubnetIds, outputs.privateSubnetIds, outputs.isolatedSubnetIds] as string[][];
        assert.deepEqual(
            ids.map(({ length }) => length),
            [2, 4, 2],
        );
        assert.equal(new Set(ids.flat()).size, 8);
        assert.deepEqual(
            ids.flat().filter((id) => !/^subnet-[0-9a-f]{17}$/.test(id)),
            [],
        );
        assert.equal((outputs.routeTables as unknown[]).length, 8);
    });

    it("has awsx's public and private subnets when nothing is specified, and isolated ones only on demand", async () => {
        const counts = ({ publicSubnetIds, privateSubnetIds, isolatedSubnetIds }: PlannedResource["outputs"]) =>
            [publicSubnetIds, privateSubnetIds, isolatedSubnetIds].map((ids) => (ids as string[]).length);

        assert.deepEqual(counts(await outputsOf([])), [2, 2, 0]);
        assert.deepEqual(counts(await outputsOf(["Isolated"])), [0, 0, 2]);
        assert.deepEqual(counts(await outputsOf(["Isolated"], "AutoMerge")), [2, 2, 2]);
    });

    it("has the same ids at each evaluation", async () => {
        assert.deepEqual(await outputsOf(["Public"]), await outputsOf(["Public"]));
    });

    it("is refused without the names of its zones", async () => {
        await assert.rejects(
            planOfProgram(() => void new awsx.ec2.Vpc("net")),
            /availabilityZoneNames is missing: without it awsx asks the cloud for the names of the zones\./,
        );
    });

    async function outputsOf(
        types: readonly awsx.types.enums.ec2.SubnetType[],
        strategy?: awsx.types.enums.ec2.SubnetAllocationStrategy,
    ): Promise<PlannedResource["outputs"]> {
        return resource(await planOfProgram(() => void vpcOf(types, strategy)), "awsx:ec2:Vpc", "net").outputs;
    }
});

describe("the plan of an image", () => {
    it("names it by its repository and a digest", async () => {
        const plan = await planOfProgram(() => {
            const repository = new aws.ecr.Repository("images", { name: "team/images" });
            image(repository.repositoryUrl);
            new aws.ecr.LifecyclePolicy("images", { repository: repository.name, policy: "{}" });
        });

        const url = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/images";
        const repository = resource(plan, "aws:ecr/repository:Repository", "images");
        assert.equal(repository.outputs.repositoryUrl, url);
        assert.equal(repository.outputs.registryId, "111111111111");
        assert.equal(repository.outputs.arn, "arn:aws:ecr:eu-west-1:111111111111:repository/team/images");
        assert.equal(resource(plan, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "images").id, "team/images");
        const { outputs, dependsOn } = resource(plan, "awsx:ecr:Image", "image");
        assert.match(String(outputs.imageUri), new RegExp(`^${url}@sha256:[0-9a-f]{64}$`));
        assert.deepEqual(dependsOn, [repository.urn]);
    });

    it("has another digest exactly when its inputs are others", async () => {
        const plan = await planOfProgram(() => {
            image("r", { dockerfile: "Dockerfile", imageTag: "one" }, "a");
            image("r", { imageTag: "one", dockerfile: "Dockerfile" }, "b");
            image("r", { imageTag: "two", dockerfile: "Dockerfile" }, "c");
        });

        const [a, b, c] = resourcesOfType(plan, "awsx:ecr:Image").map(({ outputs }) => outputs.imageUri);
        assert.equal(a, b);
        assert.notEqual(a, c);
    });

    function image(repositoryUrl: pulumi.Input<string>, args: Partial<awsx.ecr.ImageArgs> = {}, name = "image"): void {
        new awsx.ecr.Image(name, { repositoryUrl, ...args });
    }
});

function vpcOf(
    types: readonly awsx.types.enums.ec2.SubnetType[],
    subnetStrategy?: awsx.types.enums.ec2.SubnetAllocationStrategy,
): awsx.ec2.Vpc {
    return new awsx.ec2.Vpc("net", {
        ...{ availabilityZoneNames: ZONES, subnetSpecs: types.map((type) => ({ type })), subnetStrategy },
        natGateways: { strategy: "None" },
    });
}
