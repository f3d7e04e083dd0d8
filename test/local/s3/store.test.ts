import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { Readable } from "node:stream";
import * as s3 from "@aws-sdk/client-s3";
import { bucket, customerKey, setting, startS3, versioning, type S3Server } from "../../support/s3Server";

const Bucket = "bucket";
const names = ({ Contents = [] }: s3.ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);

describe("S3: what is stored", () => {
    let server: S3Server;
    afterEach(() => server.close());
    const put = (Key: string, Body: string | Buffer = "x", more: Partial<s3.PutObjectCommandInput> = {}) =>
        server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
    const text = async (Key: string, more: Partial<s3.GetObjectCommandInput> = {}) =>
        (await server.client.send(new s3.GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();
    const statusOf = (promise: Promise<unknown>) =>
        promise.then(
            () => 200,
            (error: s3.S3ServiceException) => error.$metadata.httpStatusCode,
        );

    it("lets exactly one of 50 writers at once have a key by If-None-Match, whose bytes it then holds", async () => {
        server = await startS3();

        const statuses = await Promise.all(
            Array.from({ length: 50 }, (_, index) => statusOf(put("race", `writer ${index}`, { IfNoneMatch: "*" }))),
        );

        assert.equal(statuses.filter((status) => status === 200).length, 1);
        assert.equal(statuses.filter((status) => status === 412).length, 49);
        assert.equal(await text("race"), `writer ${statuses.indexOf(200)}`);
    });

    it("names the condition in the refusal of a conditional write", async () => {
        server = await startS3();
        await put("taken", "first");

        await assert.rejects(put("taken", "second", { IfNoneMatch: "*" }), {
            name: "PreconditionFailed",
            Condition: "If-None-Match",
        });
        assert.equal(await text("taken"), "first");
    });

    it("is there after a restart, with its metadata, and leftovers of a crash are not", async () => {
        server = await startS3();
        await put("kept", "bytes", { ContentType: "text/x", Metadata: { own: "1" } });
        await server.close(true);
        const blobs = path.join(server.dataDir, "s3", Bucket, "blobs");
        fs.writeFileSync(path.join(blobs, "half-written"), "x");

        server = await startS3([bucket(Bucket)], server.dataDir);

        const { Body, ContentType, Metadata } = await server.client.send(
            new s3.GetObjectCommand({ Bucket, Key: "kept" }),
        );
        assert.deepEqual([await Body!.transformToString(), ContentType, Metadata], ["bytes", "text/x", { own: "1" }]);
        assert.deepEqual(fs.readdirSync(blobs).includes("half-written"), false);
    });

    it("is nothing of an upload that its client broke off", async () => {
        server = await startS3();
        const request = http.request(`${server.url}/${Bucket}/broken`, {
            method: "PUT",
            headers: { "content-length": "1000" },
        });
        request.on("error", () => undefined).write("x".repeat(500));
        const blobs = path.join(server.dataDir, "s3", Bucket, "blobs");
        await until(() => fs.readdirSync(blobs).length === 1);

        request.destroy();

        await until(() => fs.readdirSync(blobs).length === 0);
        assert.equal((await server.send("HEAD", `/${Bucket}/broken`)).status, 404);
    });

    it("streams 256 MiB in and out without holding it in memory", async function () {
        this.timeout(30_000);
        server = await startS3();
        const size = 256 * 1024 * 1024;
        const chunk = crypto.randomBytes(1024 * 1024);
        const chunks = function* () {
            for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
        };
        global.gc?.();
        const before = process.memoryUsage().rss;
        let peak = before;
        const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);

        await raw(server.url, `/${Bucket}/big`, size, Readable.from(chunks()));
        const hash = crypto.createHash("sha256");
        for await (const part of await download(server.url, `/${Bucket}/big`)) hash.update(part as Buffer);

        clearInterval(timer);
        const expected = crypto.createHash("sha256");
        for (const part of chunks()) expected.update(part);
        assert.equal(hash.digest("hex"), expected.digest("hex"));
        assert.ok(peak - before < 200 * 1024 * 1024, `${Math.round((peak - before) / 1024 / 1024)} MiB more`);
    });

    it("is listed in the binary order of its keys, by prefix and delimiter, page by page", async () => {
        server = await startS3();
        for (const key of ["b/2", "a", "b/1", "é", "b", "c/x/y", "Z", "\u{1f600}", "～"]) await put(key);
        const list = (more: Partial<s3.ListObjectsV2CommandInput>) =>
            server.client.send(new s3.ListObjectsV2Command({ Bucket, ...more }));

        assert.deepEqual(names(await list({})), ["Z", "a", "b", "b/1", "b/2", "c/x/y", "é", "～", "\u{1f600}"]);
        const folders = await list({ Delimiter: "/" });
        assert.deepEqual(
            folders.CommonPrefixes?.map(({ Prefix }) => Prefix),
            ["b/", "c/"],
        );
        assert.deepEqual(names(folders), ["Z", "a", "b", "é", "～", "\u{1f600}"]);
        assert.deepEqual(names(await list({ Prefix: "b/" })), ["b/1", "b/2"]);
        const pages: unknown[] = [];
        for await (const page of s3.paginateListObjectsV2(
            { client: server.client, pageSize: 2 },
            { Bucket, Delimiter: "/" },
        )) {
            pages.push([...names(page), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)]);
        }
        assert.deepEqual(pages, [
            ["Z", "a"],
            ["b", "b/"],
            ["é", "c/"],
            ["～", "\u{1f600}"],
        ]);
    });

    it("keeps earlier versions where the bucket does, marks deletions, and gives each back by its id", async () => {
        server = await startS3([bucket(Bucket), versioning("Enabled")]);
        const first = await put("k", "one");
        const second = await put("k", "two");
        const { DeleteMarker } = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));

        assert.ok(first.VersionId && second.VersionId && first.VersionId !== second.VersionId);
        assert.equal(DeleteMarker, true);
        await assert.rejects(text("k"), { name: "NoSuchKey" });
        assert.equal(await text("k", { VersionId: first.VersionId }), "one");
        const { Versions = [], DeleteMarkers = [] } = await server.client.send(
            new s3.ListObjectVersionsCommand({ Bucket }),
        );
        assert.deepEqual(
            [Versions.map(({ VersionId }) => VersionId), DeleteMarkers.length],
            [[second.VersionId, first.VersionId], 1],
        );
        assert.equal(
            await statusOf(put("k", "three", { IfNoneMatch: "*" })),
            200,
            "a marker on top leaves the key free",
        );
    });

    it("is asked about with the bucket's policy and the keys of its conditions, before a byte is read", async () => {
        server = await startS3([
            bucket(Bucket),
            setting("bucketPolicy", { policy: '{"Version":"2012-10-17","Statement":[]}' }),
        ]);
        await put("k", "x", { IfNoneMatch: "*" });

        const { action, resource, context, resourcePolicy } = server.questions.find(
            ({ action: one }) => one === "s3:PutObject",
        )!;
        assert.deepEqual([action, resource], ["s3:PutObject", "arn:aws:s3:::bucket/k"]);
        assert.equal(context?.["s3:if-none-match"], "*");
        assert.ok(resourcePolicy);
        server.deny = ({ action: one }) => one === "s3:PutObject";
        await assert.rejects(put("other", "x"), { name: "AccessDenied" });
    });

    it("is 403, not 404, for a missing key when the caller may not list the bucket", async () => {
        server = await startS3();
        server.deny = ({ action }) => action === "s3:ListBucket";

        await assert.rejects(text("missing"), { name: "AccessDenied" });
    });

    it("is written and read under the bucket's customer key only as the key allows, bound to the bucket", async () => {
        const rule = {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: customerKey },
            bucketKeyEnabled: true,
        };
        server = await startS3([bucket(Bucket), setting("bucketServerSideEncryptionConfiguration", { rules: [rule] })]);

        const answer = await put("k", "x");

        assert.deepEqual(
            [answer.ServerSideEncryption, answer.SSEKMSKeyId, answer.BucketKeyEnabled],
            ["aws:kms", customerKey, true],
        );
        const { action, viaService, encryptionContext } = server.keyUses[0];
        assert.deepEqual(
            [action, viaService, encryptionContext],
            ["kms:GenerateDataKey", "s3", { "aws:s3:arn": "arn:aws:s3:::bucket" }],
        );
        server.denyKey = () => true;
        await assert.rejects(put("other", "x"), { name: "AccessDenied" });
        await assert.rejects(text("k"), { name: "AccessDenied" });
        assert.equal((await server.send("HEAD", `/${Bucket}/other`)).status, 404);
    });

    it("is put together from parts, and a part that is not the one named is refused", async () => {
        server = await startS3();
        const target = { Bucket, Key: "parts" };
        const { UploadId } = await server.client.send(new s3.CreateMultipartUploadCommand(target));
        const part = async (PartNumber: number, Body: Buffer) => {
            const { ETag } = await server.client.send(
                new s3.UploadPartCommand({ ...target, UploadId, PartNumber, Body }),
            );
            return { PartNumber, ETag };
        };
        const Parts = [await part(1, Buffer.alloc(5 * 1024 * 1024, "a")), await part(2, Buffer.from("end"))];
        const complete = (parts: typeof Parts) =>
            server.client.send(
                new s3.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
            );

        await assert.rejects(complete([{ PartNumber: 1, ETag: '"00000000000000000000000000000000"' }]), {
            name: "InvalidPart",
        });
        await complete(Parts);

        const { ContentLength } = await server.client.send(new s3.HeadObjectCommand(target));
        assert.equal(ContentLength, 5 * 1024 * 1024 + 3);
    });

    it("is swept when its days are over, by prefix, and no sooner", async () => {
        const rules = [{ id: "old", status: "Enabled", filter: { prefix: "old/" }, expiration: { days: 2 } }];
        server = await startS3([bucket(Bucket), setting("bucketLifecycleConfiguration", { rules })]);
        await put("old/a");
        await put("new/a");
        const list = async () => names(await server.client.send(new s3.ListObjectsV2Command({ Bucket })));

        await server.s3.sweep(Date.now() + 86_400_000);
        assert.deepEqual(await list(), ["new/a", "old/a"]);
        await server.s3.sweep(Date.now() + 4 * 86_400_000);
        assert.deepEqual(await list(), ["new/a"]);
    });
});

/** Waits for what happens on disk. */
async function until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 5_000;
    while (!condition()) {
        assert.ok(Date.now() < end, "it did not happen");
        await new Promise((resolve) => setImmediate(resolve));
    }
}

function raw(url: string, target: string, length: number, body: Readable): Promise<void> {
    return new Promise((resolve, reject) => {
        const request = http.request(
            url + target,
            { method: "PUT", headers: { "content-length": length } },
            (response) => {
                response
                    .resume()
                    .on("end", () =>
                        response.statusCode === 200 ? resolve() : reject(new Error(String(response.statusCode))),
                    );
            },
        );
        body.pipe(request.on("error", reject));
    });
}

function download(url: string, target: string): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => http.get(url + target, resolve).on("error", reject));
}
