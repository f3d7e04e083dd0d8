import * as assert from "node:assert/strict";
import { AccessLogBucket } from "../../components/support/accessLogBucket";
import { PrivateBucket } from "../../components/support/privateBucket";
import type { Plan } from "../../plan/types";
import { planOf, resource, resourcesOfType, statements } from "../support/plans";
import { operations } from "./support/blocks";
import { planOfProgram } from "./support/evaluate";
import { tlsOnly } from "./support/policies";

describe("a bucket of access logs", () => {
    let plan: Plan;
    before(async () => {
        plan = await planOfProgram(() => {
            const accessLogs = new AccessLogBucket("seen", { keepDays: 77 });
            const { encryption } = operations();
            new PrivateBucket("files", { encryption, accessLogs });
            new PrivateBucket("others", { encryption });
        });
    });

    it("takes logs of S3 for the account's own buckets, nothing of anybody else, and no connection without TLS", () => {
        assert.deepEqual(policyOf(plan, "seen"), bucketStatements("arn:aws:s3:::quartet-dev-seen-111111111111"));
    });

    it("adds nothing to the policies of the buckets that it takes logs of", () => {
        const bucket = "arn:aws:s3:::quartet-dev-files-111111111111";

        assert.deepEqual(policyOf(plan, "files"), tlsOnly("s3", [bucket, `${bucket}/*`]));
    });

    it("is encrypted by S3's own keys, under which alone S3 writes such logs", () => {
        assert.deepEqual(resource(plan, ENCRYPTION, "seen-encryption").inputs, {
            bucket: "quartet-dev-seen-111111111111",
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
    });

    it("keeps versions, so that nobody overwrites a log unseen", () => {
        assert.deepEqual(resource(plan, VERSIONING, "seen-versioning").inputs, {
            bucket: "quartet-dev-seen-111111111111",
            versioningConfiguration: { status: "Enabled" },
        });
    });

    it("deletes every log after its days, and its earlier versions 30 days later", () => {
        assert.deepEqual(resource(plan, LIFECYCLE, "seen-lifecycle").inputs, {
            bucket: "quartet-dev-seen-111111111111",
            rules: rules(77),
        });
    });

    it("is closed to the public, without ACLs, and guarded against deletion unless told otherwise", async () => {
        const unguarded = await planOfProgram(
            () => void new AccessLogBucket("seen", { keepDays: 1, protectData: false }),
        );

        const guard = (of: Plan) => {
            const { protect, inputs } = resource(of, BUCKET, "seen-bucket");
            return { protect, forceDestroy: inputs.forceDestroy };
        };
        assert.deepEqual(guard(plan), { protect: true, forceDestroy: false });
        assert.deepEqual(guard(unguarded), { protect: false, forceDestroy: true });
        const bucket = "quartet-dev-seen-111111111111";
        assert.deepEqual(
            resource(plan, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "seen-public-access").inputs,
            {
                ...{ bucket, blockPublicAcls: true, blockPublicPolicy: true },
                ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
            },
        );
        assert.deepEqual(
            resource(plan, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "seen-ownership").inputs,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
        );
    });

    it("takes the logs of a bucket that is given it under the bucket's name, and of no other", () => {
        assert.deepEqual(loggings(plan), {
            "files-access-logs": {
                bucket: "quartet-dev-files-111111111111",
                targetBucket: "quartet-dev-seen-111111111111",
                targetPrefix: "quartet-dev-files-111111111111/",
            },
        });
        assert.equal(
            resource(plan, LOGGING, "files-access-logs").parent,
            resource(plan, "quartet:support:PrivateBucket", "files").urn,
        );
    });

    it("lets S3 write before a bucket logs to it", () => {
        const { dependsOn } = resource(plan, LOGGING, "files-access-logs");

        assert.ok(dependsOn.includes(resource(plan, POLICY, "seen-policy").urn));
    });
});

describe("the access logs of the program", () => {
    it("are those of both buckets in prod, in one bucket that logs nothing itself", async () => {
        const of = (bucket: string) => ({
            bucket: `quartet-prod-${bucket}-222222222222`,
            targetBucket: "quartet-prod-access-logs-222222222222",
            targetPrefix: `quartet-prod-${bucket}-222222222222/`,
        });

        const plan = await planOf("prod");

        assert.deepEqual(loggings(plan), { "events-access-logs": of("events"), "uploads-access-logs": of("uploads") });
        assert.equal(resourcesOfType(plan, BUCKET).length, 3);
    });

    it("are written by S3 alone and kept for the days of the config, with versions, under S3's own keys", async () => {
        const plan = await planOf("prod");

        const bucket = "quartet-prod-access-logs-222222222222";
        assert.deepEqual(policyOf(plan, "access-logs"), bucketStatements(`arn:aws:s3:::${bucket}`, "222222222222"));
        assert.deepEqual(resource(plan, LIFECYCLE, "access-logs-lifecycle").inputs, { bucket, rules: rules(400) });
        assert.deepEqual(resource(plan, VERSIONING, "access-logs-versioning").inputs, {
            bucket,
            versioningConfiguration: { status: "Enabled" },
        });
        assert.deepEqual(resource(plan, ENCRYPTION, "access-logs-encryption").inputs, {
            bucket,
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        });
    });

    it("are none in dev", async () => {
        const plan = await planOf("dev");

        assert.deepEqual(loggings(plan), {});
        assert.deepEqual(
            resourcesOfType(plan, BUCKET)
                .map(({ name }) => name)
                .sort(),
            ["events-bucket", "uploads-bucket"],
        );
    });
});

const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

/** The statements of the policy of a bucket. */
function policyOf(plan: Plan, bucket: string): unknown[] {
    return statements(resource(plan, POLICY, `${bucket}-policy`).inputs.policy);
}

/** What a bucket of access logs lets happen. */
function bucketStatements(arn: string, account = "111111111111"): unknown[] {
    return [
        ...tlsOnly("s3", [arn, `${arn}/*`]),
        {
            Sid: "TakeAccessLogs",
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arn}/*`,
            Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
    ];
}

/** How a bucket of access logs deletes them. */
function rules(days: number): unknown[] {
    return [
        {
            id: "end-unfinished-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
        { id: "expire", status: "Enabled", filter: { prefix: "" }, expiration: { days } },
    ];
}

/** Where each bucket logs to. */
function loggings(plan: Plan): Record<string, unknown> {
    return Object.fromEntries(resourcesOfType(plan, LOGGING).map(({ name, inputs }) => [name, inputs]));
}
