import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/ec2/vpc-endpoints";
import { judgeStack, UNKNOWN, type Declared } from "../support/judge";

type Props = Record<string, unknown>;

const vpc: Declared = { type: "awsx:ec2:Vpc", name: "net", props: { natGateways: {} }, outputs: { vpcId: "vpc-1" } };
const group: Declared = {
    type: "aws:ec2/securityGroup:SecurityGroup",
    name: "group",
    props: { vpcId: "vpc-1" },
    outputs: { id: "sg-1" },
};
const table: Declared = { type: "aws:dynamodb/table:Table", name: "table" };
const secret: Declared = { type: "aws:secretsmanager/secret:Secret", name: "secret" };
const service = (network: unknown): Declared => ({
    type: "aws:ecs/service:Service",
    name: "service",
    props: { networkConfiguration: network },
});
const handler: Declared = {
    type: "aws:lambda/function:Function",
    name: "handler",
    props: { vpcConfig: { subnetIds: UNKNOWN, securityGroupIds: [UNKNOWN, "sg-1"] } },
};
const worker = service({ subnets: UNKNOWN, securityGroups: ["sg-1"] });
const scoped = (resource: unknown, some: Props = {}) =>
    JSON.stringify({
        Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: resource, ...some },
    });
const endpoint = (name: string, props: Props = {}): Declared => ({
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    name,
    props: {
        vpcId: "vpc-1",
        serviceName: `com.amazonaws.eu-west-1.${name}`,
        policy: scoped("arn:aws:s3:::b/*"),
        ...props,
    },
    outputs: { id: `vpce-${name}` },
});

describe("vpc-endpoints: services", () => {
    const missing = (...services: string[]) =>
        services.map(
            (each) =>
                `net has private workloads but no endpoint of ${each}. Make an aws.ec2.VpcEndpoint for the service in the VPC. [${each}]`,
        );
    const ALL = ["s3", "ecr.api", "ecr.dkr", "logs"];
    for (const [title, resources, messages] of [
        ["a VPC that nothing runs in", [vpc, group, table], []],
        ["tasks with all that they need", [vpc, group, worker, ...ALL.map((each) => endpoint(each))], []],
        ["tasks with public addresses", [vpc, group, service({ securityGroups: ["sg-1"], assignPublicIp: true })], []],
        ["tasks of another VPC", [vpc, group, service({ securityGroups: ["sg-2"] })], []],
        ["functions without a VPC", [vpc, group, { ...handler, props: {} }, table], []],
        ["tasks without any", [vpc, group, worker], missing(...ALL)],
        [
            "endpoints in another VPC",
            [vpc, group, worker, ...ALL.map((each) => endpoint(each, { vpcId: "vpc-2" }))],
            missing(...ALL),
        ],
        [
            "a function, in a stack with a table and a secret",
            [vpc, group, handler, table, secret],
            missing("dynamodb", "secretsmanager"),
        ],
        [
            "tasks in a new group",
            [
                vpc,
                { ...group, outputs: { id: UNKNOWN } },
                { ...service({ securityGroups: [UNKNOWN] }), refers: { networkConfiguration: ["group"] } },
                endpoint("s3"),
            ],
            missing("ecr.api", "ecr.dkr", "logs"),
        ],
        [
            "tasks that may have public addresses",
            [vpc, group, { ...service(UNKNOWN), refers: { networkConfiguration: ["group"] } }],
            [
                "net could not be judged, since networkConfiguration is known only after a deployment. Compute the value from " +
                    "names and config instead of outputs, so that a preview can read it. [unknown:networkConfiguration]",
            ],
        ],
    ] as [string, Declared[], string[]][]) {
        it(`${messages.length === 0 ? "takes" : "tells of"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(rule, resources), messages);
        });
    }
});

describe("vpc-endpoints: policies", () => {
    const mend = "Set policy to the actions and resources that the workload calls.";
    const attached = (policy: unknown): Declared => ({
        type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        name: "policy",
        props: { vpcEndpointId: "vpce-s3", policy },
    });
    const everything = (action: string) => [
        `s3 allows ${action} on everything in statement 1 of policy. ${mend} [${action}]`,
    ];
    for (const [title, resources, messages] of [
        ["a policy that names a resource", [endpoint("s3")], []],
        ["all actions on one resource", [endpoint("s3", { policy: scoped("arn:aws:s3:::b/*", { Action: "*" }) })], []],
        ["a policy of its own", [endpoint("s3", { policy: "" }), attached(scoped("*"))], []],
        [
            "everything within the organisation",
            [
                endpoint("s3", {
                    policy: scoped("*", { Action: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } } }),
                }),
            ],
            [],
        ],
        [
            "a service of somebody else",
            [endpoint("x", { serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-1", policy: "" })],
            [],
        ],
        [
            "no policy",
            [endpoint("s3", { policy: null })],
            [`s3 has no policy, and so allows everything. ${mend} [policy]`],
        ],
        ["everything", [endpoint("s3", { policy: scoped("*", { Action: "*" }) })], everything("*")],
        ["all of a service", [endpoint("s3", { policy: scoped(["*"], { Action: ["s3:*"] }) })], everything("s3:*")],
        [
            "everything in a policy of its own",
            [endpoint("s3", { policy: "" }), attached(scoped("*", { Action: "*" }))],
            everything("*"),
        ],
        [
            "an unknown policy",
            [endpoint("s3", { policy: UNKNOWN })],
            [
                "s3 could not be judged, since policy is known only after a deployment. Compute the value from names and config " +
                    "instead of outputs, so that a preview can read it. [unknown:policy]",
            ],
        ],
    ] as [string, Declared[], string[]][]) {
        it(`${messages.length === 0 ? "take" : "tell of"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(rule, resources), messages);
        });
    }
});
