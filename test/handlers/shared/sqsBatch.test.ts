import * as assert from "node:assert/strict";
import type { SQSRecord } from "aws-lambda";
import { batchHandler } from "../../../handlers/shared/sqsBatch";

describe("a batch of messages", () => {
    const records = (...ids: string[]) => ids.map((messageId) => ({ messageId, body: messageId }) as SQSRecord);

    it("is done when every message is", async () => {
        const handled: string[] = [];
        const handler = batchHandler(async ({ body }) => void handled.push(body));

        const response = await handler({ Records: records("a", "b") });

        assert.deepEqual(response, { batchItemFailures: [] });
        assert.deepEqual(handled, ["a", "b"]);
    });

    it("names the messages that failed, in their order, and handles all others", async () => {
        const handled: string[] = [];
        const handler = batchHandler(async ({ body }) => {
            if (body.startsWith("bad")) {
                throw new Error(body);
            }
            handled.push(body);
        });

        const response = await handler({ Records: records("bad-1", "a", "bad-2", "b") });

        assert.deepEqual(response, { batchItemFailures: [{ itemIdentifier: "bad-1" }, { itemIdentifier: "bad-2" }] });
        assert.deepEqual(handled, ["a", "b"]);
    });

    it("is answered only when the slowest message is done, also after another failed", async () => {
        let finish = () => {};
        const slow = new Promise<void>((resolve) => (finish = resolve));
        const handler = batchHandler(({ body }) => (body === "slow" ? slow : Promise.reject(new Error("bad"))));

        let answered = false;
        const response = handler({ Records: records("bad", "slow") }).then((value) => {
            answered = true;
            return value;
        });
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(answered, false);
        finish();

        assert.deepEqual(await response, { batchItemFailures: [{ itemIdentifier: "bad" }] });
    });

    it("may hold nothing", async () => {
        assert.deepEqual(await batchHandler(() => Promise.reject(new Error("none")))({ Records: [] }), {
            batchItemFailures: [],
        });
    });
});
