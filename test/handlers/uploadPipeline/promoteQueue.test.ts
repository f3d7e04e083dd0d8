import * as assert from "node:assert/strict";
import { bothForms } from "../../support/bothForms";
import { keysOf } from "./support/objects";
import { arrive, enqueue, promoteStage, receive, recordOf, type Arrived } from "./support/promoteStage";

const source = { module: "handlers/uploadPipeline/promoteUpload.ts", factory: "promoteUploadFactory", args: [] };

bothForms("the worker that moves files, by its queue", source, (start) => {
    const now = promoteStage(start);
    const statusesOf = ({ id }: Arrived) =>
        now()
            .api.history.get(id)!
            .map(({ status }) => status);
    const waits = () => now().proxies.calls.filter((label) => label === "ChangeMessageVisibility").length;

    describe("with a message", () => {
        const id = "0b5f1d2c-8a4e-4a53-9a29-5f0f5e1c7a11";
        const whole = { key_path: "temp/x", file_id: id, dest_path: "dest/x" };
        const poisoned: Record<string, string> = {
            "that is no JSON": "{",
            "that is empty": " ",
            "that is a string": '"x"',
            "that is an array": JSON.stringify([whole]),
            "that is null": "null",
            "without a key": JSON.stringify({ ...whole, key_path: undefined }),
            "without a destination": JSON.stringify({ ...whole, dest_path: undefined }),
            "without a file": JSON.stringify({ ...whole, file_id: undefined }),
            "whose key is a number": JSON.stringify({ ...whole, key_path: 1 }),
            "whose destination is an object": JSON.stringify({ ...whole, dest_path: {} }),
            "whose file is no UUID": JSON.stringify({ ...whole, file_id: "1' OR '1'='1" }),
        };
        for (const [what, body] of Object.entries(poisoned)) {
            it(`${what}: fails it alone, and moves the others of the batch`, async () => {
                const [one, other] = [await arrive(now()), await arrive(now())];
                const poison = await recordOf(now(), body, "poison");
                const records = [await recordOf(now(), one.message), poison, await recordOf(now(), other.message)];

                const { result, writes } = await now().deliver(records);

                assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: poison.messageId }] });
                assert.deepEqual(await keysOf(now()), [one.to, other.to].sort());
                assert.ok(writes.some((line) => line.includes("poison") && line.includes(poison.messageId)));
                assert.equal(waits(), 0);
            });
        }

        it("that is poisoned: repeats nothing of it in the log", async () => {
            const { writes } = await now().deliver([await recordOf(now(), '{"key_path":"private name"}')]);

            assert.ok(!writes.join("").includes("private name"));
        });

        it("whose file fails: fails it alone, in a batch of ten", async () => {
            const files = await Promise.all(Array.from({ length: 10 }, () => arrive(now())));
            const bad = files.filter((_, index) => index % 3 === 1);
            for (const { id } of bad) {
                now().api.add(id, "expired");
            }
            for (const { message } of files) {
                await enqueue(now(), message);
            }
            const records = await receive(now());
            assert.equal(records.length, 10);

            const { failed } = await now().deliver(records);

            const failedBodies = records.filter(({ messageId }) => failed.includes(messageId)).map(({ body }) => body);
            assert.deepEqual(failedBodies.sort(), bad.map(({ message }) => message).sort());
            const moved = files.filter((file) => !bad.includes(file));
            assert.deepEqual(
                await keysOf(now()),
                [...moved.map(({ to }) => to), ...bad.map(({ from }) => from)].sort(),
            );
        });
    });

    it("makes a message that failed come again after 10, 30, 90 and 270 s, and after the fifth time a dead letter", async () => {
        const file = await arrive(now());
        now().proxies.intercept = ({ label }) => (label === "HEAD temp" ? { status: 404 } : "forward");
        await enqueue(now(), file.message);

        for (const [index, seconds] of [10, 30, 90, 270].entries()) {
            const records = await receive(now());
            assert.deepEqual(
                records.map(({ attributes }) => attributes.ApproximateReceiveCount),
                [String(index + 1)],
            );
            assert.deepEqual((await now().deliver(records)).failed, [records[0].messageId]);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing"], "the file is given up too early");
            now().sqs.pass(seconds - 5);
            assert.deepEqual(await receive(now()), []);
            now().sqs.pass(5);
        }
        const [last] = await receive(now());
        await now().deliver([last]);

        assert.equal(waits(), 4);
        assert.deepEqual(statusesOf(file), ["uploaded", "processing", "error"]);
        now().sqs.pass(720);
        assert.deepEqual(await receive(now()), []);
        assert.deepEqual(
            (await receive(now(), "dead")).map(({ body }) => body),
            [file.message],
        );
    });

    describe("at the last delivery", () => {
        it("tells the client that what was uploaded is gone", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message, "cause-5", 5);
            await now().s3.send("DELETE", `/bucket/${file.from}`);

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(now().api.history.get(file.id)!.at(-1), {
                status: "error",
                details: "What was uploaded is gone",
                cause: "cause-5",
            });
            assert.equal(waits(), 0);
        });

        it("tells the client no more than that it failed, when the reason is none of theirs", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message, "cause", 5);
            now().proxies.intercept = ({ label }) => (label === "PUT dest" ? { status: 403 } : "forward");

            await now().deliver([record]);

            const { status, details } = now().api.history.get(file.id)!.at(-1)!;
            assert.deepEqual([status, details], ["error", "The file could not be moved to its place"]);
        });

        it("moves the file when all is well again", async () => {
            const file = await arrive(now());

            const { failed } = await now().deliver([await recordOf(now(), file.message, "cause", 5)]);

            assert.deepEqual(failed, []);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
        });

        it("does not undo that a file is completed, when only the temporary object could not be removed", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message, "cause", 5);
            now().proxies.intercept = ({ label }) => (label === "DELETE temp" ? { status: 403 } : "forward");

            const { failed } = await now().deliver([record]);

            assert.deepEqual(failed, [record.messageId]);
            assert.deepEqual(statusesOf(file), ["uploaded", "processing", "completed"]);
        });

        it("still fails the message when the report of `error` is not taken", async () => {
            const file = await arrive(now());
            const record = await recordOf(now(), file.message, "cause", 5);
            now().proxies.intercept = ({ label }) =>
                label === "HEAD temp" ? { status: 404 } : label === "report error" ? { status: 403 } : "forward";

            const { result, writes } = await now().deliver([record]);

            assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: record.messageId }] });
            assert.ok(writes.join("").includes("aftermath"));
        });
    });

    it("fails the message as well when the queue does not take the time until it comes again", async () => {
        const file = await arrive(now(), { status: "expired" });
        const record = await recordOf(now(), file.message);
        now().proxies.intercept = ({ label }) => (label === "ChangeMessageVisibility" ? { status: 403 } : "forward");

        const { result, writes } = await now().deliver([record]);

        assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: record.messageId }] });
        assert.ok(writes.join("").includes("aftermath"));
    });
});
