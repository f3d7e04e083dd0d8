import * as assert from "node:assert/strict";
import { rule as backups } from "../../../policy/rules/rds/rds-backup-retention";
import { rule as copyTags } from "../../../policy/rules/rds/rds-copy-tags";
import { rule as deletion } from "../../../policy/rules/rds/rds-deletion-protection";
import { rule as iam } from "../../../policy/rules/rds/rds-iam-auth";
import { rule as logs } from "../../../policy/rules/rds/rds-log-exports";
import { rule as upgrade } from "../../../policy/rules/rds/rds-minor-upgrade";
import { rule as names } from "../../../policy/rules/rds/rds-no-default-names";
import { judge, UNKNOWN, type Declared } from "../support/judge";
import type { Rule } from "../../../policy/support/rule";

const instance = (props: Record<string, unknown>) => ({ type: "aws:rds/instance:Instance", name: "orders", props });
const cluster = (props: Record<string, unknown>) => ({ type: "aws:rds/cluster:Cluster", name: "orders", props });

const unknown = (path: string) =>
    `orders could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

/** Titles, resources and their messages. */
function tries(rule: Rule, cases: readonly (readonly [string, Declared, ...string[]])[]): void {
    for (const [title, resource, ...messages] of cases) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(rule, resource), messages);
        });
    }
}

describe("rds-iam-auth", () => {
    const NONE = "orders has no IAM authentication. Set iamDatabaseAuthenticationEnabled: true.";
    tries(iam, [
        ["an instance with it", instance({ engine: "postgres", iamDatabaseAuthenticationEnabled: true })],
        ["a cluster with it", cluster({ engine: "aurora-mysql", iamDatabaseAuthenticationEnabled: "true" })],
        ["an engine that has none", instance({ engine: "oracle-ee" })],
        ["Serverless v1", cluster({ engine: "aurora-postgresql", engineMode: "serverless" })],
        ["an instance that says nothing", instance({ engine: "postgres" }), NONE],
        ["MariaDB that refuses", instance({ engine: "mariadb", iamDatabaseAuthenticationEnabled: false }), NONE],
        ["a cluster that says nothing", cluster({ engine: "aurora-postgresql" }), NONE],
        ["a replica that says nothing", instance({ replicateSourceDb: "source" }), NONE],
        ["an engine that can't be read", instance({ engine: UNKNOWN }), unknown("engine")],
    ]);
});

describe("rds-deletion-protection", () => {
    const NO_SNAPSHOT =
        "orders leaves no snapshot when it is deleted. Leave skipFinalSnapshot out and set finalSnapshotIdentifier. [skipFinalSnapshot]";
    const NONE = "orders is not protected from deletion. Set deletionProtection: true. [deletionProtection]";
    tries(deletion, [
        ["a protected instance", instance({ deletionProtection: true, finalSnapshotIdentifier: "last" })],
        ["a protected cluster", cluster({ deletionProtection: "true", skipFinalSnapshot: false })],
        [
            "a replica, which can't leave a snapshot",
            instance({ replicateSourceDb: "a", deletionProtection: true, skipFinalSnapshot: true }),
        ],
        ["an instance that says nothing", instance({}), NONE],
        [
            "a cluster without a last snapshot",
            cluster({ deletionProtection: true, skipFinalSnapshot: true }),
            NO_SNAPSHOT,
        ],
        [
            "an instance with neither",
            instance({ deletionProtection: false, skipFinalSnapshot: "true" }),
            NO_SNAPSHOT,
            NONE,
        ],
        ["what can't be read", cluster({ deletionProtection: UNKNOWN }), unknown("deletionProtection")],
    ]);
});

describe("rds-backup-retention", () => {
    const days = (count: number, least = 7) =>
        `orders keeps backups for ${count} days instead of ${least}. Raise backupRetentionPeriod.`;
    tries(backups, [
        ["seven days", instance({ backupRetentionPeriod: 7 })],
        ["a number written as text", cluster({ backupRetentionPeriod: "35" })],
        ["a replica, whose source is what is restored", instance({ replicateSourceDb: "source" })],
        ["an instance without backups", instance({ backupRetentionPeriod: 0 }), days(0)],
        ["an instance's default of none", instance({}), days(0)],
        ["a cluster's default of one day", cluster({}), days(1)],
        ["six days", cluster({ backupRetentionPeriod: 6 }), days(6)],
        ["what can't be read", instance({ backupRetentionPeriod: UNKNOWN }), unknown("backupRetentionPeriod")],
    ]);

    it("asks for one day on dev", async () => {
        assert.deepEqual(await judge(backups, cluster({}), "dev"), []);
        assert.deepEqual(await judge(backups, instance({}), "dev"), [days(0, 1)]);
    });
});

describe("rds-log-exports", () => {
    const MEND = "Set enabledCloudwatchLogsExports, for PostgreSQL with postgresql.";
    const NONE = `orders exports no logs. ${MEND}`;
    tries(logs, [
        ["PostgreSQL's log", instance({ engine: "postgres", enabledCloudwatchLogsExports: ["postgresql", "upgrade"] })],
        ["Aurora's log", cluster({ engine: "aurora-postgresql", enabledCloudwatchLogsExports: "postgresql" })],
        ["a log of another engine", instance({ engine: "mysql", enabledCloudwatchLogsExports: ["error"] })],
        ["Serverless v1", cluster({ engine: "aurora-postgresql", engineMode: "serverless" })],
        ["an instance that says nothing", instance({ engine: "postgres" }), NONE],
        ["an empty list", cluster({ engine: "aurora-mysql", enabledCloudwatchLogsExports: [] }), NONE],
        [
            "upgrades of PostgreSQL alone",
            cluster({ engine: "aurora-postgresql", enabledCloudwatchLogsExports: ["upgrade"] }),
            `orders does not export PostgreSQL's log. ${MEND}`,
        ],
        [
            "what can't be read",
            instance({ engine: "mysql", enabledCloudwatchLogsExports: UNKNOWN }),
            unknown("enabledCloudwatchLogsExports"),
        ],
    ]);
});

describe("rds-minor-upgrade", () => {
    const NONE = "orders gets no minor versions by itself. Leave autoMinorVersionUpgrade out.";
    const member = (props: Record<string, unknown>) => ({
        type: "aws:rds/clusterInstance:ClusterInstance",
        name: "orders",
        props,
    });
    tries(upgrade, [
        ["the default", instance({})],
        ["an instance that asks for them", member({ autoMinorVersionUpgrade: true })],
        ["an instance that refuses", instance({ autoMinorVersionUpgrade: false }), NONE],
        ["a member of a cluster that refuses", member({ autoMinorVersionUpgrade: "false" }), NONE],
        ["a cluster that refuses", cluster({ autoMinorVersionUpgrade: false }), NONE],
        ["what can't be read", instance({ autoMinorVersionUpgrade: UNKNOWN }), unknown("autoMinorVersionUpgrade")],
    ]);
});

describe("rds-copy-tags", () => {
    const NONE = "orders does not copy its tags to snapshots. Set copyTagsToSnapshot: true.";
    tries(copyTags, [
        ["an instance that copies them", instance({ copyTagsToSnapshot: true })],
        ["a cluster that copies them", cluster({ copyTagsToSnapshot: "true" })],
        ["an instance that says nothing", instance({}), NONE],
        ["a cluster that refuses", cluster({ copyTagsToSnapshot: false }), NONE],
        ["what can't be read", cluster({ copyTagsToSnapshot: UNKNOWN }), unknown("copyTagsToSnapshot")],
    ]);
});

describe("rds-no-default-names", () => {
    const user = (property: string) =>
        `orders has a master user of the usual name. Set another ${property}. [${property}]`;
    const port = (usual: number) => `orders listens on ${usual}, its engine's usual port. Set another port. [port]`;
    tries(names, [
        ["other names", instance({ engine: "postgres", username: "owner", port: 6432 })],
        ["a replica with its source's port", instance({ replicateSourceDb: UNKNOWN })],
        ["a snapshot's port", cluster({ engine: "aurora-postgresql", snapshotIdentifier: "old" })],
        ["an engine without a usual port", instance({ engine: "custom-ee", username: "owner" })],
        ["PostgreSQL's user", instance({ engine: "postgres", username: "Postgres", port: 6432 }), user("username")],
        [
            "a cluster's admin",
            cluster({ engine: "aurora-mysql", masterUsername: "admin", port: 6432 }),
            user("masterUsername"),
        ],
        ["PostgreSQL's default port", instance({ engine: "postgres" }), port(5432)],
        ["Aurora PostgreSQL's port", cluster({ engine: "aurora-postgresql", port: "5432" }), port(5432)],
        ["Aurora MySQL's default port", cluster({ engine: "aurora-mysql" }), port(3306)],
        ["Oracle's port", instance({ engine: "oracle-ee", port: 1521 }), port(1521)],
        ["SQL Server's port", instance({ engine: "sqlserver-ex" }), port(1433)],
        ["Db2's port", instance({ engine: "db2-se" }), port(50_000)],
        [
            "all that can be read beside what can't",
            instance({ engine: "postgres", username: UNKNOWN }),
            unknown("username"),
            port(5432),
        ],
    ]);
});
