import type { Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { textOf } from "../../support/values";

export const rule: Rule = {
    id: "s3-acls-disabled",
    title: "The owner of a bucket owns its objects, and no ACL counts.",
    why: "ACLs grant access beside all policies. AWS turns them off in new buckets alone, so that a bucket which says nothing may have them.",
    mend: "Give the bucket an aws.s3.BucketOwnershipControls with the rule objectOwnership: BucketOwnerEnforced.",
    sources: ["Security Hub S3.12", "checkov CKV2_AWS_65"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:s3/bucket:Bucket"],
    joins: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
    *checkInStack(bucket, stack) {
        const ownerships = stack
            .naming(bucket, "bucket", "aws:s3/bucketOwnershipControls:BucketOwnershipControls")
            .flatMap(({ props }) => settings(props, "rule"))
            .map(({ objectOwnership }) => textOf(objectOwnership));
        if (ownerships.length === 0) {
            yield { fault: "does not say that ACLs are off" };
        }
        for (const ownership of ownerships.filter((each) => each !== "BucketOwnerEnforced")) {
            yield { fault: `lets ACLs count by the ownership ${ownership}` };
        }
    },
};
