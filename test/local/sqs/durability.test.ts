import * as assert from "node:assert/strict";
import * as child from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
    DeleteMessageCommand,
    PurgeQueueCommand,
    ReceiveMessageCommand,
    SendMessageCommand,
    type Message,
} from "@aws-sdk/client-sqs";
import { arnOf, caller, queue, startSqs, withDeadLetters, type SqsServer } from "./support/sqsServer";

describe("SQS: what a crash leaves", () => {
    let server: SqsServer;
    afterEach(() => server.close());
    const journal = (name = "queue") => path.join(server.dataDir, "sqs", name, "journal");
    const send = (MessageBody: string, DelaySeconds = 0) =>
        server.client.send(new SendMessageCommand({ QueueUrl: server.queueUrl(), MessageBody, DelaySeconds }));
    const receive = async (name = "queue", VisibilityTimeout = 1000): Promise<Message[]> => {
        const command = new ReceiveMessageCommand({
            QueueUrl: server.queueUrl(name),
            MaxNumberOfMessages: 10,
            VisibilityTimeout,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
        });
        return (await server.client.send(command)).Messages ?? [];
    };
    const bodies = async () => (await receive()).map(({ Body }) => Body);
    const restart = async (resources = [queue("queue")]) => {
        await server.close(true);
        server = await startSqs({ resources, dataDir: server.dataDir });
    };

    it("has every acknowledged message after the process is killed, and none whose deletion was acknowledged", async function () {
        this.timeout(30_000);
        server = await startSqs();
        await server.sqs.close();
        const lines = await writeUntilKilled(server.dataDir, 300);

        await restart();

        const left = new Set<string | undefined>();
        for (let some = await receive(); some.length > 0; some = await receive()) {
            for (const { Body } of some) left.add(Body);
        }
        const marked = (mark: string) =>
            lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
        const doomed = new Set(marked("? "));
        const [sent, deleted] = [marked("+ "), marked("- ")];
        assert.deepEqual(
            sent.filter((body) => !doomed.has(body) && !left.has(body)),
            [],
        );
        assert.deepEqual(
            deleted.filter((body) => left.has(body)),
            [],
        );
        assert.ok(deleted.length > 10 && sent.length > 100);
    });

    it("acknowledges a message and a deletion only after the fsync", async () => {
        server = await startSqs();
        await send("x");
        const [{ ReceiptHandle }] = await receive();
        const remove = new DeleteMessageCommand({ QueueUrl: server.queueUrl(), ReceiptHandle });
        // The count of the receive is written without anybody waiting for it: this send comes after it.
        await send("y");

        for (const call of [() => send("z"), () => server.client.send(remove)]) {
            const disk = await holdSyncs();
            let acknowledged = false;
            const answered = call().then(() => (acknowledged = true));
            await disk.asked;
            // A whole round trip to the same server: an answer sent too early would have come by now.
            await server.send("AmazonSQS.ListQueues", "{}");
            const early = acknowledged;
            disk.release();
            await answered;

            assert.equal(early, false);
        }
    });

    it("keeps attributes, delays and receive counts, and shows what was in flight again", async () => {
        server = await startSqs();
        const attribute = { name: { DataType: "String", StringValue: "value" } };
        const QueueUrl = server.queueUrl();
        await server.client.send(
            new SendMessageCommand({ QueueUrl, MessageBody: "in flight", MessageAttributes: attribute }),
        );
        await send("later", 900);
        const [before] = await receive();

        await restart();
        const [after, ...others] = await receive();

        assert.deepEqual(others, []);
        assert.deepEqual([after.MessageId, after.Body], [before.MessageId, "in flight"]);
        assert.deepEqual(after.Attributes, { ...before.Attributes, ApproximateReceiveCount: "2" });
        assert.deepEqual(after.MessageAttributes, before.MessageAttributes);
        server.pass(900);
        assert.deepEqual(await bodies(), ["later"]);
    });

    it("deletes by a handle from before the restart", async () => {
        server = await startSqs();
        await send("x");
        const [{ ReceiptHandle }] = await receive();

        await restart();
        await server.client.send(new DeleteMessageCommand({ QueueUrl: server.queueUrl(), ReceiptHandle }));
        await restart();

        assert.deepEqual(await bodies(), []);
    });

    it("keeps a purge, and what was sent after it", async () => {
        server = await startSqs();
        await send("before");
        await server.client.send(new PurgeQueueCommand({ QueueUrl: server.queueUrl() }));
        await send("after");

        await restart();

        assert.deepEqual(await bodies(), ["after"]);
    });

    it("has one dead letter when the crash came between writing it and removing it", async () => {
        const resources = withDeadLetters(1);
        server = await startSqs({ resources });
        await send("poison");
        const { size } = fs.statSync(journal());
        await receive("queue", 0);
        // The count of the receive is written without anybody waiting for it.
        while (fs.statSync(journal()).size === size) await new Promise(setImmediate);
        const asBefore = fs.readFileSync(journal());
        await receive();
        await server.close(true);
        fs.writeFileSync(journal(), asBefore);
        server = await startSqs({ resources, dataDir: server.dataDir });

        assert.deepEqual(await bodies(), []);
        assert.deepEqual(
            (await receive("dead")).map(({ Body }) => Body),
            ["poison"],
        );
        assert.deepEqual(await receive("dead"), []);
    });

    it("forgets a journal line that was cut off, and goes on after the one before", async () => {
        server = await startSqs();
        await send("whole");
        await server.sqs.close();
        fs.appendFileSync(journal(), '{"send":[{"id":"torn","bo');

        await restart();
        await send("next");
        await restart();

        assert.deepEqual((await bodies()).sort(), ["next", "whole"]);
    });

    it("refuses to start over a journal that is damaged before its end, naming file and line", async () => {
        server = await startSqs();
        await send("x");
        await server.sqs.close();
        const text = fs.readFileSync(journal(), "utf8");
        fs.writeFileSync(journal(), `{"created":\n${text}`);

        await assert.rejects(
            startSqs({ dataDir: server.dataDir }),
            /line 1 of .*sqs\/queue\/journal is damaged; restore the file/,
        );
    });

    it("shortens a journal while it is in use, without loss", async () => {
        server = await startSqs({ resources: [queue("queue", { maxMessageSize: 1_048_576 })] });
        await send("stays");
        const large = "x".repeat(1_000_000);
        let longest = 0;
        for (let round = 0; round < 12; round++) {
            await send(large);
            const [message] = (await receive("queue", 0)).filter(({ Body }) => Body === large);
            const { ReceiptHandle } = message;
            await server.client.send(new DeleteMessageCommand({ QueueUrl: server.queueUrl(), ReceiptHandle }));
            longest = Math.max(longest, fs.statSync(journal()).size);
        }
        await send("last");

        assert.ok(longest < 7_000_000, `${longest} bytes`);
        await restart();
        assert.deepEqual((await bodies()).sort(), ["last", "stays"]);
    });

    it("answers at the same speed over 100 000 messages", async function () {
        this.timeout(60_000);
        server = await startSqs();
        const lines = Array.from({ length: 100_000 }, (_, index) => {
            const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
            return JSON.stringify({ send: [{ id, body: String(index), md5: "", sent: Date.now(), senderId: "x" }] });
        });
        await server.sqs.close();
        fs.appendFileSync(journal(), `${lines.join("\n")}\n`);
        await restart();
        const { sqs } = server;
        const { signal } = new AbortController();
        const base = { queueArn: arnOf("queue"), principal: caller };

        const start = performance.now();
        const seen = new Set<string>();
        for (let round = 0; round < 200; round++) {
            const messages = await sqs.receive({ ...base, max: 10, waitMs: 0, signal });
            for (const { messageId } of messages) seen.add(messageId);
            await sqs.delete({ ...base, receiptHandles: messages.map(({ receiptHandle }) => receiptHandle) });
        }
        const took = performance.now() - start;

        assert.equal(seen.size, 2000);
        assert.ok(took < 2000, `${Math.round(took)} ms for 200 batches`);
        assert.equal(sqs.attributes(arnOf("queue"))?.ApproximateNumberOfMessages, "98000");
    });
});

/** Holds every fsync back until `release` is called; `asked` resolves when the first has been asked for. */
async function holdSyncs(): Promise<{ readonly asked: Promise<void>; release(): void }> {
    const handle = await fs.promises.open(os.devNull, "r");
    const prototype = Object.getPrototypeOf(handle) as fs.promises.FileHandle;
    await handle.close();
    const { datasync } = prototype;
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    prototype.datasync = async function (this: fs.promises.FileHandle) {
        asked.resolve();
        await released.promise;
        await datasync.call(this);
    };
    return {
        asked: asked.promise,
        release() {
            prototype.datasync = datasync;
            released.resolve();
        },
    };
}

/** Runs a process that sends and deletes, kills it after so many lines, and answers these. */
function writeUntilKilled(dataDir: string, count: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
        const script = path.join(__dirname, "support", "writer.ts");
        const register = path.resolve(__dirname, "../../../tools/register.cjs");
        const writer = child.spawn(process.execPath, ["--require", register, script, dataDir], {
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
