import type { Rule } from "../../support/rule";
import { isTrue } from "../../support/values";

export const rule: Rule = {
    id: "s3-no-force-destroy",
    title: "A bucket with objects can't be destroyed.",
    why: "With forceDestroy, a resource that is removed or replaced by mistake takes all objects and their versions with it.",
    mend: "Leave forceDestroy out or set it to false.",
    sources: ["quartet"],
    severity: "high",
    levels: { dev: "disabled", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket", "aws:s3/directoryBucket:DirectoryBucket"],
    *check({ props }) {
        if (isTrue(props.forceDestroy)) {
            yield { fault: "is destroyed together with its objects" };
        }
    },
};
