import { ifKnown } from "../known";
import type { Stack, StackResource } from "../resources";
import { isSet, textOf, type Props } from "../values";

export const DB_INSTANCE = "aws:rds/instance:Instance";
/** Clusters of Aurora, and Multi-AZ clusters of MySQL and PostgreSQL. */
export const DB_CLUSTER = "aws:rds/cluster:Cluster";
export const DB_CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";

/** An instance's or cluster's engine, empty when it is that of the database which is copied or restored. */
export function engineOf(props: Props): string {
    return textOf(props.engine)?.toLowerCase() ?? "";
}

/** Whether a database follows another one, which has its users and its backups. */
export function isReplica(props: Props): boolean {
    return isSet(props, "replicateSourceDb") || isSet(props, "replicationSourceIdentifier");
}

/** Whether a database is made from a backup of another one. */
export function isRestored(props: Props): boolean {
    return isSet(props, "snapshotIdentifier") || isSet(props, "restoreToPointInTime");
}

/** Aurora Serverless v1, which lacks many of RDS's settings and encrypts always. Version 2 has the mode `provisioned`. */
export function isServerlessV1(props: Props): boolean {
    return textOf(props.engineMode) === "serverless";
}

/** The instances of a cluster of Aurora. */
export function instancesOf(cluster: StackResource, stack: Stack): StackResource[] {
    const named = new Set(stack.naming(cluster, "clusterIdentifier", DB_CLUSTER_INSTANCE));
    const identifier = ifKnown(() => textOf(cluster.outputs.clusterIdentifier));
    return stack.ofType(DB_CLUSTER_INSTANCE).filter((instance) => {
        const own = ifKnown(() => textOf(instance.props.clusterIdentifier));
        return named.has(instance) || (own !== undefined && own === identifier);
    });
}
