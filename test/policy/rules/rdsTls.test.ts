import * as assert from "node:assert/strict";
import { rule } from "../../../policy/rules/rds/rds-force-ssl";
import { judge, judgeStack, UNKNOWN, type Declared } from "../support/judge";

const group = (family: unknown, ...parameters: unknown[]) => ({
    type: "aws:rds/parameterGroup:ParameterGroup",
    name: "group",
    props: { name: "quartet-group", family, ...(parameters.length > 0 && { parameters }) },
});
const clusterGroup = (family: string, ...parameters: unknown[]) => ({
    ...group(family, ...parameters),
    type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
});
const instance = (props: Record<string, unknown>) => ({ type: "aws:rds/instance:Instance", name: "orders", props });
const cluster = (props: Record<string, unknown>) => ({ type: "aws:rds/cluster:Cluster", name: "orders", props });
const proxy = (props: Record<string, unknown>) => ({ type: "aws:rds/proxy:Proxy", name: "proxy", props });
const set = (name: unknown, value: unknown) => ({ name, value });

const unknown = (name: string, path: string) =>
    `${name} could not be judged, since ${path} is known only after a deployment. ` +
    `Compute the value from names and config instead of outputs, so that a preview can read it. [unknown:${path}]`;

describe("rds-force-ssl, of groups and proxies", () => {
    const open = (parameter: string) =>
        `group lets databases accept connections without TLS. Set the parameter ${parameter} to 1 in parameters. [${parameter}]`;
    const PROXY = "proxy accepts connections without TLS. Set requireTls: true. [requireTls]";

    for (const [title, resource, ...messages] of [
        ["PostgreSQL with it", group("postgres14", set("log_statement", "ddl"), set("rds.force_ssl", "1"))],
        ["PostgreSQL since 15, whose default it is", group("postgres15")],
        ["Aurora PostgreSQL with it", clusterGroup("aurora-postgresql16", set("rds.force_ssl", 1))],
        ["Aurora PostgreSQL since 17, whose default it is", clusterGroup("aurora-postgresql17")],
        ["a parameter that is no text", group("postgres14", set("rds.force_ssl", true))],
        ["SQL Server with it", group("sqlserver-ex-16.0", set("rds.force_ssl", "1"))],
        ["MySQL with it", group("mysql8.0", set("require_secure_transport", "ON"))],
        ["Aurora MySQL with it", clusterGroup("aurora-mysql8.0", set("require_secure_transport", "on"))],
        ["Aurora's groups of instances, which can't set it", group("aurora-postgresql16")],
        ["engines without such a parameter", group("oracle-ee-19")],
        ["a proxy with it", proxy({ requireTls: true })],
        ["PostgreSQL before 15 by default", group("postgres14"), open("rds.force_ssl")],
        ["PostgreSQL 9.6 by default", group("postgres9.6"), open("rds.force_ssl")],
        ["PostgreSQL that turns it off", group("postgres17", set("rds.force_ssl", "0")), open("rds.force_ssl")],
        ["Aurora PostgreSQL before 17 by default", clusterGroup("aurora-postgresql16"), open("rds.force_ssl")],
        ["a Multi-AZ cluster of PostgreSQL 14", clusterGroup("postgres14"), open("rds.force_ssl")],
        ["SQL Server by default", group("sqlserver-ex-16.0"), open("rds.force_ssl")],
        ["MySQL by default", group("mysql8.4"), open("require_secure_transport")],
        [
            "MariaDB that turns it off",
            group("mariadb11.4", set("require_secure_transport", "0")),
            open("require_secure_transport"),
        ],
        ["a proxy that says nothing", proxy({}), PROXY],
        ["a proxy that refuses", proxy({ requireTls: "false" }), PROXY],
        [
            "a value that can't be read",
            group("postgres17", set("rds.force_ssl", UNKNOWN)),
            unknown("group", "parameters.0.value"),
        ],
        ["a family that can't be read", group(UNKNOWN), unknown("group", "family")],
    ] as const) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judge(rule, resource), messages);
        });
    }
});

describe("rds-force-ssl, of databases", () => {
    const MEND =
        "Give the database a parameter group in which rds.force_ssl, or require_secure_transport for MySQL and MariaDB, is 1.";
    const byDefault = (property: string) =>
        `orders has AWS's default parameter group, which does not require TLS. ${MEND} [${property}]`;
    const foreign = (property: string) =>
        `orders has a parameter group that is not declared here, and may not require TLS. ${MEND} [${property}]`;

    for (const [title, resources, ...messages] of [
        [
            "a group of the stack by its name, which is judged itself",
            [group("postgres16"), instance({ engine: "postgres", parameterGroupName: "quartet-group" })],
        ],
        [
            "a group of the stack by an output that is still unknown",
            [
                clusterGroup("aurora-postgresql17"),
                {
                    ...cluster({ engine: "aurora-postgresql", dbClusterParameterGroupName: UNKNOWN }),
                    refers: { dbClusterParameterGroupName: ["group"] },
                },
            ],
        ],
        ["the default of PostgreSQL since 15", [instance({ engine: "postgres", engineVersion: "16.3" })]],
        ["the default of PostgreSQL's newest version", [instance({ engine: "postgres" })]],
        [
            "the default of Aurora PostgreSQL since 17",
            [cluster({ engine: "aurora-postgresql", engineVersion: "17.4" })],
        ],
        ["a default group by name", [instance({ engine: "postgres", parameterGroupName: "default.postgres16" })]],
        ["a replica, which gets its source's group", [instance({ replicateSourceDb: "source" })]],
        ["engines without such a parameter", [instance({ engine: "oracle-ee", engineVersion: "19" })]],
        [
            "a group that the provider answers, though the program names none",
            [{ ...instance({ engine: "postgres" }), outputs: { parameterGroupName: UNKNOWN, engineVersion: UNKNOWN } }],
        ],
        [
            "the default of PostgreSQL before 15",
            [instance({ engine: "postgres", engineVersion: "14.12" })],
            byDefault("parameterGroupName"),
        ],
        [
            "the default of Aurora PostgreSQL without a version",
            [cluster({ engine: "aurora-postgresql" })],
            byDefault("dbClusterParameterGroupName"),
        ],
        [
            "the default of MySQL",
            [instance({ engine: "mysql", engineVersion: "8.4.5" })],
            byDefault("parameterGroupName"),
        ],
        [
            "a default group by name that does not require it",
            [instance({ engine: "postgres", parameterGroupName: "default.postgres14" })],
            byDefault("parameterGroupName"),
        ],
        [
            "the default of an engine that only a snapshot knows",
            [instance({ snapshotIdentifier: "old" })],
            byDefault("parameterGroupName"),
        ],
        [
            "a group of another stack",
            [cluster({ engine: "aurora-postgresql", dbClusterParameterGroupName: "shared" })],
            foreign("dbClusterParameterGroupName"),
        ],
        [
            "a group that can't be read",
            [instance({ engine: "postgres", parameterGroupName: UNKNOWN })],
            unknown("orders", "parameterGroupName"),
        ],
    ] as readonly (readonly [string, readonly Declared[], ...string[]])[]) {
        it(`${messages.length > 0 ? "refuses" : "takes"} ${title}`, async () => {
            assert.deepEqual(await judgeStack(rule, resources), messages);
        });
    }
});
