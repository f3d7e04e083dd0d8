import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackNames } from "./names";
import { PrivateBucket } from "./privateBucket";

/** Arguments for {@link AccessLogBucket}. */
export interface AccessLogBucketArgs {
    /** Days after which a log is deleted. */
    readonly keepDays: number;
    /**
     * Guards the logs against deletion with the stack.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/**
 * The bucket that takes the access logs of the stack's buckets. S3 writes such logs only where S3's own keys encrypt.
 *
 * Source: S3 User Guide, "Enabling Amazon S3 server access logging".
 */
export class AccessLogBucket extends pulumi.ComponentResource {
    private readonly target: PrivateBucket;

    constructor(name: string, args: AccessLogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:AccessLogBucket", name, {}, opts);
        const names = stackNames();
        this.target = new PrivateBucket(
            name,
            {
                encryption: "s3",
                versioning: true,
                expireDays: { "": args.keepDays },
                protectData: args.protectData,
                statements: (arn) => [
                    {
                        Sid: "TakeAccessLogs",
                        Effect: "Allow",
                        Principal: { Service: "logging.s3.amazonaws.com" },
                        Action: "s3:PutObject",
                        Resource: `${arn}/*`,
                        Condition: { StringEquals: { "aws:SourceAccount": names.account } },
                    },
                ],
            },
            { parent: this },
        );
        this.registerOutputs({});
    }

    /** Makes a bucket log who accesses it. The logs' keys begin with the bucket's name. */
    takeLogsOf(name: string, bucket: aws.s3.Bucket, bucketName: string, opts: pulumi.CustomResourceOptions): void {
        new aws.s3.BucketLogging(
            `${name}-access-logs`,
            { bucket: bucket.bucket, targetBucket: this.target.bucket.bucket, targetPrefix: `${bucketName}/` },
            // S3 refuses a target that does not let it write.
            { ...opts, dependsOn: this.target.policy },
        );
    }
}
