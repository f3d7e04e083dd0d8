import { block } from "../../support/blocks";
import { namesOwnKey } from "../../support/kms/keys";
import { each } from "../../support/failClosed";
import type { Resource } from "../../support/resources";
import type { Fault, Rule } from "../../support/rule";
import { isTrue, propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "dynamodb-cmk",
    title: "Tables and their replicas are encrypted with a customer managed key.",
    why: "DynamoDB's own key opens a table to everybody who may read it. A customer managed key needs a grant of its own, logs each use and can be revoked.",
    mend: "Set serverSideEncryption with enabled true and the kmsKeyArn of a customer managed key.",
    sources: [
        "checkov CKV_AWS_119",
        "checkov CKV_AWS_271",
        "awsguard dynamodb-table-encryption-enabled",
        "trivy dynamodb/table_customer_key",
    ],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:dynamodb/table:Table", "aws:dynamodb/tableReplica:TableReplica"],
    check: (resource) =>
        resource.type === "aws:dynamodb/table:Table"
            ? each([keyOfTable, keysOfReplicas], (judge) => judge(resource))
            : keyOfReplica(resource.props),
};

function* keyOfTable({ props }: Resource): Generator<Fault> {
    const encryption = block(props, "serverSideEncryption");
    if (!isTrue(encryption.enabled) || !namesOwnKey(encryption, "kmsKeyArn")) {
        yield { fault: "is not encrypted with a customer managed key", finding: "serverSideEncryption" };
    }
}

function keysOfReplicas({ props }: Resource): Generator<Fault> {
    return each(propsListOf(props.replicas), function* (replica) {
        for (const fault of keyOfReplica(replica)) {
            const region = textOf(replica.regionName) ?? "another region";
            yield { ...fault, fault: `has a replica in ${region} that ${fault.fault}`, finding: region };
        }
    });
}

function* keyOfReplica(replica: Resource["props"]): Generator<Fault> {
    if (!namesOwnKey(replica, "kmsKeyArn")) {
        yield {
            fault: "is not encrypted with a customer managed key",
            mend: "Set the replica's kmsKeyArn to a customer managed key of its region.",
        };
    }
}
