import * as assert from "node:assert/strict";
import { systemClock } from "../../../local/services/events/clock";

describe("EventBridge: the machine's clock", () => {
    it("calls when a time has come and not before, at once for a time that is past, and not what was taken back", async () => {
        const clock = systemClock();
        const time = clock.now() + 30;
        const called: string[] = [];
        // The clock's own timers keep no process alive.
        const alive = setInterval(() => undefined, 1_000);
        const cancel = clock.at(time - 20, () => called.push("taken back"));
        clock.at(time - 1_000, () => called.push("past"));
        cancel();

        const at = await new Promise<number>((resolve) => clock.at(time, () => resolve(clock.now())));

        clearInterval(alive);
        assert.ok(at >= time, `${time - at} ms too early`);
        assert.deepEqual(called, ["past"]);
    });
});
