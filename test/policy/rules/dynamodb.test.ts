import * as assert from "node:assert/strict";
import { rule as capacity } from "../../../policy/rules/dynamodb/dynamodb-capacity";
import { rule as cmk } from "../../../policy/rules/dynamodb/dynamodb-cmk";
import { rule as deletionProtection } from "../../../policy/rules/dynamodb/dynamodb-deletion-protection";
import { rule as pitr } from "../../../policy/rules/dynamodb/dynamodb-pitr";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const KEY = "arn:aws:kms:eu-west-1:222222222222:key/1";
const OWNED = "arn:aws:kms:eu-west-1:222222222222:alias/aws/dynamodb";

const table = (props: Record<string, unknown>): Declared => ({
    type: "aws:dynamodb/table:Table",
    name: "orders",
    props,
});

const unknown = (property: string) =>
    `orders could not be judged, since ${property} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${property}]`;

describe("dynamodb-pitr", () => {
    const MESSAGE = "orders has no point-in-time recovery. Set pointInTimeRecovery.enabled to true.";

    for (const [title, props, findings] of [
        ["takes a table that can be restored", { pointInTimeRecovery: { enabled: true } }, []],
        ["takes one in a list", { pointInTimeRecovery: [{ enabled: "true" }] }, []],
        ["refuses the default", {}, [MESSAGE]],
        ["refuses a table without it", { pointInTimeRecovery: { enabled: "false" } }, [MESSAGE]],
        [
            "refuses what it can't know",
            { pointInTimeRecovery: { enabled: UNKNOWN } },
            [unknown("pointInTimeRecovery.enabled")],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(pitr, table(props)), findings);
        });
    }
});

describe("dynamodb-cmk", () => {
    const OWN =
        "orders is not encrypted with a customer managed key. " +
        "Set serverSideEncryption with enabled true and the kmsKeyArn of a customer managed key. [serverSideEncryption]";
    const MEND = "Set the replica's kmsKeyArn to a customer managed key of its region.";
    const encrypted = { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } };

    for (const [title, props, findings] of [
        ["takes a table with a key", encrypted, []],
        [
            "takes a key that is made in the same deployment",
            { serverSideEncryption: { enabled: true, kmsKeyArn: UNKNOWN } },
            [],
        ],
        ["takes replicas with keys", { ...encrypted, replicas: [{ regionName: "eu-west-2", kmsKeyArn: UNKNOWN }] }, []],
        ["refuses the default, which is a key that AWS owns", {}, [OWN]],
        ["refuses AWS's key for DynamoDB", { serverSideEncryption: { enabled: true } }, [OWN]],
        ["refuses AWS's key by name", { serverSideEncryption: { enabled: true, kmsKeyArn: OWNED } }, [OWN]],
        ["refuses a key that is not enabled", { serverSideEncryption: { enabled: "false", kmsKeyArn: KEY } }, [OWN]],
        [
            "refuses what it can't know, and judges replicas all the same",
            { serverSideEncryption: { enabled: UNKNOWN, kmsKeyArn: KEY }, replicas: [{ regionName: "eu-west-2" }] },
            [
                unknown("serverSideEncryption.enabled"),
                `orders has a replica in eu-west-2 that is not encrypted with a customer managed key. ${MEND} [eu-west-2]`,
            ],
        ],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(cmk, table(props)), findings);
        });
    }

    it("judges replicas in resources of their own", async () => {
        const replica = (props: object) => ({
            type: "aws:dynamodb/tableReplica:TableReplica",
            name: "copy",
            props: { ...props },
        });

        assert.deepEqual(await judge(cmk, replica({ kmsKeyArn: KEY })), []);
        assert.deepEqual(await judge(cmk, replica({})), [`copy is not encrypted with a customer managed key. ${MEND}`]);
    });
});

describe("dynamodb-deletion-protection", () => {
    const MESSAGE = "orders is not protected from deletion. Set deletionProtectionEnabled to true.";

    for (const [title, props, findings] of [
        ["takes a protected table", { deletionProtectionEnabled: true }, []],
        ["refuses the default", {}, [MESSAGE]],
        ["refuses a table without protection", { deletionProtectionEnabled: "false" }, [MESSAGE]],
        ["refuses what it can't know", { deletionProtectionEnabled: UNKNOWN }, [unknown("deletionProtectionEnabled")]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judge(deletionProtection, table(props)), findings);
        });
    }
});

describe("dynamodb-capacity", () => {
    const MEND = "Set billingMode to PAY_PER_REQUEST or add an appautoscaling Target for the capacity.";
    const READ = `orders does not scale the read capacity. ${MEND} [ReadCapacityUnits]`;
    const WRITE = `orders does not scale the write capacity. ${MEND} [WriteCapacityUnits]`;
    const indexed = { name: "orders-1", globalSecondaryIndexes: [{ name: "by_status" }] };
    const target = (resourceId: string, scalableDimension: string, refers: readonly string[] = []): Declared => ({
        type: "aws:appautoscaling/target:Target",
        name: `${resourceId}-${scalableDimension}`,
        props: { resourceId, scalableDimension: `dynamodb:${scalableDimension}`, serviceNamespace: "dynamodb" },
        refers: { resourceId: refers },
    });
    const targets = (resourceId: string, kind: string, refers?: readonly string[]) =>
        ["ReadCapacityUnits", "WriteCapacityUnits"].map((unit) => target(resourceId, `${kind}:${unit}`, refers));

    for (const [title, resources, findings] of [
        ["takes a table that is paid per request", [table({ ...indexed, billingMode: "PAY_PER_REQUEST" })], []],
        [
            "takes one that scales, with its index",
            [
                table(indexed),
                ...targets("table/orders-1", "table"),
                ...targets("table/orders-1/index/by_status", "index"),
            ],
            [],
        ],
        [
            "takes targets that are made of the table's unknown name",
            [
                { ...table({}), outputs: { name: UNKNOWN, billingMode: UNKNOWN } },
                ...targets(UNKNOWN, "table", ["orders"]),
            ],
            [],
        ],
        ["refuses fixed capacities, which are the default", [table({})], [READ, WRITE]],
        [
            "refuses a write capacity without target",
            [
                table({ name: "orders-1", billingMode: "PROVISIONED" }),
                target("table/orders-1", "table:ReadCapacityUnits"),
            ],
            [WRITE],
        ],
        [
            "refuses an index without targets",
            [table(indexed), ...targets("table/orders-1", "table")],
            [
                `orders does not scale the read capacity of its index by_status. ${MEND} [by_status:ReadCapacityUnits]`,
                `orders does not scale the write capacity of its index by_status. ${MEND} [by_status:WriteCapacityUnits]`,
            ],
        ],
        [
            "refuses targets of another table",
            [table({ name: "orders-1" }), ...targets("table/orders-2", "table")],
            [READ, WRITE],
        ],
        [
            "refuses unknown targets of something else",
            [table({ name: "orders-1" }), ...targets(UNKNOWN, "table")],
            [READ, WRITE],
        ],
        ["refuses what it can't know", [table({ billingMode: UNKNOWN })], [unknown("billingMode")]],
    ] as const) {
        it(title, async () => {
            assert.deepEqual(await judgeStack(capacity, resources), findings);
        });
    }
});
