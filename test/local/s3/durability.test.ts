import * as assert from "node:assert/strict";
import * as child from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    CreateMultipartUploadCommand,
    DeleteObjectCommand,
    GetObjectCommand,
    ListObjectVersionsCommand,
    ListPartsCommand,
    PutObjectCommand,
    UploadPartCommand,
} from "@aws-sdk/client-s3";
import { bucket, startS3, versioning } from "../../support/s3Server";
import type { S3Server } from "../../support/s3Server";

const Bucket = "bucket";
const versioned = [bucket(Bucket), versioning("Enabled")];

describe("S3: what a crash leaves", () => {
    let server: S3Server;
    afterEach(() => server.close());
    const put = (Key: string, Body: string) => server.client.send(new PutObjectCommand({ Bucket, Key, Body }));
    const text = async (Key: string) =>
        (await server.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
    const file = (name: string) => path.join(server.dataDir, "s3", Bucket, name);
    const restart = async (resources = [bucket(Bucket)]) => {
        await server.close(true);
        server = await startS3(resources, server.dataDir);
    };

    it("forgets a journal line that was cut off, keeps those before, and goes on after them", async () => {
        server = await startS3();
        await put("whole", "1");
        fs.appendFileSync(file("journal"), '{"put":{"key":"torn","versionId":"null","mod');

        await restart();
        await put("next", "2");
        await restart();

        assert.deepEqual([await text("whole"), await text("next")], ["1", "2"]);
        await assert.rejects(text("torn"), { name: "NoSuchKey" });
    });

    it("refuses to start over a journal that is damaged before its end, naming file and line", async () => {
        server = await startS3();
        await put("first", "1");
        await put("second", "2");
        const { dataDir } = server;
        await server.s3.close();
        const lines = fs.readFileSync(file("journal"), "utf8").split("\n");
        const damaged = [lines[0], lines[1].slice(5), ...lines.slice(2)];
        fs.writeFileSync(file("journal"), damaged.join("\n"));

        await assert.rejects(startS3([bucket(Bucket)], dataDir), /line 2 of .*bucket\/journal is damaged/);
    });

    it("has every object that was acknowledged when the process is killed, whole, and no file too many", async function () {
        this.timeout(30_000);
        server = await startS3();
        await server.s3.close();
        const acknowledged = await writeUntilKilled(server.dataDir, 60);

        await restart();

        for (const key of acknowledged) assert.equal(await text(key), key.repeat(1000));
        const journal = fs.readFileSync(file("journal"), "utf8");
        for (const blob of fs.readdirSync(file("blobs"))) assert.ok(journal.includes(blob));
        assert.ok(acknowledged.length >= 60);
    });

    it("keeps versions, delete markers and their order, and uploads under way", async () => {
        server = await startS3(versioned);
        await put("k", "1");
        await put("k", "2");
        await server.client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
        const { UploadId } = await server.client.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
        const upload = { Bucket, Key: "parts", UploadId };
        await server.client.send(new UploadPartCommand({ ...upload, PartNumber: 7, Body: "part" }));
        const list = async () => {
            const { Versions = [], DeleteMarkers = [] } = await server.client.send(
                new ListObjectVersionsCommand({ Bucket }),
            );
            return [...DeleteMarkers, ...Versions].map(({ VersionId, IsLatest }) => [VersionId, IsLatest]);
        };
        const before = await list();

        await restart(versioned);

        assert.equal(before.length, 3);
        assert.deepEqual(await list(), before);
        const { Parts = [] } = await server.client.send(new ListPartsCommand(upload));
        assert.deepEqual(
            Parts.map(({ PartNumber, Size }) => [PartNumber, Size]),
            [[7, 4]],
        );
    });

    it("shortens a journal of many overwritten objects at the next start, without loss", async () => {
        server = await startS3();
        await put("stays", "1");
        const line = fs.readFileSync(file("journal"), "utf8").split("\n")[1].replace('"key":"stays"', '"key":"busy"');
        fs.appendFileSync(file("journal"), `${line}\n`.repeat(1100));

        await restart();
        const lines = fs.readFileSync(file("journal"), "utf8").split("\n").length - 1;

        assert.equal(lines, 3, "the bucket, and two objects");
        assert.equal(await text("stays"), "1");
    });

    it("opens a bucket of 10 000 objects in less than a second", async () => {
        server = await startS3();
        await put("object-0", "x");
        const [, line] = fs.readFileSync(file("journal"), "utf8").split("\n");
        const [id] = fs.readdirSync(file("blobs"));
        const more = Array.from({ length: 9_999 }, (_, index) => {
            const blob = id.slice(0, -5) + String(index).padStart(5, "0");
            fs.writeFileSync(file(`blobs/${blob}`), "x");
            return line.replace("object-0", `object-${index + 1}`).replace(id, blob);
        });
        fs.appendFileSync(file("journal"), `${more.join("\n")}\n`);
        await server.close(true);

        const start = performance.now();
        server = await startS3([bucket(Bucket)], server.dataDir);
        const took = performance.now() - start;

        assert.equal(await text("object-9999"), "x");
        assert.ok(took < 1000, `${Math.round(took)} ms`);
    });

    it("keeps the data of a bucket that is not declared for a while, and does not serve it", async () => {
        server = await startS3();
        await put("k", "1");

        await restart([bucket("another")]);
        await assert.rejects(text("k"), { name: "NoSuchBucket" });
        await restart();

        assert.equal(await text("k"), "1");
    });
});

/** Runs a process that writes objects one after the other, kills it after so many, and answers which ones it had acknowledged. */
function writeUntilKilled(dataDir: string, count: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
        const script = path.join(__dirname, "support", "writer.ts");
        const require_ = path.resolve(__dirname, "../../../tools/register.cjs");
        const writer = child.spawn(process.execPath, ["--require", require_, script, dataDir], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        let output = "";
        writer.stdout.on("data", (piece) => {
            output += piece;
            if (output.split("\n").length > count) writer.kill("SIGKILL");
        });
        writer.on("error", reject);
        writer.on("close", (_, signal) => {
            if (signal === "SIGKILL") resolve(output.split("\n").slice(0, -1));
            else reject(new Error("the writer ended by itself"));
        });
    });
}
