import * as assert from "node:assert/strict";
import * as path from "node:path";
import { startHandler, type RunningHandler } from "../../support/invoke";
import { idInShard, now, openOrder, runOf } from "./support/openOrder";
import { sweepSource, sweepStage } from "./support/sweepStage";

const run = runOf("one");

describe("the sweep of orders while ECS does not answer", () => {
    const running: RunningHandler[] = [];
    const source = sweepSource("task");
    const { stage, table, sweep } = sweepStage(async (env) => {
        const module = path.resolve(__dirname, "../../..", source.module);
        running.push(await startHandler({ ...source, module }, env));
        return running.at(-1)!;
    });
    after(() => Promise.all(running.map(({ stop }) => stop())));

    it("waits neither for a start nor for a stop that ECS does not answer, and calls for somebody for the task", async () => {
        const [pending, hung] = [
            await openOrder(table(), { orderId: idInShard(3) }),
            await openOrder(table(), { orderId: idInShard(3), run }),
        ];
        stage().ecs.fates.push("hang", "hang");

        const { error, writes } = await sweep();

        assert.match(error!, /^1 order/);
        assert.ok(writes.some((line) => line.includes("notStarted: 1") && line.includes("failed: 1")));
        assert.equal((await now(table(), pending)).status, "pending");
        assert.equal((await now(table(), hung)).status, "failed");
    });
});
