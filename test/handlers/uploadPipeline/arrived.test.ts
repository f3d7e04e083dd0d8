import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import { isRefusal } from "../../../handlers/shared/refusal";
import { arrivalOf, type UploadBucket } from "../../../handlers/uploadPipeline/arrived";
import type { StoredFile } from "../../../handlers/uploadPipeline/database/files";
import { bucket, startS3, type S3Server } from "../../support/s3Server";
import { startProxies, type Fate, type Proxies } from "./support/proxies";

const sha256 = (text: string) => crypto.createHash("sha256").update(text).digest("base64");

const file: StoredFile = {
    fileId: "0b5f1d2c-8a4e-4a53-9a29-5f0f5e1c7a11",
    clientId: "web",
    fileName: "scan ä+1.pdf",
    len: 5,
    type: "application/pdf",
    sha256: null,
    status: "pending",
    details: null,
    step: 0,
    requestId: "r-1",
    updatedAt: new Date(),
};

describe("what arrived for a file", () => {
    let server: S3Server;
    let proxies: Proxies<"s3">;
    let client: s3.S3Client;
    let uploads: UploadBucket;
    const logged: unknown[][] = [];
    const { error } = console;
    before(async () => {
        proxies = await startProxies({ s3: { url: () => server.url, label: ({ method }) => String(method) } });
        client = new s3.S3Client({
            ...{ endpoint: proxies.urls.s3, region: "us-east-1", forcePathStyle: true, maxAttempts: 1 },
            credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
        });
        uploads = { client, name: "bucket" };
        console.error = (...line) => void logged.push(line);
    });
    after(async () => {
        console.error = error;
        client.destroy();
        await proxies.close();
    });
    beforeEach(async () => {
        logged.length = 0;
        proxies.reset();
        server = await startS3([bucket("bucket")]);
    });
    afterEach(() => server.close());
    const put = (more: Partial<s3.PutObjectCommandInput> = {}) =>
        server.client.send(
            new s3.PutObjectCommand({
                ...{ Bucket: "bucket", Key: `temp/${file.fileId}/${file.fileName}`, Body: "hello" },
                ...{ ContentType: "application/pdf", ...more },
            }),
        );
    const differs = (...paths: string[]) => ({
        kind: "other",
        issues: paths.map((path) => ({ path, message: "differs from what was announced" })),
    });

    it("is nothing when nothing lies under its temporary key", async () => {
        await put({ Key: `temp/${file.fileId}/other.pdf` });
        await put({ Key: `dest/web/${file.fileId}/${file.fileName}` });

        assert.deepEqual(await arrivalOf(uploads, file), { kind: "nothing" });
    });

    it("is as announced when length and type are", async () => {
        await put();

        assert.deepEqual(await arrivalOf(uploads, file), { kind: "asAnnounced" });
    });

    it("is as announced when the checksum is, too", async () => {
        await put({ ChecksumSHA256: sha256("hello") });

        assert.deepEqual(await arrivalOf(uploads, { ...file, sha256: sha256("hello") }), { kind: "asAnnounced" });
    });

    it("may have a checksum that was not announced", async () => {
        await put({ ChecksumSHA256: sha256("hello") });

        assert.deepEqual(await arrivalOf(uploads, file), { kind: "asAnnounced" });
    });

    const others: Record<string, [path: string, more: Partial<s3.PutObjectCommandInput>]> = {
        "another length": ["len", { Body: "hello!" }],
        "no bytes": ["len", { Body: Buffer.alloc(0), ContentLength: 0 }],
        "another type": ["type", { ContentType: "application/pdf; x=1" }],
        "a type in another case": ["type", { ContentType: "Application/PDF" }],
    };
    for (const [what, [path, more]] of Object.entries(others)) {
        it(`is other than announced with ${what}`, async () => {
            await put(more);

            assert.deepEqual(await arrivalOf(uploads, file), differs(path));
        });
    }

    it("is other than announced with another checksum, or none of that algorithm", async () => {
        await put({ ChecksumSHA256: sha256("hello") });
        assert.deepEqual(await arrivalOf(uploads, { ...file, sha256: sha256("jello") }), differs("sha256"));

        await put({ ChecksumAlgorithm: "CRC32" });
        assert.deepEqual(await arrivalOf(uploads, { ...file, sha256: sha256("hello") }), differs("sha256"));
    });

    it("is told with everything that differs at once", async () => {
        await put({ Body: "other", ContentType: "text/plain" });

        const arrival = await arrivalOf(uploads, { ...file, len: 6, sha256: sha256("hello") });

        assert.deepEqual(arrival, differs("len", "type", "sha256"));
    });

    it("is the latest, when the form was sent more than once", async () => {
        await put({ Body: "hello!" });
        await put();

        assert.deepEqual(await arrivalOf(uploads, file), { kind: "asAnnounced" });
    });

    describe("when S3 does not say", () => {
        const isUnavailable = (thrown: unknown) => {
            assert.ok(isRefusal(thrown));
            assert.deepEqual([thrown.status, thrown.code], [503, "SERVICE_UNAVAILABLE"]);
            assert.deepEqual(thrown.headers, { "retry-after": "5" });
            return true;
        };

        it("because the role may not look: is a refusal with 503, and the log names the cause", async () => {
            await put();
            server.deny = ({ action }) => action === "s3:GetObject";

            await assert.rejects(arrivalOf(uploads, file), isUnavailable);

            assert.equal(logged.length, 1);
            assert.match(JSON.stringify(logged), /"status":403/);
        });

        const fates: Record<string, Fate> = {
            "but 500": { status: 500 },
            "but 503": { status: 503 },
            "but breaks the connection": "cut",
        };
        for (const [what, fate] of Object.entries(fates)) {
            it(`${what}: is a refusal with 503, not nothing`, async () => {
                await put();
                proxies.intercept = () => fate;

                await assert.rejects(arrivalOf(uploads, file), isUnavailable);

                assert.equal(logged.length, 1);
            });
        }
    });
});
