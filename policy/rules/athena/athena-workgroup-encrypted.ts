import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isFalse, isSet, isTrue, propsOf, type Props } from "../../support/values";

const DATABASE = "aws:athena/database:Database";

export const rule: Rule = {
    id: "athena-workgroup-encrypted",
    title: "Athena encrypts results of queries, whatever a client asks for, and measures them.",
    why: "Results are copies of the data that was asked for. A client that may set its own options can leave them in plain text, anywhere.",
    mend: "Set encryptionOption in the encryptionConfiguration.",
    sources: [
        "Security Hub Athena.4",
        "checkov CKV_AWS_77",
        "checkov CKV_AWS_82",
        "checkov CKV_AWS_159",
        "trivy athena/no_encryption_override",
    ],
    severity: "medium",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:athena/workgroup:Workgroup", DATABASE],
    *check({ type, props }) {
        if (type === DATABASE) {
            // A database that names a workgroup is made with that one's results.
            if (!isSet(props, "workgroup") && !isSet(propsOf(props.encryptionConfiguration), "encryptionOption")) {
                yield { fault: "does not encrypt results", finding: "encryptionConfiguration" };
            }
            return;
        }
        const configuration = propsOf(props.configuration);
        yield* each([encryptionFaults, enforcementFaults, metricsFaults], (check) => check(configuration));
    },
};

function* encryptionFaults(configuration: Props): Generator<Fault> {
    const encryption = propsOf(propsOf(configuration.resultConfiguration).encryptionConfiguration);
    const isManaged = () => isTrue(propsOf(configuration.managedQueryResultsConfiguration).enabled);
    // Results that Athena keeps itself are always encrypted.
    if (!isSet(encryption, "encryptionOption") && !isManaged()) {
        yield {
            fault: "does not encrypt results",
            finding: "encryptionConfiguration",
            mend: "Set encryptionOption in configuration.resultConfiguration.encryptionConfiguration.",
        };
    }
}

function* enforcementFaults({ enforceWorkgroupConfiguration }: Props): Generator<Fault> {
    if (isFalse(enforceWorkgroupConfiguration)) {
        yield {
            fault: "lets clients override its settings",
            finding: "enforceWorkgroupConfiguration",
            mend: "Leave configuration.enforceWorkgroupConfiguration out.",
        };
    }
}

function* metricsFaults({ publishCloudwatchMetricsEnabled }: Props): Generator<Fault> {
    if (isFalse(publishCloudwatchMetricsEnabled)) {
        yield {
            fault: "publishes no metrics",
            finding: "publishCloudwatchMetricsEnabled",
            mend: "Leave configuration.publishCloudwatchMetricsEnabled out.",
        };
    }
}
