import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import type { Status } from "../../../handlers/uploadPipeline/statuses";
import { bothForms } from "../../support/bothForms";
import { keysOf, objectAt, overwrite } from "./support/objects";
import { arrive, enqueue, promoteStage, receive, recordOf, type Arrived } from "./support/promoteStage";

const source = { module: "handlers/uploadPipeline/promoteUpload.ts", factory: "promoteUploadFactory", args: [] };

bothForms("the worker that moves files", source, (start) => {
    const now = promoteStage(start);
    const statusesOf = ({ id }: Arrived) =>
        now()
            .api.history.get(id)!
            .map(({ status }) => status);

    it("moves the object: the copy is equal in all, nothing temporary stays, and the file is completed", async () => {
        const file = await arrive(now(), { body: "hello" });
        const before = await objectAt(now(), file.from);

        const { result } = await now().deliver([await recordOf(now(), file.message)]);

        assert.deepEqual(result, { batchItemFailures: [] });
        const copy = await objectAt(now(), file.to);
        assert.deepEqual(copy, before);
        assert.equal(copy.ContentType, "application/pdf");
        assert.deepEqual(copy.Metadata, { "file-id": file.id, "request-id": "cause" });
        assert.deepEqual(await keysOf(now()), [file.to]);
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
    });

    it("looks at the copy before it reports `completed`, and reports that before it removes the temporary object", async () => {
        const file = await arrive(now());

        await now().deliver([await recordOf(now(), file.message)]);

        assert.deepEqual(now().proxies.calls, [
            "report processing",
            "HEAD temp",
            "HEAD dest",
            "PUT dest",
            "HEAD dest",
            "report completed",
            "DELETE temp",
        ]);
    });

    for (const name of ["ä ö+%20?#&='\".pdf", "日本語 🦊.pdf", "a:b*(c)!.pdf", "..pdf", `${"n".repeat(251)}.pdf`]) {
        it(`moves a file called ${JSON.stringify(name.slice(0, 30))}`, async () => {
            const file = await arrive(now(), { name });

            await now().deliver([await recordOf(now(), file.message)]);

            assert.deepEqual(await keysOf(now()), [file.to]);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
        });
    }

    it("moves an object whose checksum the client did not choose", async () => {
        const file = await arrive(now());
        await now().s3.send("PUT", `/bucket/${file.from}`, { body: "plain" });
        assert.equal((await objectAt(now(), file.from)).ChecksumSHA256, undefined);

        await now().deliver([await recordOf(now(), file.message)]);

        assert.equal((await objectAt(now(), file.to)).body, "plain");
        assert.deepEqual(await keysOf(now()), [file.to]);
    });

    it("reports with the id of the request that caused the message", async () => {
        const file = await arrive(now());

        await now().deliver([await recordOf(now(), file.message, "request-7")]);

        assert.deepEqual(
            now()
                .api.history.get(file.id)!
                .slice(1)
                .map(({ cause }) => cause),
            ["request-7", "request-7"],
        );
    });

    it("changes nothing when the message is delivered once more", async () => {
        const file = await arrive(now());
        const record = await recordOf(now(), file.message);
        await now().deliver([record]);
        const before = await objectAt(now(), file.to);
        now().proxies.reset();

        const { failed } = await now().deliver([record]);

        assert.deepEqual(failed, []);
        assert.deepEqual(now().proxies.calls, ["report processing", "DELETE temp"]);
        assert.deepEqual(await objectAt(now(), file.to), before);
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
    });

    it("leaves a completed file as it is when an old message comes after its form was sent again", async () => {
        const file = await arrive(now(), { body: "first" });
        await enqueue(now(), file.message);
        const [old] = await receive(now());
        await now().deliver([await recordOf(now(), file.message)]);
        await overwrite(now(), file.from, "second");

        const { failed } = await now().deliver([old]);

        assert.deepEqual(failed, []);
        assert.equal((await objectAt(now(), file.to)).body, "first");
        assert.deepEqual(await keysOf(now()), [file.to]);
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
    });

    it("completes a file once when two deliveries of it run at the same time", async () => {
        const file = await arrive(now());
        const records = [await recordOf(now(), file.message), await recordOf(now(), file.message)];

        const { failed } = await now().deliver(records);
        await now().deliver(records.filter(({ messageId }) => failed.includes(messageId)));

        assert.deepEqual(await keysOf(now()), [file.to]);
        assert.equal((await objectAt(now(), file.to)).body, "hello");
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
    });

    it("begins anew with a file that was given up, when its message is sent back", async () => {
        const file = await arrive(now(), { status: "error" });

        const { failed } = await now().deliver([await recordOf(now(), file.message)]);

        assert.deepEqual(failed, []);
        assert.deepEqual(statusesOf(file), ["error", "processing", "completed"]);
        assert.deepEqual(await keysOf(now()), [file.to]);
    });

    for (const status of ["pending", "expired"] as Status[]) {
        it(`fails and touches nothing when the file is ${status}`, async () => {
            const file = await arrive(now(), { status });
            const record = await recordOf(now(), file.message);

            const { failed, writes } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(await keysOf(now()), [file.from]);
            assert.deepEqual(statusesOf(file), [status]);
            assert.ok(writes.join("").includes(`A file that is ${status} can't become processing`));
        });
    }

    it("fails and touches nothing when the file is not known", async () => {
        const file = await arrive(now());
        now().api.history.clear();
        const record = await recordOf(now(), file.message);

        const { failed } = await now().deliver([record]);

        assert.deepEqual(failed, [record.messageId]);
        assert.deepEqual(await keysOf(now()), [file.from]);
    });

    describe("in its log", () => {
        const outcomes: Record<string, () => void> = {
            "a file that it moves": () => {},
            "a copy that fails": () => {
                now().proxies.intercept = ({ label }) => (label === "PUT dest" ? { status: 403 } : "forward");
            },
            "a report that is refused": () => {
                now().proxies.intercept = ({ label }) => (label.startsWith("report") ? { status: 403 } : "forward");
            },
            "an S3 that is gone": () => {
                now().proxies.intercept = ({ label }) => (/dest|temp/.test(label) ? "cut" : "forward");
            },
            "a queue that is gone, too": () => {
                now().proxies.intercept = ({ label }) => (label === "report processing" ? { status: 403 } : "cut");
            },
        };
        for (const [what, disturb] of Object.entries(outcomes)) {
            it(`names the causing request in each line about ${what}, and no credentials`, async () => {
                const file = await arrive(now());
                const requestId = crypto.randomUUID();
                const record = await recordOf(now(), file.message, requestId);
                disturb();

                const { writes } = await now().deliver([record]);

                assert.notEqual(writes.length, 0);
                for (const line of writes) {
                    assert.match(line, new RegExp(`"?requestId"?: ?['"]${requestId}['"]`));
                }
                const { secretAccessKey, sessionToken, accessKeyId } = now().api.keys;
                for (const secret of [
                    secretAccessKey,
                    sessionToken,
                    accessKeyId,
                    "Signature=",
                    "Bearer",
                    record.receiptHandle,
                ]) {
                    assert.ok(!writes.join("").includes(secret), `the log holds ${secret}`);
                }
            });
        }

        it("names the message where nobody says what caused it", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message, "");

            const { writes } = await now().deliver([record]);

            assert.ok(writes.every((line) => line.includes(record.messageId)));
            assert.equal(now().api.history.get(file.id)!.at(-1)!.cause, record.messageId);
        });

        it("counts a file that it moved, and a delivery that failed", async () => {
            const file = await arrive(now());
            const gone = await arrive(now());
            now().api.history.delete(gone.id);

            const { writes } = await now().deliver([
                await recordOf(now(), file.message),
                await recordOf(now(), gone.message),
            ]);

            const metrics = writes.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line));
            assert.deepEqual(metrics.map(({ FilesCompleted = 0 }) => FilesCompleted).sort(), [0, 1]);
            assert.deepEqual(metrics.map(({ DeliveriesFailed = 0 }) => DeliveriesFailed).sort(), [0, 1]);
            for (const { _aws, Service } of metrics) {
                assert.equal(_aws.CloudWatchMetrics[0].Namespace, "quartet-test-upload");
                assert.equal(Service, "UploadPipeline");
            }
        });
    });

    it("does not start without its variables, and names them", async () => {
        await assert.rejects(
            start({ BUCKET: "bucket" }),
            /QUEUE_URL is required; UPDATE_STATUS_URL is required; METRICS_NAMESPACE is required/,
        );
    });
});
