import { DB_CLUSTER, DB_INSTANCE } from "../../support/rds/databases";
import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "rds-copy-tags",
    title: "Snapshots have the tags of their databases.",
    why: "Access by tags and clean-up by tags do not see snapshots without them.",
    mend: "Set copyTagsToSnapshot: true.",
    sources: ["Security Hub RDS.16", "Security Hub RDS.17", "checkov CKV_AWS_313", "checkov CKV2_AWS_60"],
    severity: "low",
    levels: { dev: "disabled", prod: "advisory" },
    types: [DB_INSTANCE, DB_CLUSTER],
    *check({ props }) {
        if (!isTrue(props.copyTagsToSnapshot)) {
            yield { fault: "does not copy its tags to snapshots" };
        }
    },
};
