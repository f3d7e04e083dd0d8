import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessLogBucket } from "./accessLogBucket";
import type { Encryption } from "./encryption";
import { stackNames } from "./names";
import { document, tlsOnly, type Statement } from "./policy";

/** Arguments for {@link PrivateBucket}. */
export interface PrivateBucketArgs {
    /** The stack's encryption, or S3's own keys. */
    readonly encryption: Encryption | "s3";
    /**
     * Keeps the earlier versions of an object that is overwritten or deleted, for 30 days.
     *
     * @default false
     */
    readonly versioning?: boolean;
    /**
     * Days after which objects are deleted, by prefix of their keys, e.g. `{ "rejected/": 30 }`.
     *
     * @default - objects are kept
     */
    readonly expireDays?: Readonly<Record<string, number>>;
    /**
     * Origins whose pages may send presigned forms to the bucket; `*` for all.
     *
     * @default - none
     */
    readonly formOrigins?: readonly string[];
    /** Takes the logs of who accesses the bucket. @default - nothing is logged */
    readonly accessLogs?: AccessLogBucket;
    /**
     * Further statements of the bucket's policy.
     *
     * @default - none but the refusal of requests without TLS
     */
    readonly statements?: (bucketArn: string) => readonly Statement[];
    /**
     * Guards the bucket against deletion by Pulumi, and its objects against deletion with the bucket.
     *
     * @default true
     */
    readonly protectData?: boolean;
}

/** A bucket that only TLS reaches and no public policy or ACL opens, encrypted as the stack is. */
export class PrivateBucket extends pulumi.ComponentResource {
    /** Physical name, known before deploy. */
    public readonly bucketName: string;
    /** ARN, known before deploy. */
    public readonly arn: string;
    public readonly bucket: aws.s3.Bucket;
    public readonly policy: aws.s3.BucketPolicy;

    constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("quartet:support:PrivateBucket", name, {}, opts);
        const names = stackNames();
        const protectData = args.protectData ?? true;
        this.bucketName = names.bucket(name);
        this.arn = names.bucketArn(this.bucketName);
        this.bucket = new aws.s3.Bucket(
            `${name}-bucket`,
            { bucket: this.bucketName, forceDestroy: !protectData },
            { parent: this, protect: protectData },
        );
        const bucket = this.bucket.bucket;
        const publicAccess = new aws.s3.BucketPublicAccessBlock(
            `${name}-public-access`,
            {
                bucket,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
            { parent: this },
        );
        new aws.s3.BucketOwnershipControls(
            `${name}-ownership`,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            { parent: this },
        );
        new aws.s3.BucketServerSideEncryptionConfiguration(
            `${name}-encryption`,
            { bucket, rules: [encryptionRule(args.encryption)] },
            { parent: this },
        );
        const statements = [tlsOnly("s3:*", [this.arn, `${this.arn}/*`]), ...(args.statements?.(this.arn) ?? [])];
        this.policy = new aws.s3.BucketPolicy(
            `${name}-policy`,
            { bucket, policy: document(statements) },
            // S3 refuses two changes of a bucket's access at once.
            { parent: this, dependsOn: publicAccess },
        );
        if (args.versioning) {
            new aws.s3.BucketVersioning(
                `${name}-versioning`,
                { bucket, versioningConfiguration: { status: "Enabled" } },
                { parent: this },
            );
        }
        args.accessLogs?.takeLogsOf(name, this.bucket, this.bucketName, { parent: this });
        if (args.formOrigins && args.formOrigins.length > 0) {
            new aws.s3.BucketCorsConfiguration(
                `${name}-cors`,
                {
                    bucket,
                    corsRules: [
                        {
                            allowedMethods: ["POST"],
                            allowedOrigins: [...args.formOrigins],
                            allowedHeaders: ["*"],
                            exposeHeaders: ["ETag", "Location"],
                            maxAgeSeconds: 3600,
                        },
                    ],
                },
                { parent: this },
            );
        }
        new aws.s3.BucketLifecycleConfiguration(
            `${name}-lifecycle`,
            { bucket, rules: lifecycleRules(args.expireDays ?? {}, args.versioning ?? false) },
            { parent: this },
        );
        this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
    }
}

function encryptionRule(encryption: Encryption | "s3") {
    const keyArn = encryption === "s3" ? undefined : encryption.keyArn;
    return keyArn
        ? {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
          }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
}

function lifecycleRules(expireDays: Readonly<Record<string, number>>, versioning: boolean) {
    return [
        {
            id: "end-unfinished-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            ...(versioning ? { noncurrentVersionExpiration: { noncurrentDays: 30 } } : {}),
        },
        ...Object.entries(expireDays).map(([prefix, days]) => ({
            id: prefix === "" ? "expire" : `expire-${prefix.replace(/\W/g, "")}`,
            status: "Enabled",
            filter: { prefix },
            expiration: { days },
        })),
    ];
}
