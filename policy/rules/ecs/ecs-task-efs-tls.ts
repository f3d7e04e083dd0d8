import { block } from "../../support/blocks";
import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { isSet, propsListOf, textOf } from "../../support/values";

export const rule: Rule = {
    id: "ecs-task-efs-tls",
    title: "Tasks reach their EFS file systems through TLS.",
    why: "Without it, files go through the network in plain text.",
    mend: "Set efsVolumeConfiguration.transitEncryption of the volume to ENABLED.",
    sources: ["Security Hub ECS.18", "checkov CKV_AWS_97", "trivy ecs/enable_in_transit_encryption"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:ecs/taskDefinition:TaskDefinition"],
    check: ({ props }) =>
        each(propsListOf(props.volumes), function* (volume) {
            if (!isSet(volume, "efsVolumeConfiguration")) {
                return;
            }
            if (textOf(block(volume, "efsVolumeConfiguration").transitEncryption) !== "ENABLED") {
                const name = textOf(volume.name) ?? "";
                yield { fault: `mounts EFS volume ${name} without TLS`, finding: name };
            }
        }),
};
