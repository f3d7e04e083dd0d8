import * as assert from "node:assert/strict";
import { rule as encrypted } from "../../../policy/rules/rds/rds-storage-encrypted";
import { rule as password } from "../../../policy/rules/rds/rds-managed-master-password";
import { judge, UNKNOWN } from "../support/judge";

const instance = (props: Record<string, unknown>) => ({ type: "aws:rds/instance:Instance", name: "orders", props });
const cluster = (props: Record<string, unknown>) => ({ type: "aws:rds/cluster:Cluster", name: "orders", props });
const globalCluster = (props: Record<string, unknown>) => ({
    type: "aws:rds/globalCluster:GlobalCluster",
    name: "orders",
    props,
});

const unknown = (path: string) =>
    `orders could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("rds-storage-encrypted", () => {
    const KEY = "arn:aws:kms:eu-west-1:111111111111:key/1";
    const NOT = "orders is not encrypted at rest. Set storageEncrypted: true. [storageEncrypted]";
    const NO_KEY =
        "orders is not encrypted with a customer managed key. Set kmsKeyId to a customer managed key. [kmsKeyId]";

    for (const [title, resource] of [
        ["an instance with a key", instance({ storageEncrypted: true, kmsKeyId: KEY })],
        ["an instance with a key that is made with it", instance({ storageEncrypted: "true", kmsKeyId: UNKNOWN })],
        ["a cluster with a key", cluster({ engine: "aurora-postgresql", storageEncrypted: true, kmsKeyId: KEY })],
        ["a cluster of Serverless v1", cluster({ engineMode: "serverless", kmsKeyId: KEY })],
        ["a replica in another region, by its key", instance({ replicateSourceDb: UNKNOWN, kmsKeyId: KEY })],
        ["a replica with its source's key", instance({ replicateSourceDb: "source", storageEncrypted: true })],
        ["a cluster that a key encrypts as it is restored", cluster({ snapshotIdentifier: "old", kmsKeyId: KEY })],
        ["a cluster with its snapshot's key", cluster({ restoreToPointInTime: {}, storageEncrypted: true })],
        ["a global cluster", globalCluster({ storageEncrypted: true })],
        ["a global cluster made from a cluster", globalCluster({ sourceDbClusterIdentifier: UNKNOWN })],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(encrypted, resource), []);
        });
    }

    for (const [title, resource, message] of [
        ["an instance that says nothing", instance({}), NOT],
        ["an instance with a key alone", instance({ kmsKeyId: KEY }), NOT],
        ["an instance from a snapshot with a key alone", instance({ snapshotIdentifier: "old", kmsKeyId: KEY }), NOT],
        ["an instance that is not encrypted", instance({ storageEncrypted: "false", kmsKeyId: KEY }), NOT],
        ["a replica that says nothing", instance({ replicateSourceDb: "source" }), NOT],
        ["a cluster that says nothing", cluster({ engine: "aurora-postgresql" }), NOT],
        ["Serverless v1 that refuses", cluster({ engineMode: "serverless", storageEncrypted: false }), NOT],
        ["a global cluster that says nothing", globalCluster({}), NOT],
        [
            "a global cluster that differs from its source",
            globalCluster({ sourceDbClusterIdentifier: "a", storageEncrypted: false }),
            NOT,
        ],
        ["an instance without a key", instance({ storageEncrypted: true }), NO_KEY],
        [
            "a cluster with AWS's key",
            cluster({ storageEncrypted: true, kmsKeyId: "arn:aws:kms:eu-west-1:111111111111:alias/aws/rds" }),
            NO_KEY,
        ],
        [
            "a replica with AWS's key",
            instance({ replicateSourceDb: "source", storageEncrypted: true, kmsKeyId: "alias/aws/rds" }),
            NO_KEY,
        ],
        ["what can't be read", instance({ storageEncrypted: UNKNOWN }), unknown("storageEncrypted")],
    ] as const) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judge(encrypted, resource), [message]);
        });
    }

    it("asks for no key on dev, but for encryption", async () => {
        assert.deepEqual(await judge(encrypted, instance({ storageEncrypted: true }), "dev"), []);
        assert.deepEqual(await judge(encrypted, instance({}), "dev"), [NOT]);
    });
});

describe("rds-managed-master-password", () => {
    const given = (property: string) =>
        `orders is given its master password in ${property}. Set manageMasterUserPassword: true, and no password. [${property}]`;
    const UNMANAGED =
        "orders has a master password that RDS does not manage. Set manageMasterUserPassword: true, and no password. [manageMasterUserPassword]";

    for (const [title, resource] of [
        ["an instance whose password RDS manages", instance({ manageMasterUserPassword: true })],
        [
            "a cluster whose password RDS manages",
            cluster({ manageMasterUserPassword: "true", masterUsername: "owner" }),
        ],
        ["a replica", instance({ replicateSourceDb: UNKNOWN })],
        ["a replica of a cluster", cluster({ replicationSourceIdentifier: "source" })],
        ["a member of a global database", cluster({ globalClusterIdentifier: UNKNOWN })],
        ["Serverless v1", cluster({ engineMode: "serverless" })],
    ] as const) {
        it(`takes ${title}`, async () => {
            assert.deepEqual(await judge(password, resource), []);
        });
    }

    for (const [title, resource, ...messages] of [
        ["an instance's password", instance({ password: "hunter2hunter2" }), given("password")],
        ["a password that is made with it", instance({ password: UNKNOWN }), given("password")],
        ["a write-only password", instance({ passwordWo: "hunter2", passwordWoVersion: 1 }), given("passwordWo")],
        ["a cluster's password", cluster({ masterPassword: "hunter2hunter2" }), given("masterPassword")],
        ["a cluster's write-only password", cluster({ masterPasswordWo: UNKNOWN }), given("masterPasswordWo")],
        [
            "a password in a global database",
            cluster({ globalClusterIdentifier: "world", masterPassword: "hunter2hunter2" }),
            given("masterPassword"),
        ],
        ["an instance that says nothing", instance({}), UNMANAGED],
        ["a cluster that refuses", cluster({ manageMasterUserPassword: false }), UNMANAGED],
        ["the password of a snapshot", instance({ snapshotIdentifier: "old" }), UNMANAGED],
        ["what can't be read", instance({ manageMasterUserPassword: UNKNOWN }), unknown("manageMasterUserPassword")],
    ] as const) {
        it(`refuses ${title}`, async () => {
            assert.deepEqual(await judge(password, resource), messages);
        });
    }
});
