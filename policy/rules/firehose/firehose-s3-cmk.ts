import { each } from "../../support/failClosed";
import type { Fault, Rule } from "../../support/rule";
import { isSet, isTrue, propsListOf, propsOf, type Props } from "../../support/values";

export const rule: Rule = {
    id: "firehose-s3-cmk",
    title: "Firehose streams write to S3 by a customer's key, and log what they can't deliver.",
    why: "Without a key of its own the data can be read by whoever may read the bucket. Without a log lost records are noticed by nobody.",
    mend: "Set kmsKeyArn and cloudwatchLoggingOptions in each destination.",
    sources: ["quartet"],
    severity: "medium",
    levels: { dev: "advisory", prod: "mandatory" },
    types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    *check({ props }) {
        const destinations = DESTINATIONS.filter((key) => isSet(props, key));
        yield* each(destinations, function* (place) {
            yield* each(propsListOf(props[place]), (destination) => judge(destination, place));
        });
    },
};

/** A destination is S3 itself, or has S3 beside it for records on their way, rejected ones, and a backup. */
function* judge(destination: Props, place: string): Generator<Fault> {
    const logging = propsOf(destination.cloudwatchLoggingOptions);
    if (!isTrue(logging.enabled)) {
        yield {
            fault: `does not log errors of ${place}`,
            finding: `${place}.cloudwatchLoggingOptions`,
            mend: `Set enabled, logGroupName and logStreamName in cloudwatchLoggingOptions of ${place}.`,
        };
    }
    if (place === "extendedS3Configuration") {
        yield* keyFaults(destination, place);
    }
    for (const key of ["s3Configuration", "s3BackupConfiguration"].filter((each) => isSet(destination, each))) {
        yield* keyFaults(propsOf(destination[key]), `${place}.${key}`);
    }
}

function* keyFaults(s3: Props, place: string): Generator<Fault> {
    if (!isSet(s3, "kmsKeyArn")) {
        yield {
            fault: `writes to S3 without a key in ${place}`,
            finding: `${place}.kmsKeyArn`,
            mend: `Set kmsKeyArn in ${place}.`,
        };
    }
}

const DESTINATIONS = [
    ...["extendedS3Configuration", "redshiftConfiguration", "elasticsearchConfiguration", "opensearchConfiguration"],
    ...["opensearchserverlessConfiguration", "splunkConfiguration", "httpEndpointConfiguration"],
    ...["snowflakeConfiguration", "icebergConfiguration"],
];
