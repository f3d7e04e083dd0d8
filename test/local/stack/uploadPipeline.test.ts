import * as assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { send, startStack, type Stack } from "./support/stack";
import { sendForm, sha256, uploadClient, type UploadClient } from "./support/uploads";

describe("UploadPipeline over HTTP", () => {
    let stack: Stack;
    let client: UploadClient;
    let storage: s3.S3Client;
    before(async () => {
        stack = await startStack();
        client = uploadClient(stack);
        storage = stack.s3();
    });
    after(async () => {
        storage.destroy();
        await stack.end();
    });

    const stored = async (key: string) => {
        const object = await storage.send(new s3.GetObjectCommand({ Bucket: stack.uploadBucket, Key: key }));
        return { ...object, text: await object.Body!.transformToString() };
    };
    const keysUnder = async (prefix: string) => {
        const { Contents = [] } = await storage.send(
            new s3.ListObjectsV2Command({ Bucket: stack.uploadBucket, Prefix: prefix }),
        );
        return Contents.map(({ Key }) => Key!);
    };

    it("brings a file from the form to its place, with its type, checksum and request id, and tells each step", async () => {
        const announced = await client.announce({
            ...{ file_name: "räport 1.txt", extension: ".txt", type: "text/plain; charset=utf-8", len: 5 },
            sha256: sha256("hello"),
        });
        const sent = await sendForm(announced.json, "hello");
        const confirmed = await client.confirm(announced.json.file_id);
        const { json } = await client.until(announced.json.file_id, "completed");

        const { file_id, expires_at } = announced.json;
        assert.equal(announced.status, 201);
        assert.deepEqual(Object.keys(announced.json), ["file_id", "file_name", "url", "fields", "expires_at"]);
        const minutes = (Date.parse(expires_at) - Date.now()) / 60_000;
        assert.ok(minutes > 14 && minutes <= 15, `${minutes}`);
        assert.equal(sent.status, 201);
        assert.equal(confirmed.status, 202);
        assert.deepEqual(confirmed.json, { file_id, status: "uploaded" });
        const object = await stored(`dest/local/${file_id}/räport 1.txt`);
        assert.equal(object.text, "hello");
        assert.equal(object.ContentType, "text/plain; charset=utf-8");
        assert.equal(object.ServerSideEncryption, "AES256");
        assert.equal(object.Metadata!["request-id"], announced.headers.get("x-request-id"));
        // The worker removes it after its report; if it did not, this would not end.
        while ((await keysUnder(`temp/${file_id}/`)).length > 0);
        const { history, updated_at, ...rest } = json;
        assert.deepEqual(rest, { file_id, file_name: "räport 1.txt", status: "completed" });
        assert.deepEqual(
            history.map(({ status }: { status: string }) => status),
            ["pending", "uploaded", "processing", "completed"],
        );
        assert.equal(history.at(-1).at, updated_at);
    });

    it("answers a repeated confirmation alike, and two at once, and moves the file once", async () => {
        const form = await client.form("twice");
        await sendForm(form, "twice");

        const both = await Promise.all([client.confirm(form.file_id), client.confirm(form.file_id)]);
        const done = await client.until(form.file_id, "completed");
        const late = await client.confirm(form.file_id);

        for (const { status, json } of [...both, late]) {
            assert.equal(status, 202);
            assert.deepEqual(json, { file_id: form.file_id, status: "uploaded" });
        }
        assert.deepEqual((await client.consult(form.file_id)).json, done.json, "nothing new");
        assert.equal(done.json.history.length, 4);
    });

    it("refuses to confirm what did not arrive, and what is another client's or nobody's", async () => {
        const { file_id } = await client.form("never sent");
        const other = uploadClient(stack, stack.localTokenOther);

        const early = await client.confirm(file_id);
        const foreign = [await other.confirm(file_id), await other.consult(file_id)];
        const unknown = await client.consult("00000000-0000-4000-8000-000000000000");

        assert.deepEqual([early.status, early.json.code], [409, "NOT_UPLOADED"]);
        for (const { status, json } of [...foreign, unknown]) {
            assert.deepEqual([status, json.code], [404, "NOT_FOUND"]);
        }
        assert.equal((await client.consult(file_id)).json.status, "pending");
    });

    it("refuses what arrived and is not what was announced", async () => {
        const { file_id, file_name } = await client.form("12345", { sha256: sha256("12345") });
        await storage.send(
            new s3.PutObjectCommand({
                ...{ Bucket: stack.uploadBucket, Key: `temp/${file_id}/${file_name}` },
                ...{ Body: "123456", ContentType: "text/html", ChecksumAlgorithm: "SHA256" },
            }),
        );

        const { status, json } = await client.confirm(file_id);

        assert.deepEqual([status, json.code], [422, "UPLOAD_MISMATCH"]);
        assert.deepEqual(
            json.issues.map(({ path }: { path: string }) => path),
            ["len", "type", "sha256"],
        );
        assert.equal((await client.consult(file_id)).json.status, "pending");
    });

    it("has S3 itself refuse a form that brings anything else, and keeps nothing of it", async () => {
        const form = await client.form("12345", { sha256: sha256("12345") });
        const { fields } = form;
        const policy = JSON.parse(Buffer.from(fields.Policy, "base64").toString());
        policy.conditions = policy.conditions.map((one: unknown[]) =>
            one[0] === "content-length-range" ? ["content-length-range", 0, 1e9] : one,
        );
        const wider = Buffer.from(JSON.stringify(policy)).toString("base64");
        const { "Content-Type": _, ...untyped } = fields;
        const cases: [string, Record<string, string>, string, string][] = [
            ["oversize", fields, "123456", "EntityTooLarge"],
            ["undersize", fields, "1234", "EntityTooSmall"],
            ["another type", { ...fields, "Content-Type": "text/html" }, "12345", "AccessDenied"],
            ["no type", untyped, "12345", "AccessDenied"],
            ["another key", { ...fields, key: "dest/local/mine.txt" }, "12345", "AccessDenied"],
            ["another checksum", { ...fields, "x-amz-checksum-sha256": sha256("54321") }, "54321", "AccessDenied"],
            ["other bytes", fields, "54321", "BadDigest"],
            ["no encryption", { ...fields, "x-amz-server-side-encryption": "" }, "12345", "AccessDenied"],
            ["an added field", { ...fields, "x-amz-meta-more": "1" }, "12345", "AccessDenied"],
            ["a wider policy", { ...fields, Policy: wider }, "123456", "SignatureDoesNotMatch"],
        ];

        for (const [what, changed, content, code] of cases) {
            const { status, text } = await sendForm({ url: form.url, fields: changed }, content);
            assert.ok(status >= 400 && status < 500, `${what}: ${status} ${text}`);
            assert.match(text, new RegExp(`<Code>${code}`), what);
        }
        assert.deepEqual(await keysUnder(`temp/${form.file_id}/`), []);
        assert.equal((await client.confirm(form.file_id)).status, 409);
        assert.equal((await sendForm(form, "12345")).status, 201, "the form itself is good");
    });

    it("lets pages of other origins send forms, and read the answer", async () => {
        const form = await client.form("page");
        const preflight = await send(form.url, {
            method: "OPTIONS",
            headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
        });

        assert.equal(preflight.status, 200);
        assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    });

    it("lists every issue of a request, and refuses bodies that are too large or no JSON", async () => {
        const bad = await client.announce({ file_name: "a/b", extension: "txt", len: 0, type: "text", sha256: "x" });
        const large = await client.announce({ file_name: "x".repeat(20_000) });
        const post = (headers: Record<string, string>, body: string) =>
            send(`${stack.uploadPipelineUrl}/upload`, {
                method: "POST",
                headers: { authorization: `Bearer ${stack.localToken}`, ...headers },
                body,
            });

        assert.equal(bad.status, 400);
        assert.deepEqual(
            [...new Set(bad.json.issues.map(({ path }: { path: string }) => path))],
            ["file_name", "extension", "len", "type", "sha256"],
        );
        assert.deepEqual([large.status, large.json.code], [413, "PAYLOAD_TOO_LARGE"]);
        assert.equal((await post({ "content-type": "application/json" }, "{")).status, 400);
        assert.equal((await post({ "content-type": "text/plain" }, "{}")).status, 415);
        assert.equal((await client.consult("no-uuid")).status, 400);
    });

    it("answers 401 without a token and with nobody's, in API Gateway's words", async () => {
        const without = await send(`${stack.uploadPipelineUrl}/consult-status?file_id=x`);
        const wrong = await uploadClient(stack, "wrong").announce({});

        for (const { status, json, headers } of [without, wrong]) {
            assert.equal(status, 401);
            assert.deepEqual(json, { message: "Unauthorized" });
            assert.match(headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
        }
    });

    it("describes itself, without a token", async () => {
        const { status, json } = await send(`${stack.uploadPipelineUrl}/openapi.json`);

        assert.equal(status, 200);
        assert.deepEqual(Object.keys(json.paths), [
            "/upload",
            "/confirm-upload",
            "/update-status",
            "/consult-status",
            "/openapi.json",
        ]);
    });

    it("completes 200 uploads at once, each once", async () => {
        const files = await Promise.all(
            Array.from({ length: 200 }, async (_, index) => {
                const form = await client.upload(`content ${index}`, { len: Buffer.byteLength(`content ${index}`) });
                return { index, form };
            }),
        );

        for (const { index, form } of files) {
            const { json } = await client.until(form.file_id, "completed");
            assert.equal(json.history.length, 4);
            assert.equal((await stored(`dest/local/${form.file_id}/report.txt`)).text, `content ${index}`);
        }
        const isOurs = (key: string) => files.some(({ form }) => key.includes(form.file_id));
        while ((await keysUnder("temp/")).some(isOurs));
    });
});

describe("UploadPipeline of prod", () => {
    it("keeps a file under the customer key all the way: form, message, copy", async () => {
        const stack = await startStack({ stack: "prod" });
        const client = uploadClient(stack);
        const storage = stack.s3();

        const form = await client.upload("secret enough");
        const { json } = await client.until(form.file_id, "completed");

        const { arn } = stack.run.plan.resources.find(({ type }) => type === "aws:kms/key:Key")!.outputs;
        const object = await storage.send(
            new s3.HeadObjectCommand({ Bucket: stack.uploadBucket, Key: `dest/local/${form.file_id}/report.txt` }),
        );
        assert.equal(form.fields["x-amz-server-side-encryption-aws-kms-key-id"], arn);
        assert.deepEqual([object.ServerSideEncryption, object.SSEKMSKeyId], ["aws:kms", arn]);
        assert.equal(json.history.length, 4);
        assert.deepEqual(
            stack.printed.filter((line) => /not authorized|denied/i.test(line)),
            [],
        );
        storage.destroy();
        await stack.end();
    });
});
