import * as assert from "node:assert/strict";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { startS3 } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";

describe("S3: checksums that nobody gave, and what HEAD tells", () => {
    let server: S3Server;
    beforeEach(async () => {
        server = await startS3();
    });
    afterEach(() => server.close());

    it("gives an object without a checksum CRC64NVME, which the client verifies as it reads", async () => {
        const { headers } = await server.send("PUT", "/bucket/k", { body: "hello" });
        const object = await server.client.send(new GetObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));

        assert.equal(headers["x-amz-checksum-crc64nvme"], "M3eFcAZSQlc=");
        assert.deepEqual([object.ChecksumCRC64NVME, object.ChecksumType], ["M3eFcAZSQlc=", "FULL_OBJECT"]);
        assert.equal(await object.Body?.transformToString(), "hello");
    });

    it("keeps only the checksum that was given, in a header or in a trailer", async () => {
        const trailer = {
            "content-encoding": "aws-chunked",
            "x-amz-decoded-content-length": "5",
            "x-amz-trailer": "x-amz-checksum-crc32",
        };
        const chunks = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        await server.send("PUT", "/bucket/header", { body: "hello", headers: { "x-amz-checksum-crc32": "NhCmhg==" } });
        await server.send("PUT", "/bucket/trailer", { body: chunks, headers: trailer });

        for (const Key of ["header", "trailer"]) {
            const head = new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" });
            const { ChecksumCRC32, ChecksumCRC64NVME } = await server.client.send(head);
            assert.deepEqual([ChecksumCRC32, ChecksumCRC64NVME], ["NhCmhg==", undefined], Key);
        }
    });

    it("tells checksums only to who asks for them", async () => {
        await server.send("PUT", "/bucket/k", { body: "hello" });
        const { headers } = await server.send("HEAD", "/bucket/k");
        assert.equal(headers["x-amz-checksum-crc64nvme"], undefined);
    });

    it("answers HEAD of a missing object 404 with s3:ListBucket, and 403 without, with no body", async () => {
        const listing = await server.send("HEAD", "/bucket/missing");
        server.deny = ({ action, resource }) => action === "s3:ListBucket" && resource === "arn:aws:s3:::bucket";
        const blind = await server.send("HEAD", "/bucket/missing");

        assert.deepEqual([listing.status, blind.status, listing.body, blind.body], [404, 403, "", ""]);
    });
});
