import * as assert from "node:assert/strict";
import { startFaultyStack, type Containers } from "./support/faultyContainers";
import { orderClient } from "./support/orders";
import { startStack, type Stack } from "./support/stack";

describe("OrderService, when the local run ends while orders are open", function () {
    this.timeout(60_000);
    let stack: Stack;
    let containers: Containers;
    before(async () => {
        ({ stack, containers } = await startFaultyStack());
    });
    after(async () => {
        await stack.end();
    });

    it("brings every accepted order to an end at the next start: what ran, and what waited for a place", async () => {
        const before = orderClient(stack);
        const confirmed = await before.ended(await before.accepted());
        containers.fail({ faults: [{ kind: "hang", at: "finish" }] });
        // More than there are places for processes.
        const ids = await Promise.all(Array.from({ length: 24 }, () => before.accepted()));
        await before.until(ids[0], "processing");
        const open = (await before.all()).filter(({ status }) => status === "pending");
        await stack.end(true);
        containers.fail();

        stack = await startStack({ folder: containers.folder, stateFolder: stack.stateFolder });
        const client = orderClient(stack);
        const ended = await Promise.all(ids.map((id) => client.ended(id)));

        assert.ok(open.length > 0, "some waited");
        assert.deepEqual(await client.ended(confirmed.order_id), confirmed);
        for (const { status, reason, version } of ended) {
            assert.deepEqual([status, reason], ["failed", "The container was ended by the platform it ran on"]);
            assert.ok(version === 2 || version === 3, `${version}`);
        }
        assert.ok(ended.some(({ version }) => version === 3));
    });
});
