import * as assert from "node:assert/strict";
import type { PolicyResource } from "@pulumi/policy";
import { rule as nacl } from "../../../policy/rules/ec2/nacl-no-open";
import { rule as subnet } from "../../../policy/rules/ec2/subnet-no-public-ip";
import { rule as defaultGroup } from "../../../policy/rules/ec2/vpc-default-sg-closed";
import { rule as flowLogs } from "../../../policy/rules/ec2/vpc-flow-logs";
import { rule as noDefault } from "../../../policy/rules/ec2/vpc-no-default";
import { stackOf } from "../../../policy/support/resources";
import { inVpc, isJudgedVpc } from "../../../policy/support/ec2/vpcs";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

type Props = Record<string, unknown>;

const VPC = "aws:ec2/vpc:Vpc";
const COMPONENT = "awsx:ec2:Vpc";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

const vpc = { type: VPC, name: "net", props: { cidrBlock: "10.0.0.0/16" }, outputs: { id: "vpc-1" } };
const component = { type: COMPONENT, name: "net", props: { cidrBlock: "10.0.0.0/16" }, outputs: { vpcId: "vpc-1" } };
const newVpcs = [
    { ...vpc, outputs: { id: UNKNOWN } },
    { ...component, outputs: { vpcId: UNKNOWN } },
];
const unknownAt = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("vpc-flow-logs", () => {
    const mend = "Make an aws.ec2.FlowLog with the VPC's vpcId and trafficType ALL or REJECT.";
    const log = (props: Props): Declared => ({ type: FLOW_LOG, name: "log", props: { vpcId: "vpc-1", ...props } });

    for (const one of [vpc, component]) {
        it(`takes a ${one.type} with a flow log, and refuses one without`, async () => {
            assert.deepEqual(await judgeStack(flowLogs, [one, log({ trafficType: "ALL" })]), []);
            assert.deepEqual(await judgeStack(flowLogs, [one, log({ trafficType: "REJECT" })]), []);
            assert.deepEqual(await judgeStack(flowLogs, [one]), [`net has no flow log. ${mend}`]);
            assert.deepEqual(await judgeStack(flowLogs, [one, log({ vpcId: "vpc-2" })]), [
                `net has no flow log. ${mend}`,
            ]);
        });
    }

    for (const one of newVpcs) {
        it(`takes a new ${one.type} whose flow log names it by its output`, async () => {
            const named = { ...log({ vpcId: UNKNOWN, trafficType: "ALL" }), refers: { vpcId: ["net"] } };
            assert.deepEqual(await judgeStack(flowLogs, [one, named]), []);
            assert.deepEqual(await judgeStack(flowLogs, [one, { ...named, refers: {} }]), [
                `net has no flow log. ${mend}`,
            ]);
        });
    }

    it("refuses a VPC whose refused connections are not logged", async () => {
        assert.deepEqual(await judgeStack(flowLogs, [vpc, log({ trafficType: "ACCEPT" })]), [
            `net has a flow log of accepted connections only. ${mend}`,
        ]);
    });

    it("does not take a flow log of unknown traffic for one of refused connections", async () => {
        assert.deepEqual(await judgeStack(flowLogs, [vpc, log({ trafficType: UNKNOWN })]), [
            unknownAt("net", "trafficType"),
        ]);
    });
});

describe("VPCs of components", () => {
    const parent = policyResource(COMPONENT, "net");
    const child = policyResource(VPC, "net", { parent });
    const log = policyResource(FLOW_LOG, "log", {
        props: { vpcId: "vpc-1" },
        propertyDependencies: { vpcId: [parent] },
    });

    it("are judged in place of the component wherever they are known", () => {
        const stack = stackOf([parent, child]);
        assert.deepEqual(
            stack.resources.map((resource) => isJudgedVpc(resource, stack)),
            [false, true],
        );
        assert.equal(isJudgedVpc(stack.resources[0], stackOf([parent, policyResource(VPC, "other")])), true);
    });

    it("have what names the component", () => {
        const stack = stackOf([parent, child, policyResource(VPC, "other"), log]);
        const logsOf = (index: number) => inVpc(stack.resources[index], stack, FLOW_LOG).length;
        assert.deepEqual([0, 1, 2].map(logsOf), [1, 1, 0]);
    });
});

describe("vpc-default-sg-closed", () => {
    const mend = "Make an aws.ec2.DefaultSecurityGroup with the VPC's vpcId, without ingress and egress.";
    const group = (props: Props): Declared => ({
        type: DEFAULT_GROUP,
        name: "group",
        props: { vpcId: "vpc-1", ...props },
    });

    for (const one of [vpc, component]) {
        it(`takes a ${one.type} whose group has no rules, and refuses one that leaves it as AWS makes it`, async () => {
            assert.deepEqual(await judgeStack(defaultGroup, [one, group({})]), []);
            assert.deepEqual(await judgeStack(defaultGroup, [one, group({ ingress: [], egress: [] })]), []);
            assert.deepEqual(await judgeStack(defaultGroup, [one]), [
                `net leaves its default security group open. ${mend}`,
            ]);
        });
    }

    it("takes a group for closed whose rules only the provider knows", async () => {
        assert.deepEqual(
            await judgeStack(defaultGroup, [{ ...group({}), outputs: { ingress: UNKNOWN, egress: [{}] } }]),
            [],
        );
    });

    it("refuses rules in the group", async () => {
        assert.deepEqual(await judgeStack(defaultGroup, [vpc, group({ ingress: [{ self: true }], egress: UNKNOWN })]), [
            "group has rules in ingress. Remove ingress from the group. [ingress]",
            unknownAt("group", "egress"),
        ]);
    });
});

describe("vpc-no-default", () => {
    for (const [type, what] of [
        ["aws:ec2/defaultVpc:DefaultVpc", "VPC"],
        ["aws:ec2/defaultSubnet:DefaultSubnet", "subnet"],
    ]) {
        it(`refuses the default ${what}`, async () => {
            assert.deepEqual(await judge(noDefault, { type }), [
                `it takes over the account's default ${what}. Make an aws.ec2.Vpc or awsx.ec2.Vpc with subnets instead.`,
            ]);
        });
    }

    it("takes another VPC", async () => {
        assert.deepEqual(await judge(noDefault, vpc), []);
    });
});

describe("subnet-no-public-ip", () => {
    for (const [props, messages] of [
        [{}, []],
        [{ mapPublicIpOnLaunch: false }, []],
        ...[true, "true"].map((mapPublicIpOnLaunch) => [
            { mapPublicIpOnLaunch },
            [
                "it gives a public address to each instance. Leave mapPublicIpOnLaunch out, and ask for an address where one is needed.",
            ],
        ]),
        [{ mapPublicIpOnLaunch: UNKNOWN }, [unknownAt("it", "mapPublicIpOnLaunch")]],
    ] as [Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "refuses"} a subnet with ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(subnet, { type: "aws:ec2/subnet:Subnet", props }), messages);
        });
    }
});

describe("nacl-no-open", () => {
    const ACL = "aws:ec2/networkAcl:NetworkAcl";
    const ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule";
    const open = (traffic: string, range: string, place = "") =>
        `it lets ${traffic} in from ${range}${place}. Name the ports in fromPort and toPort, without 22 and 3389, or the ` +
        `networks in cidrBlock. [${range} ${traffic}]`;
    const allow = { action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0" };
    for (const [title, type, props, messages] of [
        ["HTTPS from everywhere", ACL, { ingress: [{ ...allow, fromPort: 443, toPort: 443 }] }, []],
        ["a denial", ACL, { ingress: [{ ...allow, action: "deny", protocol: "-1" }] }, []],
        [
            "everything from the own network",
            ACL,
            { ingress: [{ ...allow, protocol: "-1", cidrBlock: "10.0.0.0/16" }] },
            [],
        ],
        ["what goes out", ACL, { egress: [{ ...allow, protocol: "-1" }] }, []],
        [
            "a rule outwards",
            ACL_RULE,
            { egress: true, ruleAction: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0" },
            [],
        ],
        ["ping", ACL, { ingress: [{ ...allow, protocol: "1" }] }, []],
        [
            "everything, beside an entry that can't be read",
            ACL,
            {
                ingress: [
                    { ...allow, protocol: UNKNOWN },
                    { ...allow, protocol: "-1" },
                ],
            },
            [unknownAt("it", "ingress.0.protocol"), open("all traffic", "0.0.0.0/0", " in ingress[1]")],
        ],
        [
            "all ports",
            ACL,
            { ingress: [{ ...allow, fromPort: 0, toPort: 65535 }] },
            [open("all ports of tcp", "0.0.0.0/0", " in ingress[0]")],
        ],
        [
            "SSH by a rule",
            ACL_RULE,
            { ruleAction: "ALLOW", protocol: 6, ipv6CidrBlock: "::/0", fromPort: 22, toPort: 22 },
            [open("tcp 22", "::/0")],
        ],
        [
            "Remote Desktop in a range of ports",
            ACL_RULE,
            { ruleAction: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0", fromPort: 1024, toPort: 65535 },
            [open("tcp 3389", "0.0.0.0/0")],
        ],
        ["an unknown direction", ACL_RULE, { egress: UNKNOWN }, [unknownAt("it", "egress")]],
    ] as [string, string, Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "tells of"} ${title}`, async () => {
            assert.deepEqual(await judge(nacl, { type, props }), messages);
        });
    }
});

function policyResource(type: string, name: string, some: Partial<PolicyResource> = {}): PolicyResource {
    const urn = `urn:pulumi:direct::quartet::${type}::${name}`;
    return {
        ...{ urn, type, name, props: {}, opts: { protect: false }, propertyDependencies: {} },
        ...some,
    } as PolicyResource;
}
