import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import * as s3 from "@aws-sdk/client-s3";
import { bucket, setting, startS3 } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const target = { Bucket: "bucket", Key: "parts" };
const mebibyte = 1024 * 1024;

describe("S3: multipart uploads", () => {
    let server: S3Server;
    beforeEach(async () => {
        server = await startS3();
    });
    afterEach(() => server.close());
    const create = async (more: Partial<s3.CreateMultipartUploadCommandInput> = {}) =>
        (await server.client.send(new s3.CreateMultipartUploadCommand({ ...target, ...more }))).UploadId as string;
    const part = async (
        UploadId: string,
        PartNumber: number,
        Body: Buffer,
        more: Partial<s3.UploadPartCommandInput> = {},
    ) => {
        const command = new s3.UploadPartCommand({ ...target, UploadId, PartNumber, Body, ...more });
        const { ETag, ChecksumSHA256 } = await server.client.send(command);
        return { PartNumber, ETag, ChecksumSHA256 };
    };
    const complete = (
        UploadId: string,
        Parts: s3.CompletedPart[],
        more: Partial<s3.CompleteMultipartUploadCommandInput> = {},
    ) =>
        server.client.send(
            new s3.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts }, ...more }),
        );
    const blobs = () => fs.readdirSync(path.join(server.dataDir, "s3", target.Bucket, "blobs"));

    it("gives back parts in order, across their seams, with the ETag and checksum of the whole", async () => {
        const bytes = [crypto.randomBytes(5 * mebibyte), crypto.randomBytes(5 * mebibyte), crypto.randomBytes(10)];
        const UploadId = await create({ ChecksumAlgorithm: "SHA256", ContentType: "text/x" });
        const Parts = [];
        for (const number of [3, 1, 2]) {
            Parts.push(await part(UploadId, number, bytes[number - 1], { ChecksumAlgorithm: "SHA256" }));
        }
        Parts.sort((a, b) => a.PartNumber - b.PartNumber);

        const done = await complete(UploadId, Parts);
        const whole = await server.client.send(new s3.GetObjectCommand(target));
        const seam = await server.client.send(
            new s3.GetObjectCommand({ ...target, Range: `bytes=${10 * mebibyte - 2}-${10 * mebibyte + 1}` }),
        );

        const digest = (algorithm: string, encoding: "hex" | "base64") => {
            const digests = bytes.map((one) => crypto.createHash(algorithm).update(one).digest());
            return crypto.createHash(algorithm).update(Buffer.concat(digests)).digest(encoding);
        };
        const all = Buffer.concat(bytes);
        assert.ok(all.equals(Buffer.from((await whole.Body?.transformToByteArray()) as Uint8Array)));
        assert.equal(whole.ContentType, "text/x");
        assert.equal(done.ETag, `"${digest("md5", "hex")}-3"`);
        assert.equal(done.ChecksumSHA256, `${digest("sha256", "base64")}-3`);
        assert.deepEqual(
            Buffer.from((await seam.Body?.transformToByteArray()) as Uint8Array),
            all.subarray(10 * mebibyte - 2, 10 * mebibyte + 2),
        );
        await assert.rejects(complete(UploadId, Parts), { name: "NoSuchUpload" });
    });

    it("is read to its end by who has begun, also when it is deleted meanwhile, and its files go then", async () => {
        const bytes = [crypto.randomBytes(8 * mebibyte), crypto.randomBytes(8 * mebibyte)];
        const UploadId = await create();
        const Parts = [await part(UploadId, 1, bytes[0]), await part(UploadId, 2, bytes[1])];
        await complete(UploadId, Parts);

        const [answer] = (await once(http.get(`${server.url}/bucket/parts`), "response")) as [http.IncomingMessage];
        await server.client.send(new s3.DeleteObjectCommand(target));
        const held = blobs().length;
        const pieces: Buffer[] = [];
        for await (const piece of answer) pieces.push(piece as Buffer);

        assert.ok(Buffer.concat(pieces).equals(Buffer.concat(bytes)));
        assert.equal(held, 2);
        // The server lets go of the files just after the last byte is sent.
        while (blobs().length > 0) await setImmediate();
    });

    it("keeps no file of a part that was replaced, of one left out, or of an aborted upload", async () => {
        const UploadId = await create();
        await part(UploadId, 1, Buffer.from("first"));
        const Parts = [await part(UploadId, 1, Buffer.from("second"))];
        await part(UploadId, 2, Buffer.from("left out"));
        const aborted = await create();
        await part(aborted, 1, Buffer.from("aborted"));

        await complete(UploadId, Parts);
        await server.client.send(new s3.AbortMultipartUploadCommand({ ...target, UploadId: aborted }));

        assert.equal(blobs().length, 1);
        assert.equal((await server.send("GET", "/bucket/parts")).body, "second");
        await assert.rejects(part(aborted, 2, Buffer.from("late")), { name: "NoSuchUpload" });
    });

    it("refuses parts out of order, small ones but the last, and an object that is there by If-None-Match", async () => {
        const UploadId = await create();
        const [first, second] = [await part(UploadId, 1, Buffer.from("1")), await part(UploadId, 2, Buffer.from("2"))];

        await assert.rejects(complete(UploadId, [second, first]), { name: "InvalidPartOrder" });
        await assert.rejects(complete(UploadId, [first, second]), { name: "EntityTooSmall" });
        await server.client.send(new s3.PutObjectCommand({ ...target, Body: "there" }));
        await assert.rejects(complete(UploadId, [first], { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
        await assert.rejects(part(UploadId, 10_001, Buffer.from("x")), { name: "InvalidArgument" });
        assert.equal((await server.send("GET", "/bucket/parts")).body, "there");
    });

    it("is no object before it is complete, and belongs to one key", async () => {
        const UploadId = await create();
        await part(UploadId, 1, Buffer.from("1"));

        assert.equal((await server.send("HEAD", "/bucket/parts")).status, 404);
        assert.equal((await server.send("GET", `/bucket/other?uploadId=${UploadId}`)).status, 404);
    });

    it("aborts uploads that were begun too many days ago, with their parts", async () => {
        const rules = [{ id: "abort", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }];
        const { dataDir } = server;
        await server.close(true);
        server = await startS3([bucket("bucket"), setting("bucketLifecycleConfiguration", { rules })], dataDir);
        const UploadId = await create();
        await part(UploadId, 1, Buffer.from("1"));

        await server.s3.sweep(Date.now() + 3 * 86_400_000);

        assert.deepEqual(blobs(), []);
        await assert.rejects(server.client.send(new s3.ListPartsCommand({ ...target, UploadId })), {
            name: "NoSuchUpload",
        });
    });
});
