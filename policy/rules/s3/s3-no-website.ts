import type { Rule } from "../../support/rule";
import { settings } from "../../support/settings";

export const rule: Rule = {
    id: "s3-no-website",
    title: "No bucket serves a web site by itself.",
    why: "Web sites of S3 know no TLS and need public objects.",
    mend: "Take the web site away and serve the objects through CloudFront with origin access control.",
    sources: ["cdk-nag AwsSolutions-S5"],
    severity: "high",
    levels: { dev: "mandatory", prod: "mandatory" },
    types: ["aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "aws:s3/bucket:Bucket"],
    *check({ type, props }) {
        if (type !== "aws:s3/bucket:Bucket" || settings(props, "website").length > 0) {
            yield { fault: "serves a web site" };
        }
    },
};
