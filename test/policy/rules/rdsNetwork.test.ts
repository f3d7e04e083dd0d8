import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/rds/rds-not-public";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const make =
    (type: string) =>
    (name: string, props: Record<string, unknown> = {}, more: Partial<Declared> = {}): Declared => ({
        type: `aws:${type}`,
        name,
        props,
        ...more,
    });
const group = make("rds/subnetGroup:SubnetGroup");
const subnet = make("ec2/subnet:Subnet");
const vpc = make("ec2/vpc:Vpc");
const gateway = make("ec2/internetGateway:InternetGateway");
const table = make("ec2/routeTable:RouteTable");
const defaultTable = make("ec2/defaultRouteTable:DefaultRouteTable");
const route = make("ec2/route:Route");
const association = make("ec2/routeTableAssociation:RouteTableAssociation");
const mainAssociation = make("ec2/mainRouteTableAssociation:MainRouteTableAssociation");

/** A property with the unknown output of another resource. */
const from = (property: string, ...names: string[]) => ({
    props: { [property]: UNKNOWN },
    refers: { [property]: names },
});
const link = (makeOne: typeof group, name: string, ...links: ReturnType<typeof from>[]) =>
    makeOne(name, Object.assign({}, ...links.map(({ props }) => props)) as Record<string, unknown>, {
        refers: Object.assign({}, ...links.map(({ refers }) => refers)) as Record<string, string[]>,
    });

const MEND = "Set subnetIds to subnets without a route to an internet gateway.";
const PUBLIC = `databases holds subnet a, which has a route to an internet gateway. ${MEND} [a]`;
const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("rds-not-public, of databases", () => {
    const NOT = "orders has a public address. Leave publiclyAccessible out. [publiclyAccessible]";
    const instance = make("rds/instance:Instance");
    const member = make("rds/clusterInstance:ClusterInstance");
    for (const [title, resource, ...messages] of [
        ["the default", instance("orders")],
        ["a private instance", member("orders", { publiclyAccessible: false })],
        ["a public instance", instance("orders", { publiclyAccessible: true }), NOT],
        ["a public member of a cluster", member("orders", { publiclyAccessible: "true" }), NOT],
        [
            "what can't be read",
            instance("orders", { publiclyAccessible: UNKNOWN }),
            unknown("orders", "publiclyAccessible"),
        ],
    ] as const) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(rule, resource), messages);
        });
    }
});

describe("rds-not-public, of subnet groups", () => {
    const known = [
        group("databases", { subnetIds: ["subnet-a", "subnet-b"] }),
        subnet("a", { vpcId: "vpc-1" }, { outputs: { id: "subnet-a" } }),
        subnet("b", { vpcId: "vpc-1" }, { outputs: { id: "subnet-b" } }),
        vpc("vpc", {}, { outputs: { id: "vpc-1", defaultRouteTableId: "rtb-main" } }),
        association("of-a", { subnetId: "subnet-a", routeTableId: "rtb-a" }),
        association("of-b", { subnetId: "subnet-b", routeTableId: "rtb-b" }),
        table("table-b", { vpcId: "vpc-1" }, { outputs: { id: "rtb-b" } }),
    ];
    const tableA = (props: Record<string, unknown> = {}) =>
        table("table-a", { vpcId: "vpc-1", ...props }, { outputs: { id: "rtb-a" } });
    const unassociated = known.filter(({ name }) => name !== "of-a" && name !== "of-b");
    const unknownSubnet = [
        link(group, "databases", from("subnetIds", "a")),
        link(subnet, "a", from("vpcId", "vpc")),
        vpc("vpc"),
        link(gateway, "gateway", from("vpcId", "vpc")),
    ];
    const unknownTable = [
        ...unknownSubnet,
        link(table, "table-a", from("vpcId", "vpc")),
        link(association, "of-a", from("subnetId", "a"), from("routeTableId", "table-a")),
    ];

    for (const [title, resources, ...messages] of [
        ["subnets of another stack", [group("databases", { subnetIds: ["subnet-x"] })]],
        ["subnets whose tables have no such route", [...known, tableA({ routes: [{ natGatewayId: UNKNOWN }] })]],
        [
            "routes to other gateways",
            [
                ...known,
                tableA({ routes: [{ gatewayId: "vgw-1" }] }),
                route("nat", { routeTableId: "rtb-a", natGatewayId: "nat-1" }),
                route("egress", { routeTableId: "rtb-a", egressOnlyGatewayId: "eigw-1" }),
            ],
        ],
        [
            "a public main table that the subnets do not use",
            [
                ...known,
                tableA(),
                defaultTable("main", { defaultRouteTableId: "rtb-main", routes: [{ gatewayId: "igw-1" }] }),
            ],
        ],
        [
            "a public main table of another VPC",
            [...unassociated, defaultTable("main", { defaultRouteTableId: "rtb-2", routes: [{ gatewayId: "igw-1" }] })],
        ],
        [
            "a route to a gateway of another kind that is made with it",
            [
                ...unknownTable,
                make("ec2/vpnGateway:VpnGateway")("vpn"),
                link(route, "out", from("routeTableId", "table-a"), from("gatewayId", "vpn")),
            ],
        ],
        ["an inline route", [...known, tableA({ routes: [{ gatewayId: "local" }, { gatewayId: "igw-1" }] })], PUBLIC],
        [
            "a route of its own",
            [...known, tableA(), route("out", { routeTableId: "rtb-a", gatewayId: "igw-1" })],
            PUBLIC,
        ],
        [
            "a route to a gateway that is made with it",
            [...unknownTable, link(route, "out", from("routeTableId", "table-a"), from("gatewayId", "gateway"))],
            PUBLIC,
        ],
        [
            "an inline route to a gateway that is made with it",
            [
                ...unknownSubnet,
                { ...table("table-a", { routes: [{ gatewayId: UNKNOWN }] }), refers: { routes: ["gateway"] } },
                link(association, "of-a", from("subnetId", "a"), from("routeTableId", "table-a")),
            ],
            PUBLIC,
        ],
        [
            "the main table of its VPC",
            [
                ...unassociated.filter(({ name }) => name !== "b"),
                defaultTable("main", { defaultRouteTableId: "rtb-main", routes: { gatewayId: "igw-1" } }),
            ],
            PUBLIC,
        ],
        [
            "a route of the main table that is made with it",
            [
                ...unknownSubnet,
                link(route, "nat", from("routeTableId", "vpc"), from("natGatewayId", "nat")),
                link(route, "out", from("routeTableId", "vpc"), from("gatewayId", "gateway")),
            ],
            PUBLIC,
        ],
        [
            "a table that is made the main one",
            [
                ...unassociated.filter(({ name }) => name !== "b"),
                tableA({ routes: [{ gatewayId: "igw-1" }] }),
                mainAssociation("main", { vpcId: "vpc-1", routeTableId: "rtb-a" }),
            ],
            PUBLIC,
        ],
        ["a group that can't be read", [group("databases", { subnetIds: UNKNOWN })], unknown("databases", "subnetIds")],
        [
            "a route whose target comes from nowhere",
            [...unknownTable, link(route, "out", from("routeTableId", "table-a"), from("gatewayId"))],
            unknown("databases", "gatewayId"),
        ],
        [
            "a target that can't be read, and the other subnet",
            [
                ...known,
                tableA({ routes: [{ gatewayId: UNKNOWN }] }),
                route("out", { routeTableId: "rtb-b", gatewayId: "igw-1" }),
            ],
            unknown("databases", "routes.0.gatewayId"),
            PUBLIC.replace("subnet a", "subnet b").replace("[a]", "[b]"),
        ],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(rule, resources), messages);
        });
    }
});
