import * as assert from "node:assert/strict";
import { rule as multiAz } from "../../../policy/rules/rds/rds-multi-az";
import { rule as insights } from "../../../policy/rules/rds/rds-performance-insights-cmk";
import { judgeStack, UNKNOWN, type Declared } from "../support/judge";

const instance = (props: Record<string, unknown>): Declared => ({
    type: "aws:rds/instance:Instance",
    name: "orders",
    props,
});
const cluster = (props: Record<string, unknown> = {}): Declared => ({
    type: "aws:rds/cluster:Cluster",
    name: "orders",
    props: { engine: "aurora-postgresql", clusterIdentifier: "quartet-orders", ...props },
    outputs: { id: UNKNOWN },
});
const member = (name: string, props: Record<string, unknown> = {}): Declared => ({
    type: "aws:rds/clusterInstance:ClusterInstance",
    name,
    props: { clusterIdentifier: "quartet-orders", ...props },
});
/** A member by its cluster's id, which is still unknown. */
const linked = (name: string, props: Record<string, unknown> = {}): Declared => ({
    ...member(name, { clusterIdentifier: UNKNOWN, ...props }),
    refers: { clusterIdentifier: ["orders"] },
});

const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

type Case = readonly [string, readonly Declared[], ...string[]];

describe("rds-multi-az", () => {
    const ONE = "orders runs in one availability zone. Set multiAz: true.";
    const FEW = "orders has fewer than two instances. Declare a second aws.rds.ClusterInstance of the cluster.";
    const SAME =
        "orders has all its instances in one availability zone. Leave availabilityZone of the instances out, or set different ones.";
    for (const [title, resources, ...messages] of [
        ["an instance with a standby", [instance({ multiAz: true })]],
        ["a replica", [instance({ replicateSourceDb: "source" })]],
        ["a cluster with two instances by its name", [cluster(), member("first"), member("second")]],
        ["a cluster with two instances by its unknown id", [cluster(), linked("first"), linked("second")]],
        [
            "instances in two zones",
            [
                cluster(),
                member("first", { availabilityZone: "eu-west-1a" }),
                member("second", { availabilityZone: "eu-west-1b" }),
            ],
        ],
        [
            "an instance that RDS places",
            [cluster(), member("first", { availabilityZone: "eu-west-1a" }), member("second")],
        ],
        [
            "a Multi-AZ cluster, which has three",
            [cluster({ engine: "postgres", dbClusterInstanceClass: "db.m6gd.large" })],
        ],
        ["Serverless v1", [cluster({ engineMode: "serverless" })]],
        ["an instance that says nothing", [instance({})], ONE],
        [
            "an instance without a standby, whatever RDS answers",
            [{ ...instance({}), outputs: { multiAz: UNKNOWN } }],
            ONE,
        ],
        ["an instance that refuses", [instance({ multiAz: "false" })], ONE],
        ["a cluster without instances", [cluster()], FEW],
        [
            "a cluster with one instance, and another's",
            [cluster(), linked("first"), member("second", { clusterIdentifier: "another" })],
            FEW,
        ],
        [
            "two instances in one zone",
            [
                cluster(),
                member("first", { availabilityZone: "eu-west-1a" }),
                linked("second", { availabilityZone: "eu-west-1a" }),
            ],
            SAME,
        ],
        ["what can't be read", [instance({ multiAz: UNKNOWN })], unknown("orders", "multiAz")],
    ] as readonly Case[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(multiAz, resources), messages);
        });
    }
});

describe("rds-performance-insights-cmk", () => {
    const KEY = "arn:aws:kms:eu-west-1:111111111111:key/1";
    const noKey = (name: string) =>
        `${name} keeps its Performance Insights without a customer managed key. ` +
        "Set performanceInsightsKmsKeyId to a customer managed key. [performanceInsightsKmsKeyId]";
    const unwatched = (name: string) =>
        `${name} has no enhanced monitoring. Set monitoringInterval and monitoringRoleArn. [monitoringInterval]`;
    for (const [title, resources, ...messages] of [
        [
            "an instance with a key that is made with it",
            [
                instance({
                    performanceInsightsEnabled: true,
                    performanceInsightsKmsKeyId: UNKNOWN,
                    monitoringInterval: 60,
                }),
            ],
        ],
        ["an instance without insights", [instance({ monitoringInterval: "5" })]],
        [
            "an instance by what its cluster says",
            [
                cluster({ performanceInsightsKmsKeyId: KEY, monitoringInterval: 60 }),
                linked("first", { performanceInsightsEnabled: true }),
            ],
        ],
        ["a cluster whose instances are watched", [cluster(), linked("first", { monitoringInterval: 60 })]],
        [
            "an instance with AWS's key",
            [instance({ performanceInsightsEnabled: "true", monitoringInterval: 1 })],
            noKey("orders"),
        ],
        [
            "a cluster with AWS's key",
            [
                cluster({
                    performanceInsightsEnabled: true,
                    performanceInsightsKmsKeyId: "arn:aws:kms:eu-west-1:111111111111:alias/aws/rds",
                }),
            ],
            noKey("orders"),
        ],
        ["an instance that nobody watches", [instance({ monitoringInterval: 0 })], unwatched("orders")],
        ["a member that nobody watches", [cluster(), linked("first")], unwatched("first")],
        ["a Multi-AZ cluster that nobody watches", [cluster({ engine: "mysql" })], unwatched("orders")],
        [
            "all that can be read beside what can't",
            [instance({ performanceInsightsEnabled: UNKNOWN })],
            unknown("orders", "performanceInsightsEnabled"),
            unwatched("orders"),
        ],
    ] as readonly Case[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(insights, resources), messages);
        });
    }
});
