import * as assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import type { ObjectCreated } from "../../../local/services/s3/types";
import { applyAll, bucket, customerKey, setting, startS3, versioning } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";
const day = 86_400_000;
const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }],
};

describe("S3: settings of a bucket", () => {
    let server: S3Server;
    afterEach(() => server.close());
    const put = (Key: string, more: Partial<s3.PutObjectCommandInput> = {}) =>
        server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "x", ...more }));
    const keys = async () => {
        const { Contents = [] } = await server.client.send(new s3.ListObjectsV2Command({ Bucket }));
        return Contents.map(({ Key }) => Key);
    };

    it("reads back what is declared", async () => {
        const rules = [
            { id: "a", status: "Enabled", filter: { prefix: "p/" }, expiration: { days: 3 } },
            {
                id: "b",
                status: "Disabled",
                filter: { and: { prefix: "q/", tags: { k: "v" } } },
                noncurrentVersionExpiration: { noncurrentDays: 2 },
            },
        ];
        const byDefault = { sseAlgorithm: "aws:kms", kmsMasterKeyId: customerKey };
        server = await startS3([
            bucket(Bucket, { tags: { team: "a&b" } }),
            versioning("Enabled"),
            setting("bucketServerSideEncryptionConfiguration", {
                rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: true }],
            }),
            setting("bucketPolicy", { policy: JSON.stringify(policy) }),
            setting("bucketLifecycleConfigurationV2", { rules }),
        ]);
        const { client } = server;

        const { TagSet } = await client.send(new s3.GetBucketTaggingCommand({ Bucket }));
        const { Status } = await client.send(new s3.GetBucketVersioningCommand({ Bucket }));
        const encryption = await client.send(new s3.GetBucketEncryptionCommand({ Bucket }));
        const { Policy } = await client.send(new s3.GetBucketPolicyCommand({ Bucket }));
        const lifecycle = await client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket }));
        const { Buckets } = await client.send(new s3.ListBucketsCommand({}));

        assert.deepEqual(TagSet, [{ Key: "team", Value: "a&b" }]);
        assert.equal(Status, "Enabled");
        assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules?.[0], {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: customerKey },
            BucketKeyEnabled: true,
        });
        assert.deepEqual(JSON.parse(String(Policy)), policy);
        assert.deepEqual(lifecycle.Rules, [
            { ID: "a", Status: "Enabled", Filter: { Prefix: "p/" }, Expiration: { Days: 3 } },
            {
                ID: "b",
                Status: "Disabled",
                Filter: { And: { Prefix: "q/", Tags: [{ Key: "k", Value: "v" }] } },
                NoncurrentVersionExpiration: { NoncurrentDays: 2 },
            },
        ]);
        assert.deepEqual(
            Buckets?.map(({ Name }) => Name),
            [Bucket],
        );
    });

    it("reads back AWS's defaults where nothing is declared, and errors where AWS has none", async () => {
        server = await startS3();
        const { client } = server;

        const { Status } = await client.send(new s3.GetBucketVersioningCommand({ Bucket }));
        const access = await client.send(new s3.GetPublicAccessBlockCommand({ Bucket }));
        const location = await client.send(new s3.GetBucketLocationCommand({ Bucket }));

        assert.equal(Status, undefined);
        assert.deepEqual(Object.values(access.PublicAccessBlockConfiguration ?? {}), [true, true, true, true]);
        assert.ok(!location.LocationConstraint);
        await assert.rejects(client.send(new s3.GetBucketPolicyCommand({ Bucket })), { name: "NoSuchBucketPolicy" });
        await assert.rejects(client.send(new s3.GetBucketTaggingCommand({ Bucket })), { name: "NoSuchTagSet" });
        await assert.rejects(client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket })), {
            name: "NoSuchLifecycleConfiguration",
        });
        server.deny = () => true;
        await assert.rejects(client.send(new s3.GetBucketEncryptionCommand({ Bucket })), { name: "AccessDenied" });
    });

    it("takes a new plan as a whole: what it no longer declares is off", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        await put("k");

        await applyAll(server.s3, [bucket(Bucket)]);

        assert.equal((await put("k")).VersionId, undefined);
        assert.deepEqual(await keys(), ["k"]);
    });

    it("refuses a plan that it cannot follow, naming the property or the bucket that is missing", async () => {
        server = await startS3();
        await assert.rejects(startS3([bucket(Bucket, { website: {} })]), /"website"/);
        await assert.rejects(startS3([bucket("../escape")]), /no valid bucket name/);
        await assert.rejects(startS3([versioning("Enabled")]), /bucket "bucket" is not declared/);
    });

    it("expires old versions but the newest ones that are to stay, and then a marker that is left alone", async () => {
        const expiration = { expiredObjectDeleteMarker: true };
        const noncurrentVersionExpiration = { noncurrentDays: 1, newerNoncurrentVersions: 1 };
        const rules = [
            { id: "old", status: "Enabled", filter: { prefix: "many" }, noncurrentVersionExpiration },
            {
                id: "all",
                status: "Enabled",
                filter: { prefix: "gone" },
                expiration,
                noncurrentVersionExpiration: { noncurrentDays: 1 },
            },
        ];
        server = await startS3([
            bucket(Bucket),
            versioning("Enabled"),
            setting("bucketLifecycleConfiguration", { rules }),
        ]);
        const ids = [];
        for (const key of ["many", "many", "many", "gone"]) ids.push((await put(key)).VersionId);
        await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "gone" }));

        await server.s3.sweep(Date.now() + 3 * day);
        await server.s3.sweep(Date.now() + 3 * day);

        const left = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket }));
        assert.deepEqual(
            left.Versions?.map(({ VersionId }) => VersionId),
            [ids[2], ids[1]],
        );
        assert.equal(left.DeleteMarkers, undefined);
    });

    it("expires at the midnight that follows, not when the days are just over", async () => {
        const rules = [{ id: "day", status: "Enabled", expiration: { days: 1 } }];
        server = await startS3([bucket(Bucket), setting("bucketLifecycleConfiguration", { rules })]);
        await put("k");
        const over = Date.now() + day;

        await server.s3.sweep(over);
        const before = await keys();
        await server.s3.sweep(Math.ceil(over / day) * day);

        assert.deepEqual([before, await keys()], [["k"], []]);
    });

    it("expires only what size and tags of a rule fit, and nothing by a rule that is disabled", async () => {
        const expiration = { days: 1 };
        const rules = [
            { id: "big", status: "Enabled", filter: { objectSizeGreaterThan: 5 }, expiration },
            { id: "tag", status: "Enabled", filter: { tag: { key: "keep", value: "no" } }, expiration },
            { id: "off", status: "Disabled", filter: {}, expiration },
        ];
        server = await startS3([bucket(Bucket), setting("bucketLifecycleConfiguration", { rules })]);
        await put("small");
        await put("big", { Body: "123456" });
        await put("tagged", { Tagging: "keep=no" });
        await put("kept", { Tagging: "keep=yes" });

        await server.s3.sweep(Date.now() + 3 * day);

        assert.deepEqual(await keys(), ["kept", "small"]);
    });

    it("answers preflights and adds CORS headers by the rules, and refuses other origins", async () => {
        const corsRules = [
            {
                allowedMethods: ["PUT"],
                allowedOrigins: ["https://*.example.com"],
                allowedHeaders: ["x-amz-*"],
                exposeHeaders: ["ETag"],
                maxAgeSeconds: 60,
            },
        ];
        server = await startS3([bucket(Bucket), setting("bucketCorsConfiguration", { corsRules })]);
        const preflight = (origin: string, headers = "x-amz-date") =>
            server.send("OPTIONS", "/bucket/k", {
                anonymous: true,
                headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": headers },
            });

        const allowed = await preflight("https://a.example.com");
        const actual = await server.send("PUT", "/bucket/k", {
            body: "x",
            headers: { origin: "https://a.example.com" },
        });

        assert.equal(allowed.status, 200);
        assert.equal(allowed.headers["access-control-allow-origin"], "https://a.example.com");
        assert.equal(allowed.headers["access-control-allow-headers"], "x-amz-date");
        assert.equal(allowed.headers["access-control-max-age"], "60");
        assert.equal(actual.headers["access-control-expose-headers"], "ETag");
        assert.equal((await preflight("https://evil.com")).status, 403);
        assert.equal((await preflight("https://a.example.com", "authorization")).status, 403);
    });

    it("tells its listeners of each new object, and not of a refused one", async () => {
        server = await startS3();
        const events: ObjectCreated[] = [];
        const stop = server.s3.onObjectCreated((event) => events.push(event));

        await put("k", { IfNoneMatch: "*" });
        await assert.rejects(put("k", { IfNoneMatch: "*" }));
        stop();
        await put("later");

        assert.deepEqual(
            events.map(({ bucket: name, eventName, object }) => [name, eventName, object.key, object.size]),
            [[Bucket, "ObjectCreated:Put", "k", 1]],
        );
    });
});
