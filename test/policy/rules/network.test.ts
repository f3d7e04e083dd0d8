import * as assert from "node:assert/strict";
import { rule as conflicts } from "../../../policy/rules/ec2/sg-rule-conflicts";
import { rule as description } from "../../../policy/rules/ec2/sg-description";
import { rule as ingress } from "../../../policy/rules/ec2/sg-no-open-ingress";
import { rule as egress } from "../../../policy/rules/ec2/sg-open-egress";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

type Props = Record<string, unknown>;

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const HTTPS = { protocol: "tcp", fromPort: 443, toPort: 443 };
const unknownAt = (path: string) =>
    `it could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("sg-no-open-ingress", () => {
    const open = (traffic: string, range: string) =>
        `it accepts ${traffic} from ${range}. Name the networks or security groups that may connect in the rule's cidrIpv4, ` +
        `cidrBlocks or referencedSecurityGroupId. [${range} ${traffic}]`;
    for (const [title, type, props, messages] of [
        ["a group without rules", GROUP, { description: "d" }, []],
        ["a group that is open within its network", GROUP, { ingress: [{ ...HTTPS, cidrBlocks: ["10.0.0.0/8"] }] }, []],
        [
            "a group that is open to the world outwards",
            GROUP,
            { egress: [{ ...HTTPS, cidrBlocks: ["0.0.0.0/0"] }] },
            [],
        ],
        ["a rule outwards", RULE, { type: "egress", ...HTTPS, cidrBlocks: ["0.0.0.0/0"] }, []],
        ["a rule for a new group", IN, { ipProtocol: "-1", referencedSecurityGroupId: UNKNOWN }, []],
        ["a rule for private addresses of IPv6", IN, { ipProtocol: "-1", cidrIpv6: "fc00::/7" }, []],
        [
            "an open rule in a group, beside one that can't be read",
            GROUP,
            {
                ingress: [
                    { ...HTTPS, cidrBlocks: [UNKNOWN, "0.0.0.0/0"] },
                    { ...HTTPS, ipv6CidrBlocks: ["::/0"] },
                ],
            },
            [unknownAt("ingress.0.cidrBlocks.0"), open("tcp 443", "0.0.0.0/0"), open("tcp 443", "::/0")],
        ],
        [
            "a default group for everybody",
            DEFAULT_GROUP,
            { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
            [open("all traffic", "0.0.0.0/0")],
        ],
        [
            "an older rule",
            RULE,
            { type: "ingress", protocol: "6", fromPort: "22", toPort: 23, cidrBlocks: "0.0.0.0/0" },
            [open("tcp 22-23", "0.0.0.0/0")],
        ],
        ["a rule", IN, { ipProtocol: -1, cidrIpv4: "0.0.0.0/0" }, [open("all traffic", "0.0.0.0/0")]],
        ["a rule for IPv6", IN, { ipProtocol: "icmpv6", cidrIpv6: "::/0" }, [open("icmpv6", "::/0")]],
        [
            "half of the internet",
            IN,
            { ipProtocol: "tcp", fromPort: 80, cidrIpv4: "128.0.0.0/1" },
            [open("tcp 80", "128.0.0.0/1")],
        ],
        [
            "all of IPv6 that there is",
            IN,
            { ipProtocol: "-1", cidrIpv6: "2000::/3" },
            [open("all traffic", "2000::/3")],
        ],
        ["unknown rules", GROUP, { ingress: UNKNOWN }, [unknownAt("ingress")]],
        ["an unknown direction", RULE, { type: UNKNOWN, ...HTTPS }, [unknownAt("type")]],
    ] as [string, string, Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "refuses"} ${title}`, async () => {
            assert.deepEqual(await judge(ingress, { type, props }), messages);
        });
    }
});

describe("sg-open-egress", () => {
    const open = (traffic: string, range: string) =>
        `it lets ${traffic} out to ${range}. Name the protocol and the port in the egress rule, such as tcp 443, or the ` +
        `networks that are reached. [${range} ${traffic}]`;
    for (const [title, type, props, messages] of [
        ["a group without rules, to which the provider leaves none", GROUP, {}, []],
        ["HTTPS to everywhere", OUT, { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }, []],
        ["everything within the network", GROUP, { egress: [{ protocol: "-1", cidrBlocks: ["10.0.0.0/16"] }] }, []],
        ["everything inwards", RULE, { type: "ingress", protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }, []],
        [
            "everything to everywhere in a group",
            GROUP,
            { egress: { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] } },
            [open("all traffic", "0.0.0.0/0"), open("all traffic", "::/0")],
        ],
        [
            "everything by an older rule",
            RULE,
            { type: "egress", protocol: "all", cidrBlocks: ["0.0.0.0/0"] },
            [open("all traffic", "0.0.0.0/0")],
        ],
        [
            "all ports",
            OUT,
            { ipProtocol: "17", fromPort: 0, toPort: 65535, cidrIpv6: "::/0" },
            [open("udp 0-65535", "::/0")],
        ],
        ["an unknown protocol", OUT, { ipProtocol: UNKNOWN, cidrIpv4: "0.0.0.0/0" }, [unknownAt("ipProtocol")]],
    ] as [string, string, Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "tells of"} ${title}`, async () => {
            assert.deepEqual(await judge(egress, { type, props }), messages);
        });
    }
});

describe("sg-description", () => {
    const mend = "Set description to who may talk to whom, and why.";
    for (const [title, type, props, messages] of [
        [
            "a group and its rules",
            GROUP,
            { description: "d", ingress: [{ description: "d" }], egress: [{ description: UNKNOWN }] },
            [],
        ],
        ["a group whose description is unknown", GROUP, { description: UNKNOWN }, []],
        ["a rule", IN, { description: "d" }, []],
        ["nothing", GROUP, {}, [`it has no description of its own. ${mend} [description]`]],
        [
            "the provider's",
            GROUP,
            { description: "Managed by Pulumi" },
            [`it has no description of its own. ${mend} [description]`],
        ],
        [
            "a group, but not its rules",
            GROUP,
            { description: "d", ingress: [{ description: "d" }, {}], egress: [{ description: "" }] },
            [
                `it has no description in ingress[1]. ${mend} [ingress[1]]`,
                `it has no description in egress[0]. ${mend} [egress[0]]`,
            ],
        ],
        ...[IN, OUT].map((type) => ["no rule", type, {}, [`it has no description. ${mend} [description]`]]),
        ["no older rule", RULE, { type: "egress" }, [`it has no description. ${mend} [description]`]],
    ] as [string, string, Props, string[]][]) {
        it(`${messages.length === 0 ? "takes" : "tells of"} ${title} (${type}) ${JSON.stringify(props)}`, async () => {
            assert.deepEqual(await judge(description, { type, props }), messages);
        });
    }
});

describe("sg-rule-conflicts", () => {
    const removes = (direction: string) =>
        `web removes the rule one, since its own ${direction} leaves that out. Move the rules out of the group's ingress and ` +
        "egress into resources of their own, or all of them into it. [one]";
    const group = (props: Props, type = GROUP, outputs: Props = { id: "sg-1" }): Declared => ({
        type,
        name: "web",
        props,
        outputs,
    });
    const one = (type: string, props: Props = {}, securityGroupId = "sg-1"): Declared => ({
        type,
        name: "one",
        props: { securityGroupId, ...props },
    });
    for (const [title, resources, messages] of [
        ["rules of their own", [group({ description: "d" }), one(IN)], []],
        [
            "what the provider reads back of them",
            [group({ description: "d" }, GROUP, { id: "sg-1", ingress: [{}], egress: UNKNOWN }), one(IN), one(OUT)],
            [],
        ],
        ["rules inside for one direction, and outside for the other", [group({ egress: [{}] }), one(IN)], []],
        ["a rule of another group", [group({ ingress: [{}] }), one(IN, {}, "sg-2")], []],
        ["rules of both kinds", [group({ ingress: [{}] }), one(IN)], [removes("ingress")]],
        ["an older rule", [group({ egress: UNKNOWN }), one(RULE, { type: "egress" })], [removes("egress")]],
        ["an empty list, which removes all", [group({ egress: [] }), one(OUT)], [removes("egress")]],
        [
            "a rule of a default group, which owns all",
            [group({ vpcId: "vpc-1" }, DEFAULT_GROUP), one(IN)],
            [removes("ingress")],
        ],
        [
            "rules of both kinds in a new group",
            [
                group({ ingress: [{}] }, GROUP, { id: UNKNOWN }),
                { ...one(IN, {}, UNKNOWN), refers: { securityGroupId: ["web"] } },
            ],
            [removes("ingress")],
        ],
    ] as [string, Declared[], string[]][]) {
        it(`${messages.length === 0 ? "takes" : "refuses"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(conflicts, resources), messages);
        });
    }
});
