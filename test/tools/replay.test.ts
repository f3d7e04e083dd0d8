import * as assert from "node:assert/strict";
import * as zlib from "node:zlib";
import * as s3 from "@aws-sdk/client-s3";
import { replayRejected } from "../../tools/replayRejected";
import { startStack, type Stack } from "../local/stack/support/stack";

describe("replaying rejected events", () => {
    let stack: Stack;
    before(async () => {
        stack = await startStack();
    });
    after(() => stack.end());

    const period = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 };
    const replay = (more: Partial<Parameters<typeof replayRejected>[0]> = {}) => {
        const client = stack.s3();
        const args = {
            client,
            bucket: stack.eventBucket,
            ...period,
            dryRun: false,
            progress: () => undefined,
            ...more,
        };
        return replayRejected(args).finally(() => client.destroy());
    };
    const since = async (before: string[]) => (await stack.keys("events/")).filter((key) => !before.includes(key));

    it("counts what is still not valid, and writes nothing of it", async () => {
        await stack.post('[{"event_time":"never"},{"event_name":"fine"}]');
        const before = await stack.keys("events/");

        const counts = await replay();

        assert.deepEqual(counts, { replayed: 0, alreadyReplayed: 0, stillRejected: 1 });
        assert.deepEqual(await since(before), []);
    });

    it("writes what is valid by today's rules once, with its client, batch and time, however often it is run", async () => {
        const batchId = await rejectedAsByOlderRules(stack);
        const before = await stack.keys("events/");

        const dry = await replay({ dryRun: true });
        assert.deepEqual(await since(before), []);
        const [first, other] = await Promise.all([replay(), replay()]);
        const again = await replay();

        assert.equal(dry.replayed, 2);
        assert.equal(first.replayed + other.replayed, 2);
        assert.deepEqual([again.replayed, again.alreadyReplayed], [0, 2]);
        const lines = (await Promise.all((await since(before)).map((key) => stack.lines(key)))).flat();
        assert.deepEqual(
            lines
                .map(({ n, batch_id, client_id, received_at, event_time }) => [
                    n,
                    batch_id,
                    client_id,
                    received_at,
                    event_time,
                ])
                .sort(),
            [1, 2].map((n) => [n, batchId, "acme", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"]),
        );
    });

    it("leaves batches outside the period alone", async () => {
        await rejectedAsByOlderRules(stack);

        const counts = await replay({ from: Date.now() + 60_000 });

        assert.deepEqual(counts, { replayed: 0, alreadyReplayed: 0, stillRejected: 0 });
    });
});

/** Two events that are valid, in an object of rejected ones, as if a rule had been too strict when they came. */
async function rejectedAsByOlderRules(stack: Stack): Promise<string> {
    const now = Date.now();
    const batchId = `${now
        .toString(16)
        .padStart(12, "0")
        .replace(/^(.{8})/, "$1-")}-7abc-8000-00000000000${now % 10}`;
    const [year, month, day, hour] = new Date(now).toISOString().split(/[-T:]/);
    const line = (index: number) =>
        JSON.stringify({
            reason: [{ path: "n", message: "must not be a number" }],
            index,
            received_at: "2026-01-01T00:00:00.000Z",
            batch_id: batchId,
            client_id: "acme",
            raw: `{"n":${index + 1}}`,
        });
    const client = stack.s3();
    await client.send(
        new s3.PutObjectCommand({
            Bucket: stack.eventBucket,
            Key: `rejected/year=${year}/month=${month}/day=${day}/hour=${hour}/rejected_${batchId}-0123456789abcdef.json.gz`,
            Body: zlib.gzipSync(`${line(0)}\n${line(1)}\n`),
        }),
    );
    client.destroy();
    return batchId;
}
