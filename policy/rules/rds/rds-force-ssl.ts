import { DB_CLUSTER, DB_INSTANCE, engineOf, isReplica } from "../../support/rds/databases";
import { defaultFamily, tlsParameter } from "../../support/rds/databaseTls";
import type { Fault, Rule } from "../../support/rule";
import { isSet, isTrue, textOf } from "../../support/values";

const INSTANCE_GROUP = "aws:rds/parameterGroup:ParameterGroup";
const CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const PROXY = "aws:rds/proxy:Proxy";

export const rule: Rule = {
    id: "rds-force-ssl",
    title: "Databases and their proxies refuse connections without TLS.",
    why: "A client that does not ask for TLS sends its password and all data in plain text over the network.",
    mend: "Give the database a parameter group in which rds.force_ssl, or require_secure_transport for MySQL and MariaDB, is 1.",
    sources: [
        "Security Hub RDS.38",
        "Security Hub RDS.43",
        "checkov CKV2_AWS_69",
        "Pulumi rds-instance-ssl-encryption",
    ],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: [INSTANCE_GROUP, CLUSTER_GROUP, PROXY, DB_INSTANCE, DB_CLUSTER],
    *check({ type, props }) {
        if (type === PROXY && !isTrue(props.requireTls)) {
            yield { fault: "accepts connections without TLS", finding: "requireTls", mend: "Set requireTls: true." };
        }
        if (type === INSTANCE_GROUP || type === CLUSTER_GROUP) {
            const family = textOf(props.family) ?? "";
            // Of Aurora, only the groups of clusters have these parameters.
            const isJudged = type === CLUSTER_GROUP || !family.startsWith("aurora");
            const parameter = isJudged ? tlsParameter(family, props.parameters) : undefined;
            if (parameter && !parameter.on) {
                yield {
                    fault: "lets databases accept connections without TLS",
                    finding: parameter.name,
                    mend: `Set the parameter ${parameter.name} to 1 in parameters.`,
                };
            }
        }
    },
    *checkInStack(database, stack) {
        const { type, props } = database;
        const property = GROUP_PROPERTIES[type];
        if (property === undefined) {
            return;
        }
        if (!isSet(props, property)) {
            // A replica gets the group of its source.
            yield* isReplica(props) ? [] : ofDefaultGroup(defaultFamily(engineOf(props), props), property);
            return;
        }
        if (stack.named(database, property, INSTANCE_GROUP, CLUSTER_GROUP).length > 0) {
            return;
        }
        const family = /^default\.(.+)$/.exec(textOf(props[property]) ?? "")?.[1];
        if (family === undefined) {
            yield {
                fault: "has a parameter group that is not declared here, and may not require TLS",
                finding: property,
            };
        } else {
            yield* ofDefaultGroup(family, property);
        }
    },
};

/** Where databases name their parameter group. */
const GROUP_PROPERTIES: Readonly<Record<string, string | undefined>> = {
    [DB_INSTANCE]: "parameterGroupName",
    [DB_CLUSTER]: "dbClusterParameterGroupName",
};

/** A family that only AWS knows, as of a backup that is restored, is not known to require TLS. */
function* ofDefaultGroup(family: string, property: string): Generator<Fault> {
    if (family === "" || tlsParameter(family)?.on === false) {
        yield { fault: "has AWS's default parameter group, which does not require TLS", finding: property };
    }
}
