import * as assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { withoutPublicAddresses } from "../../components/support/taskNetwork";
import { applyPlan } from "../../local/apply";
import type { Plan, PlannedResource } from "../../plan/types";
import { resource, resourcesOfType, statements } from "../support/plans";
import { planOfProgram } from "./support/evaluate";
import { network, planOfNetwork, planOfUsedNetwork, table, vpcOf } from "./support/taskNetwork";

// Proves what AWS and awsx are asked for, not what awsx makes of it.

describe("a network of tasks", () => {
    for (const kind of ["private", "public"] as const) {
        describe(`of kind ${kind}`, () => {
            it("spans two zones given by name, resolves names, and asks for no NAT gateway", async () => {
                const { inputs } = resource(await planOfNetwork({ kind }), "awsx:ec2:Vpc", "net-vpc");

                assert.deepEqual(inputs, {
                    availabilityZoneNames: ["eu-west-1a", "eu-west-1b"],
                    cidrBlock: "10.0.0.0/16",
                    enableDnsHostnames: true,
                    enableDnsSupport: true,
                    natGateways: { strategy: "None" },
                    subnetSpecs: [{ type: kind === "public" ? "Public" : "Isolated" }],
                    subnetStrategy: "Auto",
                    tags: { Name: "quartet-dev-net" },
                });
            });

            it("closes the default security group of its VPC", async () => {
                const plan = await planOfNetwork({ kind });

                const [group, ...more] = resourcesOfType(plan, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
                assert.deepEqual([group.inputs, more], [{ vpcId: vpcOf(plan).vpcId }, []]);
            });

            it("lets nobody connect to a task", async () => {
                const plan = await planOfNetwork({ kind });

                const groups = resourcesOfType(plan, INGRESS).map(({ inputs }) => inputs.securityGroupId);
                assert.equal(groups.includes(tasks(plan).id), false);
                assert.deepEqual(Object.keys(tasks(plan).inputs), ["description", "name", "vpcId"]);
            });

            it("describes each group and rule in the characters that EC2 takes", async () => {
                const plan = await planOfNetwork({ kind });

                const described = [GROUP, INGRESS, EGRESS].flatMap((type) => resourcesOfType(plan, type));
                assert.notEqual(described.length, 0);
                for (const { name, inputs } of described) {
                    assert.match(String(inputs.description), /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/, name);
                }
            });

            it("gives its subnets and the tasks' group to others, once its rules and endpoints are there", async () => {
                const plan = await planOfUsedNetwork({ kind });

                const { inputs, dependsOn } = resource(plan, "aws:ssm/parameter:Parameter", "user");
                const ids = vpcOf(plan)[kind === "public" ? "publicSubnetIds" : "isolatedSubnetIds"] as string[];
                assert.equal(ids.length, 2);
                assert.equal(inputs.value, [tasks(plan).id, ...ids].join());
                const parts = [INGRESS, EGRESS, ENDPOINT].flatMap((type) => resourcesOfType(plan, type));
                assert.notEqual(parts.length, 0);
                assert.deepEqual(
                    parts.filter(({ urn }) => !dependsOn.includes(urn)),
                    [],
                );
            });

            it("is accepted by the local run, which serves none of it", async () => {
                const declared = await applyPlan(await planOfNetwork({ kind }), []);

                assert.equal(declared[GROUP], kind === "public" ? 1 : 2);
            });
        });
    }

    it("keeps private tasks off the internet: they reach the endpoints named, by HTTPS, and nothing else", async () => {
        const plan = await planOfNetwork({ kind: "private" });

        const endpoints = resource(plan, GROUP, "net-endpoints");
        const prefixList = (service: string) => resource(plan, ENDPOINT, `net-${service}`).outputs.prefixListId;
        const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
        const from = { securityGroupId: tasks(plan).id, ...https };
        assert.deepEqual(inputsOf(plan, EGRESS), {
            "net-tasks-to-s3": { ...from, description: "HTTPS to s3", prefixListId: prefixList("s3") },
            "net-tasks-to-dynamodb": {
                ...from,
                description: "HTTPS to dynamodb",
                prefixListId: prefixList("dynamodb"),
            },
            "net-tasks-to-endpoints": {
                ...from,
                description: "HTTPS to interface endpoints",
                referencedSecurityGroupId: endpoints.id,
            },
        });
        assert.deepEqual(inputsOf(plan, INGRESS), {
            "net-endpoints-from-tasks": {
                securityGroupId: endpoints.id,
                ...https,
                description: "HTTPS from tasks",
                referencedSecurityGroupId: tasks(plan).id,
            },
        });
        assert.match(String(prefixList("s3")), /^pl-[0-9a-f]{8}$/);
        assert.doesNotMatch(JSON.stringify(plan), /0\.0\.0\.0\/0|::\/0/);
    });

    it("leads private tasks to each service named, and to no other", async () => {
        const plan = await planOfNetwork({ kind: "private" });

        const routed = { vpcEndpointType: "Gateway", routeTableIds: routeTableIds(plan) };
        const placed = {
            vpcEndpointType: "Interface",
            subnetIds: vpcOf(plan).isolatedSubnetIds,
            securityGroupIds: [resource(plan, GROUP, "net-endpoints").id],
            privateDnsEnabled: true,
        };
        assert.equal(routeTableIds(plan).length, 2);
        assert.deepEqual(endpointInputs(plan), {
            "net-ecr-api": { ...placed, serviceName: "com.amazonaws.eu-west-1.ecr.api" },
            "net-ecr-dkr": { ...placed, serviceName: "com.amazonaws.eu-west-1.ecr.dkr" },
            "net-s3": { ...routed, serviceName: "com.amazonaws.eu-west-1.s3" },
            "net-dynamodb": { ...routed, serviceName: "com.amazonaws.eu-west-1.dynamodb" },
            "net-sqs": { ...placed, serviceName: "com.amazonaws.eu-west-1.sqs" },
        });
    });

    it("makes no group for interface endpoints where there are none", async () => {
        const plan = await planOfNetwork({ kind: "private", endpoints: [table] });

        assert.deepEqual(
            names(plan, ({ type }) => [GROUP, INGRESS, EGRESS, ENDPOINT].includes(type)),
            ["net-tasks", "net-dynamodb", "net-tasks-to-dynamodb"],
        );
    });

    it("lets private tasks through to nothing unless endpoints are named", async () => {
        const plan = await planOfNetwork({ kind: "private", endpoints: [] });

        assert.deepEqual(
            names(plan, ({ type }) => [GROUP, INGRESS, EGRESS, ENDPOINT].includes(type)),
            ["net-tasks"],
        );
    });

    it("lets public tasks connect by HTTPS alone, with the free endpoints alone", async () => {
        const plan = await planOfNetwork({ kind: "public" });

        assert.deepEqual(inputsOf(plan, EGRESS), {
            "net-tasks-to-internet": {
                securityGroupId: tasks(plan).id,
                description: "HTTPS to everywhere",
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                cidrIpv4: "0.0.0.0/0",
            },
        });
        assert.deepEqual(resourcesOfType(plan, INGRESS), []);
        const routed = { vpcEndpointType: "Gateway", routeTableIds: routeTableIds(plan) };
        assert.deepEqual(endpointInputs(plan), {
            "net-s3": { ...routed, serviceName: "com.amazonaws.eu-west-1.s3" },
            "net-dynamodb": { ...routed, serviceName: "com.amazonaws.eu-west-1.dynamodb" },
        });
        assert.deepEqual(policies(plan, "net-s3"), policies(await planOfNetwork({ kind: "private" }), "net-s3"));
    });

    it("tells ECS to give addresses to public tasks alone", async () => {
        const told: boolean[] = [];

        await planOfProgram(() => {
            told.push(network({ kind: "public" }).assignPublicIp);
        });
        await planOfProgram(() => {
            told.push(network({ kind: "private" }).assignPublicIp);
        });

        assert.deepEqual(told, [true, false]);
    });

    it("gives no public address to what asks for none in a public subnet", async () => {
        const transforms: unknown[] = [];
        const note = ({ type, opts }: pulumi.ResourceTransformationArgs) => {
            if (type === "awsx:ec2:Vpc") {
                transforms.push((opts as pulumi.ComponentResourceOptions).transforms);
            }
            return undefined;
        };
        await planOfProgram(() => void network({ kind: "public" }, { transformations: [note] }));

        const transformed = (type: string) => {
            const props = { mapPublicIpOnLaunch: true, vpcId: "vpc-1" };
            return withoutPublicAddresses({ type, name: "one", custom: true, props, opts: {} });
        };

        assert.deepEqual(transforms, [[withoutPublicAddresses]]);
        assert.deepEqual(transformed("aws:ec2/subnet:Subnet"), {
            props: { mapPublicIpOnLaunch: false, vpcId: "vpc-1" },
            opts: {},
        });
        assert.equal(transformed("aws:ec2/vpc:Vpc"), undefined);
    });

    it("is in the zones given", async () => {
        const plan = await planOfNetwork({ kind: "private", availabilityZones: ["eu-west-1b", "eu-west-1c"] });

        const { inputs } = resource(plan, "awsx:ec2:Vpc", "net-vpc");
        assert.deepEqual(inputs.availabilityZoneNames, ["eu-west-1b", "eu-west-1c"]);
    });
});

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

function routeTableIds(plan: Plan): string[] {
    return (vpcOf(plan).routeTables as { id: string }[]).map(({ id }) => id);
}

function tasks(plan: Plan): PlannedResource {
    return resource(plan, GROUP, "net-tasks");
}

function inputsOf(plan: Plan, type: string): Record<string, PlannedResource["inputs"]> {
    return Object.fromEntries(resourcesOfType(plan, type).map(({ name, inputs }) => [name, inputs]));
}

/** All but the policy, and the VPC, which is the same for all. */
function endpointInputs(plan: Plan): Record<string, unknown> {
    return Object.fromEntries(
        resourcesOfType(plan, ENDPOINT).map(({ name, inputs: { policy: _, vpcId, ...inputs } }) => {
            assert.equal(vpcId, vpcOf(plan).vpcId);
            return [name, inputs];
        }),
    );
}

function policies(plan: Plan, endpoint: string): unknown[] {
    return statements(resource(plan, ENDPOINT, endpoint).inputs.policy);
}

function names({ resources }: Plan, which: (resource: PlannedResource) => boolean): string[] {
    return resources.filter(which).map(({ name }) => name);
}
