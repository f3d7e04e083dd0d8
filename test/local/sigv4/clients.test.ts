import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { Readable } from "node:stream";
import {
    CopyObjectCommand,
    GetObjectCommand,
    ListObjectsV2Command,
    PutObjectCommand,
    S3Client,
} from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { admin, adminKeys, role, startAuthServer, type AuthServer } from "./support/authServer";

const STRANGE_KEY = "a b+é(1)*!'~/../x//y";

describe("authenticate: requests of AWS's own clients", () => {
    let server: AuthServer;
    const clients: { destroy(): void }[] = [];

    before(async () => {
        server = await startAuthServer();
    });
    after(() => server.close());
    afterEach(() => {
        server.setClock(undefined);
        clients.splice(0).forEach((client) => client.destroy());
    });

    const connect = <T extends { destroy(): void }>(Client: new (config: object) => T, changes: object = {}): T => {
        const { accessKeyId, secretAccessKey, sessionToken } = server.keys;
        const credentials = { accessKeyId, secretAccessKey, sessionToken, ...changes };
        const client = new Client({ endpoint: server.url, region: "eu-west-1", credentials, maxAttempts: 1 });
        clients.push(client);
        return client;
    };

    it("lets in a PutObject under a key of strange characters, as the role whose session signed it", async () => {
        const s3 = connect(S3Client);
        await s3.send(
            new PutObjectCommand({ Bucket: "b", Key: STRANGE_KEY, Body: "hello", Metadata: { note: "two   spaces " } }),
        );

        const { call, body } = server.last();
        assert.deepEqual(call.principal, role);
        assert.deepEqual([call.service, call.region, call.method], ["s3", "eu-west-1", "PUT"]);
        assert.equal(decodeURIComponent(call.path), `/b/${STRANGE_KEY}`);
        assert.equal(body.toString(), "hello");
    });

    it("takes aws-chunked off a streamed body and keeps its checksum trailer", async () => {
        const payload = crypto.randomBytes(200_000);
        const s3 = connect(S3Client);
        const Body = Readable.from([payload.subarray(0, 70_001), payload.subarray(70_001)]);
        await s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body, ContentLength: payload.length }));

        const { call, body } = server.last();
        assert.equal(call.headers["x-amz-content-sha256"], "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        assert.ok(body.equals(payload));
        assert.match(call.trailers["x-amz-checksum-crc32"], /^[\w+/]{6}==$/);
    });

    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const) {
        it(`computes ${ChecksumAlgorithm} as the S3 client does`, async () => {
            const s3 = connect(S3Client);
            await s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "some bytes", ChecksumAlgorithm }));

            const name = `x-amz-checksum-${ChecksumAlgorithm.toLowerCase()}`;
            assert.notEqual(server.last().call.headers[name], undefined);
        });
    }

    it("lets in a query with reserved characters and a copy source", async () => {
        const s3 = connect(S3Client);
        await s3.send(new ListObjectsV2Command({ Bucket: "b", Prefix: "a/b c+(d)*", Delimiter: "/" }));
        assert.equal(server.last().call.query.get("prefix"), "a/b c+(d)*");
        await s3
            .send(new CopyObjectCommand({ Bucket: "b", Key: "k", CopySource: encodeURIComponent(`b/${STRANGE_KEY}`) }))
            .catch(ignoreBody);
        assert.equal(server.last().call.headers["x-amz-copy-source"], encodeURIComponent(`b/${STRANGE_KEY}`));
    });

    it("lets in the administrator, who has no session token", async () => {
        const s3 = connect(S3Client, { ...adminKeys, sessionToken: undefined });
        await s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
        assert.deepEqual(server.last().call.principal, admin);
    });

    it("lets in a message to SQS with the payload that was signed", async () => {
        const sqs = connect(SQSClient);
        const QueueUrl = `${server.url}/000000000000/q`;
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "héllo" }));
        assert.deepEqual([server.last().call.service, server.last().call.principal], ["sqs", role]);
    });

    const refusals: [string, object, number | undefined, { s3: string; sqs: string }][] = [
        [
            "a wrong secret",
            { secretAccessKey: "wrong" },
            undefined,
            { s3: "SignatureDoesNotMatch", sqs: "SignatureDoesNotMatch" },
        ],
        [
            "an unknown access key",
            { accessKeyId: "ASIAUNKNOWN" },
            undefined,
            { s3: "InvalidAccessKeyId", sqs: "InvalidClientTokenId" },
        ],
        [
            "a wrong session token",
            { sessionToken: "bm8=" },
            undefined,
            { s3: "InvalidToken", sqs: "InvalidClientTokenId" },
        ],
        [
            "no session token",
            { sessionToken: undefined },
            undefined,
            { s3: "InvalidAccessKeyId", sqs: "InvalidClientTokenId" },
        ],
        ["a clock 16 minutes behind", {}, 16 * 60_000, { s3: "RequestTimeTooSkewed", sqs: "SignatureDoesNotMatch" }],
        ["a clock 16 minutes ahead", {}, -16 * 60_000, { s3: "RequestTimeTooSkewed", sqs: "SignatureDoesNotMatch" }],
    ];
    for (const [what, changes, offset, expected] of refusals) {
        it(`refuses ${what}, by S3's code and by SQS's`, async () => {
            server.setClock(offset === undefined ? undefined : Date.now() + offset);
            const get = connect(S3Client, changes).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }));
            await assert.rejects(get, { name: expected.s3 });
            const message = new SendMessageCommand({ QueueUrl: `${server.url}/0/q`, MessageBody: "x" });
            await assert.rejects(connect(SQSClient, changes).send(message), { name: expected.sqs });
        });
    }
});

/** The test server answers a copy without the XML that the client expects. */
function ignoreBody(error: unknown): void {
    assert.ok(error instanceof Error);
}
