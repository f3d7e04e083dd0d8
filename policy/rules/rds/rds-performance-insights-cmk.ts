import { DB_CLUSTER, DB_CLUSTER_INSTANCE, DB_INSTANCE, engineOf } from "../../support/rds/databases";
import { each } from "../../support/failClosed";
import { namesOwnKey } from "../../support/kms/keys";
import type { StackResource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isTrue, numberOf } from "../../support/values";

export const rule: Rule = {
    id: "rds-performance-insights-cmk",
    title: "Databases are watched in detail, and what is seen of their queries is encrypted with a customer managed key.",
    why: "Performance Insights keeps texts of queries, which may hold data. Without enhanced monitoring the operating system's load is not seen.",
    mend: "Set performanceInsightsKmsKeyId to a customer managed key.",
    sources: [
        "cdk-nag RDSEnhancedMonitoringEnabled",
        "Security Hub RDS.6",
        "checkov CKV_AWS_118",
        "checkov CKV_AWS_354",
        "Pulumi disallow-unencrypted-performance-insights",
    ],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [DB_INSTANCE, DB_CLUSTER_INSTANCE, DB_CLUSTER],
    *checkInStack(database, stack) {
        // What a cluster says holds for its instances.
        const all = [database, ...stack.named(database, "clusterIdentifier", DB_CLUSTER)];
        yield* each([lacksKey, lacksMonitoring], (check) => check(database, all));
    },
};

function* lacksKey({ props }: StackResource, all: readonly StackResource[]): Generator<Fault> {
    if (
        isTrue(props.performanceInsightsEnabled) &&
        !all.some((each) => namesOwnKey(each.props, "performanceInsightsKmsKeyId"))
    ) {
        yield {
            fault: "keeps its Performance Insights without a customer managed key",
            finding: "performanceInsightsKmsKeyId",
        };
    }
}

function* lacksMonitoring({ type, props }: StackResource, all: readonly StackResource[]): Generator<Fault> {
    // Aurora's clusters may leave this to their instances, which are judged themselves.
    if (type === DB_CLUSTER && engineOf(props).startsWith("aurora")) {
        return;
    }
    if (!all.some((each) => (numberOf(each.props.monitoringInterval) ?? 0) > 0)) {
        yield {
            fault: "has no enhanced monitoring",
            finding: "monitoringInterval",
            mend: "Set monitoringInterval and monitoringRoleArn.",
        };
    }
}
