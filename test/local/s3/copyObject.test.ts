import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import type { ObjectCreated } from "../../../local/services/s3/types";
import { bucket, customerKey, setting, startS3, versioning } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";

describe("S3: CopyObject", () => {
    let server: S3Server;
    beforeEach(async () => {
        server = await startS3([bucket(Bucket), bucket("other")]);
    });
    afterEach(() => server.close());
    const put = (Key: string, Body: string | Buffer = "hello", more: Partial<s3.PutObjectCommandInput> = {}) =>
        server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
    const copy = (CopySource: string, Key: string, more: Partial<s3.CopyObjectCommandInput> = {}) =>
        server.client.send(new s3.CopyObjectCommand({ Bucket, CopySource, Key, ...more }));
    const head = (Key: string, from = Bucket) =>
        server.client.send(new s3.HeadObjectCommand({ Bucket: from, Key, ChecksumMode: "ENABLED" }));
    const text = async (Key: string, from = Bucket) =>
        (await server.client.send(new s3.GetObjectCommand({ Bucket: from, Key }))).Body?.transformToString();
    const blobFiles = (name: string) => {
        const folder = path.join(server.dataDir, "s3", name, "blobs");
        return fs.readdirSync(folder).map((file) => fs.statSync(path.join(folder, file)));
    };

    it("gives the copy bytes, headers, tags and checksum of the source, and tells of it", async () => {
        const events: ObjectCreated[] = [];
        server.s3.onObjectCreated((event) => events.push(event));
        const source = {
            ContentType: "text/plain",
            Metadata: { own: "1" },
            Tagging: "a=b",
            StorageClass: "STANDARD_IA",
        };
        await put("from é+ ?", "hello", { ...source, StorageClass: "STANDARD_IA" });

        const { CopyObjectResult } = await copy(`/bucket/${encodeURIComponent("from é+ ?")}`, "to", {
            Bucket: "other",
        });

        const object = await head("to", "other");
        assert.equal(await text("to", "other"), "hello");
        assert.deepEqual(
            [object.ContentType, object.Metadata, object.StorageClass],
            ["text/plain", { own: "1" }, undefined],
        );
        assert.equal(object.ChecksumCRC32, "NhCmhg==");
        assert.deepEqual([CopyObjectResult?.ETag, CopyObjectResult?.ChecksumCRC32], [object.ETag, "NhCmhg=="]);
        assert.deepEqual(
            events.slice(1).map(({ eventName, bucket: name, object: { tags } }) => [eventName, name, tags]),
            [["ObjectCreated:Copy", "other", { a: "b" }]],
        );
    });

    it("shares the bytes on disk, and each object keeps them when the other goes", async () => {
        await put("a");
        await copy("bucket/a", "b");
        await copy("bucket/a", "c", { Bucket: "other" });
        const inodes = new Set([...blobFiles(Bucket), ...blobFiles("other")].map(({ ino }) => ino));

        await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "a" }));
        await put("b", "new");

        assert.deepEqual([inodes.size, blobFiles(Bucket).length], [1, 1]);
        assert.deepEqual([await text("b"), await text("c", "other")], ["new", "hello"]);
    });

    it("is there after a restart", async () => {
        await put("a");
        await copy("bucket/a", "b");
        await server.close(true);

        server = await startS3([bucket(Bucket), bucket("other")], server.dataDir);

        assert.equal(await text("b"), "hello");
    });

    it("takes metadata and tags of the request where it says REPLACE, and only there", async () => {
        await put("a", "hello", { ContentType: "text/plain", Metadata: { own: "1" }, Tagging: "a=b" });
        await put("untagged");

        const mine = { ContentType: "text/html", Metadata: { other: "2" }, Tagging: "c=d" };
        await copy("bucket/a", "a", { ...mine, MetadataDirective: "REPLACE" });
        await copy("bucket/untagged", "untouched", mine);

        const { ContentType, Metadata } = await head("a");
        assert.deepEqual([ContentType, Metadata], ["text/html", { other: "2" }]);
        assert.equal((await server.send("HEAD", "/bucket/a")).headers["x-amz-tagging-count"], "1");
        assert.deepEqual((await head("untouched")).Metadata, {});
        assert.equal((await server.send("HEAD", "/bucket/untouched")).headers["x-amz-tagging-count"], undefined);
    });

    it("refuses to copy an object onto itself unchanged, and a directive that is none", async () => {
        await put("a");
        await assert.rejects(copy("bucket/a", "a"), { name: "InvalidRequest", message: /copy an object to itself/ });
        await assert.rejects(copy("bucket/a", "b", { MetadataDirective: "KEEP" as never }), {
            name: "InvalidArgument",
        });
        await copy("bucket/a", "a", { ServerSideEncryption: "AES256" });
    });

    it("computes another checksum where one is asked for", async () => {
        await put("a");
        const { CopyObjectResult } = await copy("bucket/a", "b", { ChecksumAlgorithm: "SHA256" });
        const object = await head("b");

        assert.equal(CopyObjectResult?.ChecksumSHA256, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        assert.deepEqual([object.ChecksumSHA256, object.ChecksumCRC32], [CopyObjectResult?.ChecksumSHA256, undefined]);
        await assert.rejects(copy("bucket/a", "c", { ChecksumAlgorithm: "MD4" as never }), { name: "InvalidRequest" });
    });

    it("makes a whole object of one in parts, with the ETag of its bytes", async () => {
        const pieces = [Buffer.alloc(5 * 1024 ** 2, 1), Buffer.from("end")];
        const { UploadId } = await server.client.send(
            new s3.CreateMultipartUploadCommand({ Bucket, Key: "parts", ChecksumAlgorithm: "SHA256" }),
        );
        const Parts = [];
        for (const [index, Body] of pieces.entries()) {
            const part = {
                Bucket,
                Key: "parts",
                UploadId,
                PartNumber: index + 1,
                Body,
                ChecksumAlgorithm: "SHA256" as const,
            };
            Parts.push({
                PartNumber: index + 1,
                ETag: (await server.client.send(new s3.UploadPartCommand(part))).ETag,
            });
        }
        const complete = { Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } };
        await server.client.send(new s3.CompleteMultipartUploadCommand(complete));

        await copy("bucket/parts", "whole");

        const digest = (name: string) => crypto.createHash(name).update(Buffer.concat(pieces)).digest();
        const object = await head("whole");
        assert.equal(object.ETag, `"${digest("md5").toString("hex")}"`);
        assert.deepEqual(
            [object.ChecksumSHA256, object.ChecksumType],
            [digest("sha256").toString("base64"), "FULL_OBJECT"],
        );
        assert.ok(Buffer.from((await text("whole")) ?? "", "latin1").equals(Buffer.concat(pieces)));
    });

    for (const [name, wrong, right] of [
        ["CopySourceIfMatch", '"other"', '"5d41402abc4b2a76b9719d911017c592"'],
        ["CopySourceIfNoneMatch", '"5d41402abc4b2a76b9719d911017c592"', '"other"'],
        ["CopySourceIfModifiedSince", new Date(Date.now() + 3_600_000), new Date(0)],
        ["CopySourceIfUnmodifiedSince", new Date(0), new Date(Date.now() + 3_600_000)],
    ] as const) {
        it(`copies only if ${name} holds`, async () => {
            await put("a");
            await assert.rejects(copy("bucket/a", "b", { [name]: wrong }), { name: "PreconditionFailed" });
            assert.equal((await server.send("HEAD", "/bucket/b")).status, 404);
            await copy("bucket/a", "b", { [name]: right });
        });
    }

    it("overwrites nothing with If-None-Match, and only what it names with If-Match", async () => {
        await put("a");
        const { ETag } = await put("b", "b");
        await assert.rejects(copy("bucket/a", "b", { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
        await assert.rejects(copy("bucket/a", "b", { IfMatch: '"other"' }), { name: "PreconditionFailed" });
        assert.equal(await text("b"), "b");

        await copy("bucket/a", "b", { IfMatch: ETag });
        assert.deepEqual([await text("b"), blobFiles(Bucket).length], ["hello", 2]);
    });

    it("restores an old version, names both versions, and refuses a delete marker", async () => {
        await server.close();
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        const { VersionId: old } = await put("a", "old");
        await put("a", "new");

        const restored = await copy(`bucket/a?versionId=${old}`, "a");
        const { VersionId: marker } = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "a" }));

        assert.equal(restored.CopySourceVersionId, old);
        const { Body } = await server.client.send(
            new s3.GetObjectCommand({ Bucket, Key: "a", VersionId: restored.VersionId }),
        );
        assert.equal(await Body?.transformToString(), "old");
        await assert.rejects(copy("bucket/a", "b"), { name: "NoSuchKey" });
        await assert.rejects(copy(`bucket/a?versionId=${marker}`, "b"), { name: "InvalidRequest" });
    });

    for (const [source, name] of [
        ["bucket", "InvalidArgument"],
        ["nowhere/a", "NoSuchBucket"],
        ["bucket/missing", "NoSuchKey"],
        ["bucket/a?versionId=none", "NoSuchVersion"],
        ["bucket/%ff", "InvalidURI"],
    ]) {
        it(`answers ${name} to the source ${source}`, async () => {
            await put("a");
            await assert.rejects(copy(source, "b"), { name });
        });
    }

    for (const [refused, resource] of [
        ["s3:GetObject", "arn:aws:s3:::bucket/a"],
        ["s3:GetObjectTagging", "arn:aws:s3:::bucket/a"],
        ["s3:PutObject", "arn:aws:s3:::other/b"],
        ["s3:PutObjectTagging", "arn:aws:s3:::other/b"],
    ]) {
        it(`wants ${refused} on ${resource}`, async () => {
            await put("a", "hello", { Tagging: "a=b" });
            server.deny = (request) => request.action === refused && request.resource === resource;

            await assert.rejects(copy("bucket/a", "b", { Bucket: "other" }), { name: "AccessDenied" });

            server.deny = () => false;
            assert.equal((await server.send("HEAD", "/other/b")).status, 404);
        });
    }

    it("wants s3:GetObjectVersion for a version, and no right about tags where there are none", async () => {
        await put("a");
        server.deny = ({ action }) => action === "s3:GetObjectVersion" || action.endsWith("Tagging");
        await assert.rejects(copy("bucket/a?versionId=null", "b"), { name: "AccessDenied" });
        await copy("bucket/a", "b");
    });

    it("says only to who may list that a source is missing", async () => {
        server.deny = ({ action }) => action === "s3:ListBucket";
        await assert.rejects(copy("bucket/missing", "b"), { name: "AccessDenied" });
    });

    it("wants the keys of source and target, the target's by its bucket's default", async () => {
        await server.close();
        const rule = {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/customer" },
        };
        const inputs = { bucket: "other", rules: [rule] };
        server = await startS3([
            bucket(Bucket),
            bucket("other"),
            setting("bucketServerSideEncryptionConfiguration", inputs),
        ]);
        await put("a", "hello", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: customerKey });
        server.keyUses.length = 0;

        await copy("bucket/a", "b", { Bucket: "other" });

        assert.deepEqual(
            server.keyUses.map(({ action, encryptionContext }) => [action, encryptionContext["aws:s3:arn"]]),
            [
                ["kms:Decrypt", "arn:aws:s3:::bucket/a"],
                ["kms:GenerateDataKey", "arn:aws:s3:::other/b"],
            ],
        );
        assert.equal((await head("b", "other")).SSEKMSKeyId, customerKey);
        for (const action of ["kms:Decrypt", "kms:GenerateDataKey"]) {
            server.denyKey = (use) => use.action === action;
            await assert.rejects(copy("bucket/a", "c", { Bucket: "other" }), { name: "AccessDenied" });
        }
    });

    it("does not have UploadPartCopy", async () => {
        const headers = { "x-amz-copy-source": "/bucket/a" };
        const answer = await server.send("PUT", "/bucket/b?uploadId=u&partNumber=1", { headers });
        assert.match(answer.body, /<Code>NotImplemented<\/Code><Message>UploadPartCopy /);
    });
});
