import { added, changed, without, type Mutation } from "../support/mutation";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

export const mutations: readonly Mutation[] = [
    {
        rule: "s3-public-access-block",
        when: "a bucket takes public policies",
        change: (resources) => changed(resources, BLOCK, { blockPublicPolicy: false }),
    },
    {
        rule: "s3-public-access-block",
        when: "no bucket has a block of public access",
        stack: "dev",
        change: (resources) => without(resources, BLOCK),
    },
    {
        rule: "s3-no-public-acl",
        when: "a bucket gets a public ACL",
        change: (resources) => added(resources, "aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }),
    },
    {
        rule: "s3-acls-disabled",
        when: "the writer of an object owns it",
        change: (resources) => changed(resources, OWNERSHIP, { rule: { objectOwnership: "ObjectWriter" } }),
    },
    {
        rule: "s3-tls-only",
        when: "the buckets have no policy",
        change: (resources) => without(resources, POLICY),
    },
    {
        rule: "s3-tls-only",
        when: "a bucket's policy is that of another bucket",
        change: (resources) => changed(resources, POLICY, { bucket: "another" }, "uploads-policy"),
    },
    {
        rule: "s3-encryption",
        when: "a bucket leaves its key out",
        change: (resources) =>
            changed(
                resources,
                SSE,
                { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
                "uploads-encryption",
            ),
    },
    {
        rule: "s3-encryption",
        when: "the buckets do not say how they are encrypted",
        stack: "dev",
        change: (resources) => without(resources, SSE),
    },
    {
        rule: "s3-versioning",
        when: "a bucket's versioning is suspended",
        change: (resources) => changed(resources, VERSIONING, { versioningConfiguration: { status: "Suspended" } }),
    },
    {
        rule: "s3-access-logging",
        when: "a bucket is added without logs",
        change: (resources) => added(resources, BUCKET, { bucket: "added" }),
    },
    {
        rule: "s3-cors-no-wildcard",
        when: "every site may upload",
        change: (resources) =>
            changed(resources, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", {
                corsRules: [{ allowedMethods: ["POST"], allowedOrigins: ["*"] }],
            }),
    },
    {
        rule: "s3-no-website",
        when: "a bucket serves a web site",
        change: (resources) => changed(resources, BUCKET, { website: { indexDocument: "index.html" } }),
    },
    {
        rule: "s3-no-force-destroy",
        when: "a bucket may be destroyed with its objects",
        change: (resources) => changed(resources, BUCKET, { forceDestroy: true }),
    },
    {
        rule: "pulumi-state-bucket",
        when: "the bucket of the state takes everything",
        options: { bucket: "added" },
        change: (resources) => added(resources, "aws:s3/bucket:Bucket", { bucket: "added" }),
    },
];
