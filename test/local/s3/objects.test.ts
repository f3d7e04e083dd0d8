import * as assert from "node:assert/strict";
import { Readable } from "node:stream";
import {
    DeleteObjectCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListObjectsV2Command,
    PutObjectCommand,
} from "@aws-sdk/client-s3";
import { startS3 } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

describe("S3 objects", () => {
    let server: S3Server;
    before(async () => {
        server = await startS3();
    });
    after(() => server.close());

    it("gives back bytes, headers and user metadata as they were put", async () => {
        const Metadata = { colour: "blue", empty: "" };
        const headers = {
            ContentType: "application/json",
            ContentEncoding: "gzip",
            CacheControl: "no-store",
            Metadata,
        };

        const put = await server.client.send(
            new PutObjectCommand({ Bucket: "bucket", Key: "meta", Body: "{}", ...headers }),
        );
        const got = await server.client.send(new GetObjectCommand({ Bucket: "bucket", Key: "meta" }));

        assert.equal(await got.Body?.transformToString(), "{}");
        assert.equal(put.ETag, '"99914b932bd37a50b983c5e7c90ae93b"');
        assert.equal(got.ETag, put.ETag);
        assert.equal(got.ContentType, "application/json");
        assert.equal(got.ContentEncoding, "gzip");
        assert.equal(got.CacheControl, "no-store");
        assert.deepEqual(got.Metadata, Metadata);
        assert.equal(got.ServerSideEncryption, "AES256");
        assert.ok(put.ChecksumCRC32);
        assert.equal(got.ChecksumCRC32, put.ChecksumCRC32);
    });

    it("keeps the checksum that came in a trailer, and not aws-chunked", async () => {
        const Body = Readable.from([Buffer.from("hello "), Buffer.from("world")]);

        await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "trailer", Body, ContentLength: 11 }));
        const head = await server.client.send(
            new HeadObjectCommand({ Bucket: "bucket", Key: "trailer", ChecksumMode: "ENABLED" }),
        );

        assert.equal(head.ChecksumCRC32, "DUoRhQ==");
        assert.equal(head.ContentLength, 11);
        assert.equal(head.ContentEncoding, undefined);
    });

    for (const key of [
        "..",
        "../../../etc/passwd",
        "a/../b",
        "a",
        "a/b",
        "a/",
        "//",
        "//a//",
        ".",
        "*",
        "?x=1&y#z",
        "a b+c%20d",
        "\u00fcn\u00ef/\u65e5\u672c/\u{1f600}",
        "line\nbreak\tand\u0001control",
        "<&>\"'",
        "\uffff",
        "x".repeat(1024),
        "\u00e9".repeat(512),
    ]) {
        it(`keeps the key ${JSON.stringify(key).slice(0, 40)} apart from all others`, async () => {
            await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: key }));

            const got = await server.client.send(new GetObjectCommand({ Bucket: "bucket", Key: key }));
            const listed = await server.client.send(
                new ListObjectsV2Command({ Bucket: "bucket", Prefix: key, EncodingType: "url" }),
            );
            const keys = listed.Contents?.map(({ Key = "" }) => decodeURIComponent(Key.replace(/\+/g, "%20")));

            assert.equal(await got.Body?.transformToString(), key);
            assert.ok(keys?.includes(key));
        });
    }

    it("refuses a key of more than 1024 bytes", async () => {
        const put = new PutObjectCommand({ Bucket: "bucket", Key: "\u00e9".repeat(513), Body: "" });
        await assert.rejects(server.client.send(put), { name: "KeyTooLongError", Size: "1026" });
    });

    it("answers a range with 206, its bytes and no checksum of the whole", async () => {
        await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "range", Body: "0123456789" }));
        const read = async (Range: string) => {
            const got = await server.client.send(new GetObjectCommand({ Bucket: "bucket", Key: "range", Range }));
            return [
                got.$metadata.httpStatusCode,
                got.ContentRange,
                await got.Body?.transformToString(),
                got.ChecksumCRC32,
            ];
        };

        assert.deepEqual(await read("bytes=2-4"), [206, "bytes 2-4/10", "234", undefined]);
        assert.deepEqual(await read("bytes=8-99"), [206, "bytes 8-9/10", "89", undefined]);
        assert.deepEqual(await read("bytes=-3"), [206, "bytes 7-9/10", "789", undefined]);
        assert.deepEqual((await read("lines=1-2")).slice(0, 3), [200, undefined, "0123456789"]);
        await assert.rejects(read("bytes=10-"), { name: "InvalidRange", ActualObjectSize: "10" });
        await assert.rejects(read("bytes=-0"), { name: "InvalidRange" });
    });

    it("reads conditionally by ETag and by date", async () => {
        const { ETag } = await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "cond", Body: "1" }));
        const status = async (headers: Record<string, string>) =>
            (await server.send("GET", "/bucket/cond", { headers })).status;
        const future = new Date(Date.now() + 60_000).toUTCString();
        const past = new Date(Date.now() - 60_000).toUTCString();

        assert.equal(await status({ "if-none-match": ETag as string }), 304);
        assert.equal(await status({ "if-none-match": '"other"' }), 200);
        assert.equal(await status({ "if-match": '"other"' }), 412);
        assert.equal(await status({ "if-match": ETag as string, "if-unmodified-since": past }), 200);
        assert.equal(await status({ "if-unmodified-since": past }), 412);
        assert.equal(await status({ "if-modified-since": future }), 304);
        assert.equal(await status({ "if-none-match": '"other"', "if-modified-since": future }), 200);
    });

    it("overrides headers of an answer, but not for anonymous callers, and never lets a value break out of its header", async () => {
        await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "over", Body: "1" }));
        const target = (value: string) => `/bucket/over?response-content-disposition=${encodeURIComponent(value)}`;

        const named = await server.send("GET", target('attachment; filename="\u00fc.txt"'));
        const anonymous = await server.send("GET", target("inline"), { anonymous: true });
        const broken = await server.send("GET", target("a\r\nx-evil: 1"));

        const disposition = Buffer.from(String(named.headers["content-disposition"]), "latin1").toString("utf8");
        assert.equal(disposition, 'attachment; filename="\u00fc.txt"');
        assert.equal(anonymous.status, 400);
        assert.equal(broken.status, 400);
    });

    it("deletes an object, and says 204 also when there is none", async () => {
        await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "gone", Body: "1" }));

        await server.client.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "gone" }));
        const again = await server.client.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "gone" }));

        assert.equal(again.$metadata.httpStatusCode, 204);
        await assert.rejects(server.client.send(new GetObjectCommand({ Bucket: "bucket", Key: "gone" })), {
            name: "NoSuchKey",
            Key: "gone",
        });
    });

    it("writes only over the ETag that If-Match names", async () => {
        const put = (Key: string, IfMatch?: string) =>
            server.client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body: "x", IfMatch }));
        const { ETag } = await put("match");

        await put("match", ETag);
        await assert.rejects(put("match", '"0"'), { name: "PreconditionFailed", Condition: "If-Match" });
        await assert.rejects(put("match-missing", ETag), { name: "NoSuchKey" });
    });

    it("has no body in the error of a HEAD, but the ids of the request", async () => {
        const head = await server.send("HEAD", "/bucket/missing");

        assert.equal(head.status, 404);
        assert.equal(head.body, "");
        assert.match(String(head.headers["x-amz-request-id"]), /^[0-9a-f-]{36}$/);
        assert.ok(head.headers["x-amz-id-2"]);
    });

    it("escapes the key in an error", async () => {
        const { body } = await server.send("GET", "/bucket/%3Cb%3E%26");
        assert.match(body, /<Code>NoSuchKey<\/Code><Message>[^<]+<\/Message><Key>&lt;b&gt;&amp;<\/Key><RequestId>/);
    });

    for (const [header, value, status, code] of [
        ["content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "BadDigest"],
        ["content-md5", "short", 400, "InvalidDigest"],
        ["if-none-match", '"etag"', 501, "NotImplemented"],
        ["x-amz-server-side-encryption", "rot13", 400, "InvalidArgument"],
        ["x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "SSE-C"],
        ["x-amz-acl", "public-read", 400, "AccessControlListNotSupported"],
        ["x-amz-meta-big", "x".repeat(2100), 400, "MetadataTooLarge"],
        ["x-amz-tagging", "a=1&a=2", 400, "InvalidArgument"],
        ["x-amz-expected-bucket-owner", "999999999999", 403, "AccessDenied"],
        ["content-length", String(5 * 1024 ** 3 + 1), 400, "EntityTooLarge"],
    ] as const) {
        it(`refuses ${header}: ${value.slice(0, 30)} with ${code} and stores nothing`, async () => {
            const options = { headers: { [header]: value }, body: header === "content-length" ? undefined : "body" };

            const answer = await sendOrAbort(server, "/bucket/refused", options);

            assert.equal(answer.status, status);
            assert.match(answer.body, new RegExp(code));
            assert.equal((await server.send("HEAD", "/bucket/refused")).status, 404);
        });
    }

    it("refuses chunks that do not come to the announced length, and stores nothing", async () => {
        for (const [length, body] of [
            ["5", "3\r\nabc\r\n0\r\n\r\n"],
            ["2", "3\r\nabc\r\n0\r\n\r\n"],
        ]) {
            const headers = { "content-encoding": "aws-chunked", "x-amz-decoded-content-length": length };
            const answer = await server.send("PUT", "/bucket/cut", { headers, body });
            assert.equal(answer.status, 400);
            assert.match(answer.body, /<Code>IncompleteBody<\/Code>/);
        }
        assert.equal((await server.send("HEAD", "/bucket/cut")).status, 404);
    });

    it("takes metadata, tags and encryption out of the query of a presigned URL, in any case of letters", async () => {
        const target =
            "/bucket/presigned?X-Amz-Signature=0&X-Amz-Meta-Own=1&x-amz-tagging=a%3Db&X-Amz-Server-Side-Encryption=aws:kms";

        await server.send("PUT", target, { body: "x", anonymous: true });
        const unsigned = await server.send("PUT", "/bucket/unsigned?x-amz-meta-own=1", { body: "x" });

        const { headers } = await server.send("HEAD", "/bucket/presigned");
        assert.equal(headers["x-amz-meta-own"], "1");
        assert.equal(headers["x-amz-tagging-count"], "1");
        assert.equal(headers["x-amz-server-side-encryption"], "aws:kms");
        assert.equal(unsigned.status, 200);
        assert.equal((await server.send("HEAD", "/bucket/unsigned")).headers["x-amz-meta-own"], undefined);
    });

    it("wants a Content-Length", async () => {
        const answer = await server.send("PUT", "/bucket/no-length", {
            headers: { "transfer-encoding": "chunked" },
            body: "x",
        });
        assert.equal(answer.status, 411);
        assert.match(answer.body, /<Code>MissingContentLength<\/Code>/);
    });

    it("answers NoSuchBucket for a bucket that is not declared", async () => {
        await assert.rejects(server.client.send(new PutObjectCommand({ Bucket: "other", Key: "k", Body: "" })), {
            name: "NoSuchBucket",
            BucketName: "other",
        });
    });

    for (const [method, target, name] of [
        ["PUT", "/bucket/tagged?tagging", "PutObjectTagging"],
        ["GET", "/bucket/tagged?acl", "GetObjectAcl"],
        ["PUT", "/bucket/tagged?retention", "PutObjectRetention"],
        ["DELETE", "/bucket/tagged?tagging", "DeleteObjectTagging"],
        ["POST", "/bucket/tagged?select&select-type=2", "SelectObjectContent"],
        ["PUT", "/bucket/tagged?somethingNew", "PutObjectSomethingNew"],
        ["PUT", "/bucket/tagged?partNumber=1", "PutObjectPartNumber"],
        ["PUT", "/bucket?policy", "PutBucketPolicy"],
        ["GET", "/bucket?intelligent-tiering&id=1", "GetBucketIntelligentTiering"],
        ["GET", "/bucket?uploads", "ListMultipartUploads"],
        ["PUT", "/bucket", "CreateBucket"],
        ["DELETE", "/bucket", "DeleteBucket"],
    ] as const) {
        it(`answers 501 with the name ${name} to ${method} ${target}, and leaves the object alone`, async () => {
            await server.client.send(new PutObjectCommand({ Bucket: "bucket", Key: "tagged", Body: "untouched" }));

            const answer = await server.send(method, target, {
                body: method === "PUT" || method === "POST" ? "<Tagging/>" : undefined,
            });

            assert.equal(answer.status, 501);
            assert.match(answer.body, new RegExp(`<Code>NotImplemented</Code><Message>${name} `));
            assert.equal((await server.send("GET", "/bucket/tagged")).body, "untouched");
        });
    }
});

/** Sends headers that announce more than is sent, too. */
async function sendOrAbort(server: S3Server, target: string, options: Parameters<S3Server["send"]>[2]) {
    if (options?.body !== undefined) return server.send("PUT", target, options);
    const { url } = server;
    const http = await import("node:http");
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
        const headers = { authorization: "AWS4-HMAC-SHA256 test", ...options?.headers };
        const request = http.request(`${url}${target}`, { method: "PUT", headers }, (answer) => {
            let body = "";
            answer.on("data", (piece) => (body += piece));
            answer.on("end", () => {
                request.on("error", () => undefined).destroy();
                resolve({ status: answer.statusCode as number, body });
            });
        });
        request.on("error", reject);
        request.flushHeaders();
    });
}
