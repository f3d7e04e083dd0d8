import * as assert from "node:assert/strict";
import * as sqs from "@aws-sdk/client-sqs";
import { signedFetch } from "../../support/sign";
import { operatorOf, type Operator } from "./support/operator";
import { send, startStack, type Stack } from "./support/stack";
import { sendForm, uploadClient, type Form, type UploadClient } from "./support/uploads";

describe("UploadPipeline, when something is left open or fails", () => {
    let stack: Stack;
    let client: UploadClient;
    let operator: Operator;
    let queues: sqs.SQSClient;
    before(async () => {
        stack = await startStack();
        client = uploadClient(stack);
        operator = await operatorOf(stack);
        const { endpoint, region, ...credentials } = stack.adminCredentials;
        queues = new sqs.SQSClient({ endpoint, region, credentials });
    });
    after(async () => {
        queues.destroy();
        await operator.close();
        await stack.end();
    });

    const sweep = () => operator.invoke("quartet-dev-uploads-sweep");
    const formEnded = (form: Form, minutesAgo: number) =>
        operator.sql("UPDATE uploads.files SET expires_at = now() - $2 * interval '1 minute' WHERE file_id = $1", [
            form.file_id,
            minutesAgo,
        ]);
    const statuses = async (form: Form) =>
        (await client.consult(form.file_id)).json.history.map(({ status }: { status: string }) => status);
    const lettersUrl = () => `${stack.uploadQueueUrl}-dead-letters`;
    const message = ({ file_id, file_name }: Form) =>
        JSON.stringify({
            ...{ key_path: `temp/${file_id}/${file_name}`, file_id },
            dest_path: `dest/local/${file_id}/${file_name}`,
        });
    const attributesOf = async (url: string) =>
        (await queues.send(new sqs.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }))).Attributes!;
    /** Holds messages back that come from now on, so that files stay as confirming leaves them. */
    const delay = (seconds: number) =>
        queues.send(
            new sqs.SetQueueAttributesCommand({
                QueueUrl: stack.uploadQueueUrl,
                Attributes: { DelaySeconds: String(seconds) },
            }),
        );

    describe("the sweep", () => {
        it("finishes a file that arrived and was never confirmed, once its form has ended", async () => {
            const form = await client.form("unconfirmed");
            await sendForm(form, "unconfirmed");
            await formEnded(form, 1);

            const report = await sweep();

            assert.ok(report.finished >= 1, JSON.stringify(report));
            await client.until(form.file_id, "completed");
        });

        it("leaves alone what is not due: a form that is good, and one whose file may still be on its way", async () => {
            const good = await client.form("good");
            await sendForm(good, "good");
            const late = await client.form("late");
            await formEnded(late, 59);

            await sweep();

            assert.deepEqual(await statuses(good), ["pending"]);
            assert.deepEqual(await statuses(late), ["pending"]);
        });

        it("lets a file expire an hour after its form's end, for good: a late upload and a confirmation change nothing", async () => {
            const form = await client.form("too late");
            await formEnded(form, 61);

            await sweep();
            await sendForm(form, "too late");
            const confirmed = await client.confirm(form.file_id);
            await sweep();

            assert.deepEqual([confirmed.status, confirmed.json.code], [409, "EXPIRED"]);
            assert.deepEqual(await statuses(form), ["pending", "expired"]);
            assert.equal((await client.consult(form.file_id)).json.details, "Nothing was uploaded in time");
        });

        it("and a confirmation at the same instant bring a file that arrived to one end", async () => {
            const forms = await Promise.all(
                Array.from({ length: 10 }, async () => {
                    const form = await client.form("race");
                    await sendForm(form, "race");
                    await formEnded(form, 61);
                    return form;
                }),
            );

            const [, ...answers] = await Promise.all([sweep(), ...forms.map(({ file_id }) => client.confirm(file_id))]);

            for (const [index, form] of forms.entries()) {
                assert.equal((answers[index] as { status: number }).status, 202);
                await client.until(form.file_id, "completed");
                assert.deepEqual(await statuses(form), ["pending", "uploaded", "processing", "completed"]);
            }
        });

        it("puts a file into the queue whose confirmation was cut off before that", async () => {
            await delay(900);
            const form = await client.upload("lost message");
            await delay(0);
            await operator.sql(
                "UPDATE uploads.files SET queued_at = NULL, queue_claimed_at = now() - interval '61 seconds' WHERE file_id = $1",
                [form.file_id],
            );

            const report = await sweep();

            assert.deepEqual([report.queued, report.finished], [1, 0]);
            await client.until(form.file_id, "completed");
        });
    });

    describe("a confirmation that is repeated", () => {
        it("puts the file into the queue when the first was cut off a minute ago, and not while it may be at work", async () => {
            await delay(900);
            const form = await client.upload("claimed");
            await delay(0);
            await operator.sql(
                "UPDATE uploads.files SET queued_at = NULL, queue_claimed_at = now() WHERE file_id = $1",
                [form.file_id],
            );

            const early = await client.confirm(form.file_id);
            const [claimed] = await operator.sql("SELECT queued_at FROM uploads.files WHERE file_id = $1", [
                form.file_id,
            ]);
            await operator.sql(
                "UPDATE uploads.files SET queue_claimed_at = now() - interval '61 seconds' WHERE file_id = $1",
                [form.file_id],
            );
            await client.confirm(form.file_id);

            assert.equal(early.status, 202);
            assert.equal(claimed.queued_at, null);
            await client.until(form.file_id, "completed");
        });
    });

    describe("dead letters", () => {
        it("make their files `error` with a reason, stay, and bring them to their end when they are sent back", async () => {
            await delay(900);
            const form = await client.upload("given up");
            await delay(0);
            await queues.send(new sqs.SendMessageCommand({ QueueUrl: lettersUrl(), MessageBody: message(form) }));

            const first = await operator.invoke("quartet-dev-uploads-fail");
            const failed = await client.consult(form.file_id);

            assert.deepEqual(first, { failed: 1 });
            assert.equal(failed.json.status, "error");
            assert.match(failed.json.details, /given up after several attempts/);
            assert.deepEqual(await statuses(form), ["pending", "uploaded", "processing", "error"]);

            // The letter that was looked at is hidden for a while, as in SQS; its twin stands for it when that is over.
            await queues.send(new sqs.SendMessageCommand({ QueueUrl: lettersUrl(), MessageBody: message(form) }));
            const attributes = await attributesOf(lettersUrl());
            assert.equal(attributes.ApproximateNumberOfMessagesNotVisible, "1", "the letter stays");
            await queues.send(
                new sqs.StartMessageMoveTaskCommand({
                    SourceArn: attributes.QueueArn,
                    DestinationArn: (await attributesOf(stack.uploadQueueUrl)).QueueArn,
                }),
            );
            await client.until(form.file_id, "completed");
            assert.deepEqual((await statuses(form)).slice(3), ["error", "processing", "completed"]);
            assert.deepEqual(await operator.invoke("quartet-dev-uploads-fail"), { failed: 0 });
            assert.equal((await client.consult(form.file_id)).json.status, "completed", "a letter undoes nothing");
        });

        it("of no known shape, and of files that were never confirmed, change nothing", async () => {
            const form = await client.form("never sent");
            for (const body of ["no json", "{}", '{"file_id":"x"}', message(form)]) {
                await queues.send(new sqs.SendMessageCommand({ QueueUrl: lettersUrl(), MessageBody: body }));
            }

            const report = await operator.invoke("quartet-dev-uploads-fail");

            assert.deepEqual(report, { failed: 0 });
            assert.deepEqual(await statuses(form), ["pending"]);
        });
    });

    describe("a message that comes twice", () => {
        it("and one out of order change nothing of a completed file", async () => {
            const form = await client.upload("once");
            const { json } = await client.until(form.file_id, "completed");

            await queues.send(
                new sqs.SendMessageCommand({ QueueUrl: stack.uploadQueueUrl, MessageBody: message(form) }),
            );
            const next = await client.upload("after it");
            await client.until(next.file_id, "completed");

            assert.deepEqual((await client.consult(form.file_id)).json, json);
        });
    });

    describe("POST /update-status", () => {
        const report = async (init: RequestInit = {}) =>
            send(`${stack.uploadPipelineUrl}/update-status`, {
                ...{ method: "POST", body: '{"file_id":"00000000-0000-4000-8000-000000000000","status":"completed"}' },
                ...init,
            });

        it("answers 403 to a request without a signature, with a client's token, and with a forged signature", async () => {
            const forged =
                "AWS4-HMAC-SHA256 Credential=ASIAFORGED/20260101/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";

            for (const authorization of [undefined, `Bearer ${stack.localToken}`, forged]) {
                const { status, text } = await report({ headers: authorization ? { authorization } : {} });
                assert.equal(status, 403, text);
            }
        });

        it("answers 403 to the account's administrator, since it is the worker's alone", async () => {
            const { endpoint: _, region, ...keys } = stack.adminCredentials;
            const request = { method: "POST", url: `${stack.uploadPipelineUrl}/update-status`, body: "{}" };

            const response = await signedFetch(request, { keys, service: "execute-api", region });

            assert.equal(response.status, 403);
            assert.match(await response.text(), /not authorized to perform: execute-api:Invoke.*explicit deny/);
        });
    });

    describe("the database", () => {
        it("gives each function's role its own statements and no others", async () => {
            const grants = await operator.sql(
                `SELECT grantee::text AS role, table_name::text AS "table", string_agg(privilege_type::text, ' ' ORDER BY privilege_type) AS verbs
                    FROM information_schema.role_table_grants
                    WHERE table_schema = 'uploads' AND grantee <> 'admin' GROUP BY 1, 2 ORDER BY 1, 2`,
            );
            const mappings = await operator.sql(
                "SELECT pg_role_name AS role, arn FROM sys.iam_pg_role_mappings ORDER BY 1",
            );

            assert.deepEqual(
                grants.map(({ role, table, verbs }) => `${role} ${table} ${verbs}`),
                [
                    "confirm_upload files SELECT UPDATE",
                    "confirm_upload status_history INSERT",
                    "consult_status files SELECT",
                    "consult_status status_history SELECT",
                    "fail_upload files SELECT UPDATE",
                    "fail_upload status_history INSERT",
                    "request_upload files INSERT",
                    "request_upload status_history INSERT",
                    "sweep_uploads files SELECT UPDATE",
                    "sweep_uploads status_history INSERT",
                    "update_status files SELECT UPDATE",
                    "update_status status_history INSERT",
                ],
            );
            assert.deepEqual(
                mappings.map(({ role, arn }) => `${role} ${arn.split("/").at(-1)}`),
                [
                    "confirm_upload quartet-dev-uploads-confirm",
                    "consult_status quartet-dev-uploads-consult",
                    "fail_upload quartet-dev-uploads-fail",
                    "request_upload quartet-dev-uploads-request",
                    "sweep_uploads quartet-dev-uploads-sweep",
                    "update_status quartet-dev-uploads-update",
                ],
            );
        });

        it("is migrated by a deploy, and a second time without any change", async () => {
            assert.deepEqual(await operator.invoke("quartet-dev-uploads-migrate"), {
                applied: [],
                mapped: [],
                unmapped: [],
            });
        });

        it("may end under way and come back: requests go on, and a file that was confirmed before is completed", async () => {
            await delay(1);
            const form = await client.upload("outlives it");
            await delay(0);

            process.kill(operator.postgresPid(), "SIGKILL");

            const next = await client.announce({ file_name: "a.txt", extension: ".txt", type: "text/plain", len: 1 });
            assert.ok([201, 503].includes(next.status), next.text);
            await client.until(form.file_id, "completed");
            assert.ok(stack.printed.some((line) => line.startsWith("PostgreSQL ended")));
        });
    });
});
