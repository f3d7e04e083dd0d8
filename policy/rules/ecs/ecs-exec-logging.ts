import { block } from "../../support/blocks";
import { namesOwnKey } from "../../support/kms/keys";
import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isSet, isTrue, textOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "ecs-exec-logging",
    title: "Where ECS Exec is in use, its sessions are logged and encrypted with a customer managed key.",
    why: "ECS Exec opens a shell in a running container, with the task's role. Without a log nobody learns what was done there.",
    mend: "Set executeCommandConfiguration of the cluster with a kmsKeyId, logging OVERRIDE and an encrypted log.",
    sources: ["checkov CKV_AWS_223", "checkov CKV_AWS_224"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:ecs/cluster:Cluster", "aws:ecs/service:Service"],
    *check({ type, props }) {
        if (type === "aws:ecs/cluster:Cluster" && configuresExec(props)) {
            const exec = block(props, "configuration", "executeCommandConfiguration");
            yield* each([key, logging, logs], (judge) => judge(exec));
        }
    },
    *checkInStack(service, stack) {
        if (service.type !== "aws:ecs/service:Service" || !isTrue(service.props.enableExecuteCommand)) {
            return;
        }
        // What a cluster's configuration lacks is a finding of the cluster.
        const clusters = stack.named(service, "cluster", "aws:ecs/cluster:Cluster");
        if (!clusters.some(({ props }) => configuresExec(props))) {
            yield {
                fault: "allows ECS Exec on a cluster that is not configured for it",
                finding: "enableExecuteCommand",
            };
        }
    },
};

function configuresExec(cluster: Props): boolean {
    return isSet(block(cluster, "configuration"), "executeCommandConfiguration");
}

function* key(exec: Props): Generator<Fault> {
    if (!namesOwnKey(exec, "kmsKeyId")) {
        yield { fault: "does not encrypt ECS Exec with a customer managed key", finding: "kmsKeyId" };
    }
}

function* logging(exec: Props): Generator<Fault> {
    if (textOf(exec.logging) === "NONE") {
        yield { fault: "does not log ECS Exec", finding: "logging" };
    }
}

function* logs(exec: Props): Generator<Fault> {
    const configuration = block(exec, "logConfiguration");
    for (const [target, encryption] of [
        ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
        ["s3BucketName", "s3BucketEncryptionEnabled"],
    ]) {
        if (isSet(configuration, target) && !isTrue(configuration[encryption])) {
            yield { fault: `logs ECS Exec without ${encryption}`, finding: encryption };
        }
    }
}
