import {
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_INSTANCE,
    engineOf,
    instancesOf,
    isReplica,
    isServerlessV1,
} from "../../support/rds/databases";
import type { StackResource } from "../../support/resources";
import type { Rule } from "../../support/rule";
import { isTrue, textOf } from "../../support/values";

export const rule: Rule = {
    id: "rds-multi-az",
    title: "Databases run in two availability zones.",
    why: "When the one zone of a database fails, the database is away until the zone is back or a backup is restored.",
    mend: "Set multiAz: true.",
    sources: [
        "cdk-nag AwsSolutions-RDS3",
        "Security Hub RDS.5",
        "Security Hub RDS.15",
        "checkov CKV_AWS_157",
        "awsguard rds-instance-multi-az-enabled",
    ],
    severity: "medium",
    levels: { dev: "disabled", prod: "mandatory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    joins: [DB_CLUSTER_INSTANCE],
    *checkInStack(database, stack) {
        const { type, props } = database;
        if (type === DB_INSTANCE) {
            if (!isReplica(props) && !isTrue(props.multiAz)) {
                yield { fault: "runs in one availability zone" };
            }
            return;
        }
        // Clusters of other engines have three instances by themselves; those of Serverless v1 move to another zone.
        if (!engineOf(props).startsWith("aurora") || isServerlessV1(props)) {
            return;
        }
        const instances = instancesOf(database, stack);
        if (instances.length < 2) {
            yield {
                fault: "has fewer than two instances",
                mend: "Declare a second aws.rds.ClusterInstance of the cluster.",
            };
        } else if (isInOneZone(instances)) {
            yield {
                fault: "has all its instances in one availability zone",
                mend: "Leave availabilityZone of the instances out, or set different ones.",
            };
        }
    },
};

/** Instances that name no zone are spread by RDS. */
function isInOneZone(instances: readonly StackResource[]): boolean {
    const zones = new Set(instances.map(({ props }) => textOf(props.availabilityZone)));
    return zones.size === 1 && !zones.has(undefined);
}
