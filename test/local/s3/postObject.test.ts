import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { bucket, setting } from "../../support/s3Server";
import { presign as presignUrl, signHeaders } from "../../support/sign";
import { errorOf, post, presign } from "./support/forms";
import { adminKeys, startSignedS3 } from "./support/signedServer";
import type { SignedServer } from "./support/signedServer";

const cors = setting("bucketCorsConfiguration", {
    corsRules: [{ allowedMethods: ["POST", "PUT"], allowedOrigins: ["https://app.example"], exposeHeaders: ["ETag"] }],
});

describe("S3: PostObject", () => {
    let server: SignedServer;
    beforeEach(async () => {
        server = await startSignedS3([bucket("bucket"), cors]);
    });
    afterEach(() => server.close());
    const head = (Key: string) =>
        server.admin.send(new HeadObjectCommand({ Bucket: "bucket", Key, ChecksumMode: "ENABLED" }));
    const read = async (Key: string) => {
        const { Body } = await server.admin.send(new GetObjectCommand({ Bucket: "bucket", Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };

    it("stores the file, byte by byte, and answers 204 with its ETag and place", async () => {
        const content = crypto.randomBytes(1_000_003);

        const { status, headers, body } = await post(await presign(server), content);

        assert.deepEqual([status, body], [204, ""]);
        assert.equal(headers.get("etag"), `"${crypto.createHash("md5").update(content).digest("hex")}"`);
        assert.equal(headers.get("location"), `${server.url}/bucket/k`);
        assert.ok((await read("k")).equals(content));
        assert.deepEqual(
            server.created.map(({ eventName, object }) => [eventName, object.key, object.size]),
            [["ObjectCreated:Post", "k", content.length]],
        );
    });

    it("keeps what the fields say about the object, as PutObject keeps its headers", async () => {
        const Fields = {
            "Content-Type": "text/plain; charset=utf-8",
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="é.txt"',
            "x-amz-meta-owner": "o1",
            "x-amz-storage-class": "STANDARD_IA",
            "x-amz-server-side-encryption": "aws:kms",
            tagging: "<Tagging><TagSet><Tag><Key>class</Key><Value>a b</Value></Tag></TagSet></Tagging>",
        };

        const answer = await post(await presign(server, { Fields }), "hello");

        assert.equal(answer.status, 204, answer.body);
        const object = await head("k");
        assert.equal(object.ContentType, "text/plain; charset=utf-8");
        assert.equal(object.CacheControl, "no-store");
        assert.equal(Buffer.from(object.ContentDisposition ?? "", "latin1").toString(), 'attachment; filename="é.txt"');
        assert.deepEqual(object.Metadata, { owner: "o1" });
        assert.deepEqual([object.StorageClass, object.ServerSideEncryption], ["STANDARD_IA", "aws:kms"]);
        assert.deepEqual(server.created[0].object.tags, { class: "a b" });
    });

    for (const [algorithm, value] of [
        ["CRC32", "NhCmhg=="],
        ["CRC32C", "mnG7TA=="],
        ["SHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="],
        ["SHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="],
        ["CRC64NVME", "M3eFcAZSQlc="],
    ]) {
        it(`verifies the ${algorithm} that the policy binds, and keeps it`, async () => {
            const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
            const Fields = { "x-amz-checksum-algorithm": algorithm, [name]: value };
            const form = await presign(server, { Fields });

            const wrong = await post(form, "hellO");
            const right = await post(form, "hello");

            assert.match(errorOf(wrong.body), /^BadDigest: /);
            assert.equal(right.status, 204, right.body);
            assert.equal((await head("k"))[`Checksum${algorithm}` as "ChecksumCRC32"], value);
        });
    }

    it("puts the file's name, without folders, where fields say ${filename}, before the policy is checked", async () => {
        const form = await presign(server, { Key: "in/${filename}", Fields: { "x-amz-meta-name": "${filename}" } });
        const conditions = await presign(server, {
            Key: "in/${filename}",
            Conditions: [["starts-with", "$x-amz-meta-name", "é"]],
        });

        const exact = await post(form, "1", {}, { fileName: "a.txt" });
        const prefix = await post(
            conditions,
            "2",
            { "x-amz-meta-name": "${filename}" },
            { fileName: "C:\\dir\\é $& b.txt" },
        );

        assert.match(errorOf(exact.body), /"\$x-amz-meta-name", "\$\{filename\}"/);
        assert.equal(prefix.status, 204, prefix.body);
        assert.equal((await read("in/é $& b.txt")).toString(), "2");
    });

    it("answers 201 with a body, or 200, as the form asks, and 204 to what it cannot read", async () => {
        const answers = [];
        for (const status of ["201", "200", "418"]) {
            const Fields = { success_action_status: status };
            answers.push(await post(await presign(server, { Key: "a b/é", Fields }), "hello"));
        }

        const [created] = answers;
        assert.deepEqual(
            answers.map(({ status }) => status),
            [201, 200, 204],
        );
        assert.match(created.headers.get("content-type") ?? "", /xml/);
        assert.equal(
            created.body.replace(/^.*\n/, ""),
            `<PostResponse><Location>${server.url}/bucket/a%20b/%C3%A9</Location><Bucket>bucket</Bucket><Key>a b/é</Key>` +
                "<ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag></PostResponse>",
        );
    });

    it("redirects to the form's page, naming the object, but nowhere that is no page", async () => {
        const redirectTo = async (url: string) =>
            post(await presign(server, { Fields: { success_action_redirect: url } }), "hello");

        const page = await redirectTo("https://app.example/done?step=2");
        const script = await redirectTo("javascript:alert(1)");

        assert.deepEqual([page.status, script.status], [303, 204]);
        assert.equal(
            page.headers.get("location"),
            "https://app.example/done?step=2&bucket=bucket&key=k&etag=%225d41402abc4b2a76b9719d911017c592%22",
        );
    });

    it("lets the declared origin read answers and errors, and no other origin", async () => {
        const form = await presign(server, { Conditions: [["content-length-range", 0, 3]] });
        const from = (origin: string, content: string, signature = {}) =>
            post(form, content, signature, { headers: { origin } });

        const answers = [
            await from("https://app.example", "ok"),
            await from("https://app.example", "long"),
            await from("https://app.example", "ok", { "X-Amz-Signature": "0" }),
            await from("https://other.example", "ok"),
        ];

        assert.deepEqual(
            answers.map(({ status, headers }) => [status, headers.get("access-control-allow-origin")]),
            [
                [204, "https://app.example"],
                [400, "https://app.example"],
                [403, "https://app.example"],
                [204, null],
            ],
        );
    });

    it("lets the declared origin read that a presigned URL is out of date", async () => {
        const options = { keys: adminKeys, service: "s3", date: new Date(Date.now() - 120_000), expires: 60 };
        const url = presignUrl({ method: "PUT", url: `${server.url}/bucket/k` }, options);

        const answer = await fetch(url, { method: "PUT", body: "x", headers: { origin: "https://app.example" } });

        assert.match(errorOf(await answer.text()), /^AccessDenied: Request has expired$/);
        assert.equal(answer.headers.get("access-control-allow-origin"), "https://app.example");
    });

    it("ignores fields after the file, and refuses a form without a file or of another type", async () => {
        const { url, fields } = await presign(server);
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        const without = await fetch(url, { method: "POST", body: form });
        form.append("file", new Blob(["hello"]));
        form.append("x-amz-meta-late", "1");
        const late = await fetch(url, { method: "POST", body: form });
        const json = await fetch(url, { method: "POST", body: "{}" });

        assert.equal(
            errorOf(await without.text()),
            "InvalidArgument: POST requires exactly one file upload per request.",
        );
        assert.deepEqual([late.status, (await head("k")).Metadata], [204, {}]);
        assert.equal(json.status, 412);
        assert.match(await json.text(), /<Condition>Bucket POST must be of the enclosure-type multipart\/form-data</);
    });

    it("refuses a form that is signed in its headers as well", async () => {
        const form = await presign(server);
        const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
        const request = { method: "POST", url: form.url, headers: unsigned };
        const headers = signHeaders(request, { keys: adminKeys, service: "s3" });

        const answer = await post(form, "hello", {}, { headers });

        assert.match(errorOf(answer.body), /^InvalidArgument: Only one auth mechanism allowed/);
        assert.deepEqual(server.blobs(), []);
    });

    it("leaves nothing of an upload whose client goes away, shows nothing of it meanwhile, and serves the next", async () => {
        const { fields } = await presign(server);
        const boundary = "b1";
        const parts = Object.entries(fields).map(
            ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        );
        const request = http.request(`${server.url}/bucket`, {
            method: "POST",
            headers: { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": 10_000_000 },
        });
        request.on("error", () => undefined);
        request.write(`${parts.join("")}--${boundary}\r\ncontent-disposition: form-data; name="file"\r\n\r\nbegun`);
        await until(() => server.blobs().length === 1);
        await assert.rejects(head("k"), { name: "NotFound" });

        request.destroy();
        await until(() => server.blobs().length === 0);

        await assert.rejects(head("k"), { name: "NotFound" });
        assert.equal((await post(await presign(server), "next")).status, 204);
    });

    it("keeps the connection of a form that it refused, however long the file", async () => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const send = async (method: string, target: string, headers: http.OutgoingHttpHeaders, body?: Buffer) => {
            const request = http.request(server.url + target, { method, agent, headers });
            const closed = once(request, "close");
            const [answer] = (await once(request.end(body), "response")) as [http.IncomingMessage];
            await Promise.all([once(answer.resume(), "end"), closed]);
            return [answer.statusCode, request.reusedSocket];
        };
        const head_ =
            '--b\r\ncontent-disposition: form-data; name="key"\r\n\r\nk\r\n--b\r\ncontent-disposition: form-data; name="file"\r\n\r\n';
        const body = Buffer.concat([Buffer.from(head_), Buffer.alloc(8_000_000), Buffer.from("\r\n--b--\r\n")]);

        const refused = await send("POST", "/bucket", { "content-type": "multipart/form-data; boundary=b" }, body);
        const next = await send("GET", "/bucket/k", {});
        agent.destroy();

        assert.deepEqual(
            [refused, next],
            [
                [403, false],
                [403, true],
            ],
        );
    });
});

/** Waits for something that another process or the file system does. */
async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise((resolve) => setImmediate(resolve));
}
