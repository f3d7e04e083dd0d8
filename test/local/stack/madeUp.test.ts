import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as s3 from "@aws-sdk/client-s3";
import { start, type LocalRun } from "../../../local/start";
import { send } from "./support/stack";

describe("a program that the local run does not know", () => {
    const stateFolder = fs.mkdtempSync(path.join(os.tmpdir(), "quartet-"));
    const printed: string[] = [];
    let run: LocalRun;
    let url: string;
    let client: s3.S3Client;
    before(async () => {
        const folder = path.join(__dirname, "support", "madeUp");
        run = await start({ folder, port: 0, stateFolder, print: (line) => printed.push(line) });
        url = run.outputs.notesUrl as string;
        const { endpoint, region, ...credentials } = run.outputs.adminCredentials as Record<string, string>;
        client = new s3.S3Client({ endpoint, region, credentials: credentials as never, maxAttempts: 1 });
    });
    after(async () => {
        client.destroy();
        await run.close();
        fs.rmSync(stateFolder, { recursive: true });
    });

    it("runs as it is: its function writes to its bucket under its own role and the customer key", async () => {
        const { status } = await send(`${url}/notes/one`, { method: "POST", body: "remember" });

        assert.equal(status, 200);
        const object = await client.send(
            new s3.GetObjectCommand({ Bucket: run.outputs.notesBucket as string, Key: "notes/one" }),
        );
        assert.equal(await object.Body!.transformToString(), "remember");
        assert.equal(object.ServerSideEncryption, "aws:kms");
        assert.match(object.SSEKMSKeyId!, /^arn:aws:kms:eu-central-1:333333333333:key\//);
    });

    it("is refused what its role does not allow, with S3's own words, and the terminal names the missing statement", async () => {
        const { status, text } = await send(`${url}/elsewhere`, { method: "POST", body: "" });

        assert.equal(status, 403);
        const { name, message } = JSON.parse(text) as { name: string; message: string };
        assert.equal(name, "AccessDenied");
        assert.match(
            message,
            /^User: arn:aws:sts::333333333333:assumed-role\/made-up-dev-notes-answer\/.* is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::made-up-dev-notes-333333333333\/elsewhere"/,
        );
        const line = printed.find((one) => one.includes("elsewhere"));
        assert.ok(
            line?.includes(
                '{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::made-up-dev-notes-333333333333/elsewhere"}',
            ),
            line,
        );
    });

    it("is refused to read what it may read when the key's policy does not allow it to decrypt", async () => {
        await send(`${url}/notes/two`, { method: "POST", body: "x" });

        const { status, text } = await send(`${url}/notes/two`);

        assert.equal(status, 403);
        assert.match(text, /kms:Decrypt/);
    });

    it("has a function that never answers ended after its time-out, and API Gateway say so", async () => {
        const { status, json } = await send(`${url}/forever`);

        assert.deepEqual([status, json], [502, { message: "Internal server error" }]);
    });

    it("has its authorizer asked before a guarded route, and no other", async () => {
        const guarded = async (token?: string) => {
            const { status, json } = await send(
                `${url}/guarded`,
                token ? { headers: { authorization: `Bearer ${token}` } } : {},
            );
            return [status, json?.principalId];
        };

        assert.deepEqual(await guarded("reader"), [200, "reader"]);
        assert.deepEqual(await guarded(), [401, undefined]);
        assert.deepEqual(await guarded("nobody"), [401, undefined]);
        assert.deepEqual(await guarded("other"), [403, undefined]);
    });

    it("has its routes, its stage and its origin, and no other", async () => {
        const unknown = await send(`${url}/nothing`);
        const otherStage = await send(url.replace(/live$/, "dev"));

        assert.deepEqual([unknown.status, unknown.json], [403, { message: "Missing Authentication Token" }]);
        assert.equal(unknown.headers.get("access-control-allow-origin"), "https://notes.example");
        assert.deepEqual([otherStage.status, otherStage.json], [403, { message: "Forbidden" }]);
    });

    it("gets a name for a bucket that it left without one", async () => {
        const { Buckets = [] } = await client.send(new s3.ListBucketsCommand({}));

        assert.match(Buckets.map(({ Name }) => Name).join(), /notes-spare-[a-z0-9]{7}/);
    });
});
