import { each } from "../../support/failClosed";
import type { Rule } from "../../support/rule";
import { settings } from "../../support/settings";
import { textsOf } from "../../support/values";

export const rule: Rule = {
    id: "s3-cors-no-wildcard",
    title: "Only named origins may write to buckets from a browser.",
    why: "With all origins allowed, any web site can let its visitors' browsers upload to the bucket with a form that it got hold of.",
    mend: "Name in allowedOrigins the origins of your own sites.",
    sources: ["quartet", "checkov CKV2_AWS_75"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "aws:s3/bucket:Bucket"],
    check: ({ props }) =>
        each(settings(props, "corsRule"), function* ({ allowedMethods, allowedOrigins }, index) {
            const methods = textsOf(allowedMethods).filter((method) => WRITES.includes(method));
            const origin = methods.length > 0 && textsOf(allowedOrigins).find((text) => ALL_ORIGINS.test(text));
            if (origin) {
                yield {
                    fault: `allows ${methods.join(", ")} from the origin ${origin} in CORS rule ${index + 1}`,
                    finding: origin,
                };
            }
        }),
};

const WRITES = ["PUT", "POST", "DELETE"];

/** One wildcard may stand in an origin, anywhere: these leave no part of a host. */
const ALL_ORIGINS = /^(https?:?\/{0,2})?\*(:\d+)?$/;
