import * as assert from "node:assert/strict";
import { eventSchema } from "../../../handlers/eventIngest/eventSchema";
import { rejectedKey, replayedKey } from "../../../handlers/eventIngest/objectKeys";
import { revalidate } from "../../../handlers/eventIngest/replayEvent";
import { shortHash } from "../../support/ingest";

const batchId = "019b0000-0000-7abc-9abc-0123456789ab";
const stamp = { received_at: "2026-01-31T12:00:00.000Z", batch_id: batchId, client_id: "web" };
const rejected = (raw: string) =>
    JSON.stringify({ reason: [{ path: "", message: "old rule" }], index: 3, ...stamp, raw });

describe("replaying a rejected event", () => {
    it("makes the line that would have been stored then, the same each time", () => {
        const line = rejected('{"n":1.10,\n"event_name":"now valid","client_id":"x"}');

        const results = [revalidate(line, eventSchema()), revalidate(line, eventSchema())];

        const expected = `{"n":1.10,"event_name":"now valid","event_time":"2026-01-31T12:00:00.000Z","received_at":"2026-01-31T12:00:00.000Z","batch_id":"${batchId}","client_id":"web"}\n`;
        assert.deepEqual(results, Array(2).fill({ index: 3, line: expected }));
    });

    for (const raw of ['{"event_name":""}', "[1,2]", "7", "{}", '{"user_id":"a","user_id":"b"}']) {
        it(`says what is still wrong with ${raw}`, () => {
            const result = revalidate(rejected(raw), eventSchema());

            assert.ok("issues" in result && result.issues.length > 0 && result.index === 3);
        });
    }

    it("names the object by the rejected object's key and the index, in the same partition", () => {
        const key = rejectedKey({ batchId, time: Date.UTC(2026, 0, 5, 7), tag: "0123456789abcdef" });

        const replayed = replayedKey(key, 3);

        assert.equal(key, `rejected/year=2026/month=01/day=05/hour=07/rejected_${batchId}-0123456789abcdef.json.gz`);
        assert.equal(
            replayed,
            `events/year=2026/month=01/day=05/hour=07/events_${batchId}-${shortHash(key, "3")}.json.gz`,
        );
        assert.notEqual(replayed, replayedKey(key, 4));
    });

    it("refuses a key that is none of a rejected object", () => {
        assert.throws(() => replayedKey("events/year=2026/x", 0), /not the key/);
    });
});
