import * as assert from "node:assert/strict";
import * as child from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import * as readline from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";

const size = 1024 ** 3;
const mostMemory = 300;

describe("S3: PostObject of a large file", () => {
    it("takes 1 GiB without holding it: the server's memory stays under 300 MB", async function () {
        this.timeout(60_000);
        const server = child.spawn(
            process.execPath,
            [
                "--require",
                path.resolve(__dirname, "../../../tools/register.cjs"),
                path.join(__dirname, "support", "signedServer.ts"),
            ],
            { stdio: ["ignore", "pipe", "inherit"] },
        );
        const exited = once(server, "exit");
        const [line] = (await once(readline.createInterface(server.stdout), "line")) as [string];
        const { url, keys } = JSON.parse(line) as {
            url: string;
            keys: { accessKeyId: string; secretAccessKey: string };
        };
        const config = { endpoint: url, region: "us-east-1", credentials: keys, forcePathStyle: true };
        const client = new S3Client(config);

        const start = performance.now();
        const status = await send(await createPresignedPost(client, { Bucket: "bucket", Key: "large" }));
        const seconds = (performance.now() - start) / 1000;
        const memory = peakMemory(server.pid as number);
        const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: "bucket", Key: "large" }));
        client.destroy();
        server.kill("SIGTERM");
        await exited;

        assert.deepEqual([status, ContentLength], [204, size]);
        console.log(`      ${Math.round(size / 1e6 / seconds)} MB/s, ${memory ?? "no /proc: memory not"} MB at most`);
        if (memory !== undefined) assert.ok(memory < mostMemory, `${memory} MB`);
    });
});

/** Sends a form whose file is made as it is sent. */
async function send({ url, fields }: { url: string; fields: Record<string, string> }): Promise<number | undefined> {
    const part = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`;
    const before = Object.entries(fields).map(([name, value]) => `${part(name)}${value}\r\n`);
    const head = `${before.join("")}${part("file")}`;
    const tail = "\r\n--b--\r\n";
    const request = http.request(url, {
        method: "POST",
        headers: {
            "content-type": "multipart/form-data; boundary=b",
            "content-length": Buffer.byteLength(head) + size + tail.length,
        },
    });
    const answered = once(request, "response") as Promise<[http.IncomingMessage]>;
    const piece = Buffer.alloc(1024 ** 2, "\r\n--a");
    await pipeline(
        Readable.from(
            (function* () {
                yield Buffer.from(head);
                for (let sent = 0; sent < size; sent += piece.length) yield piece;
                yield Buffer.from(tail);
            })(),
        ),
        request,
    );
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
}

/** The most memory that a process has had, in MB; undefined where the system does not tell. */
function peakMemory(pid: number): number | undefined {
    const file = `/proc/${pid}/status`;
    if (!fs.existsSync(file)) return undefined;
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(file, "utf8")) ?? [];
    return Math.round(Number(kilobytes) / 1000);
}
