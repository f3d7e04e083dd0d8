import * as assert from "node:assert/strict";
import type { PlannedResource } from "../../../plan/types";
import { alarm, idleAlarm, policy, steps, target } from "./support/resources";
import { startScaling, type ScalingServer } from "./support/scalingServer";

const MINUTE = 60_000;

describe("Alarms that scale", () => {
    let server: ScalingServer | undefined;
    afterEach(() => server?.close());

    async function start(resources: readonly PlannedResource[], desiredCount = 0): Promise<ScalingServer> {
        server = undefined;
        server = await startScaling({ resources, desiredCount });
        return server;
    }

    it("act again once a minute while they ring, by a policy without cooldown", async () => {
        const { send, clock, desired } = await start([target(), policy("out"), alarm("out")]);
        await send(1);

        clock.pass(MINUTE);
        const first = await desired();
        clock.pass(1_000);

        assert.equal(first, 1);
        assert.equal(await desired(), 2);
    });

    it("ring above their threshold at so many looks as they have periods", async () => {
        const { send, clock, desired } = await start([target(), policy("out"), alarm("out", { evaluationPeriods: 3 })]);
        await send(1);

        clock.pass(2_000);
        const soon = await desired();
        clock.pass(1_000);

        assert.equal(soon, 0);
        assert.equal(await desired(), 1);
    });

    it("ring when as many of their periods are bad as they ask for", async () => {
        const some = idleAlarm("in", { datapointsToAlarm: 2, treatMissingData: "missing" });
        const none = { adjustmentType: "ExactCapacity", stepAdjustments: steps([undefined, 0, 0]) };
        const { clock, desired } = await start([target(), policy("in", none), some], 1);

        clock.pass(2 * MINUTE - 1_000);
        const soon = await desired();
        clock.pass(1_000);

        assert.equal(soon, 1);
        assert.equal(await desired(), 0);
    });

    it("do not ring for the time before they began to watch, unless missing data are said to be bad", async () => {
        const none = { adjustmentType: "ExactCapacity", stepAdjustments: steps([undefined, 0, 0]) };
        const first = await start([target(), policy("in", none), idleAlarm("in")], 1);
        first.clock.pass(2 * MINUTE);
        assert.equal(await first.desired(), 1);
        await first.close();

        const bad = idleAlarm("in", { treatMissingData: "breaching" });
        const { clock, desired } = await start([target(), policy("in", none), bad], 1);

        clock.pass(MINUTE);

        assert.equal(await desired(), 0);
    });

    it("set an exact number of tasks, between the bounds of the target", async () => {
        const exact = { adjustmentType: "ExactCapacity", stepAdjustments: steps([0, 1, 2], [1, undefined, 9]) };
        const { send, clock, desired } = await start([target(), policy("out", exact), alarm("out")]);
        await send(1);
        clock.pass(1_000);
        const first = await desired();
        await send(1);

        clock.pass(1_000);

        assert.equal(first, 2);
        assert.equal(await desired(), 3);
    });

    it("never take a service below the minimum of the target, which it has from the start", async () => {
        const all = { stepAdjustments: steps([undefined, 0, -5]) };
        const { clock, desired } = await start([target({ minCapacity: 1 }), policy("in", all), idleAlarm("in")]);
        const first = await desired();

        clock.pass(10 * MINUTE);

        assert.equal(first, 1);
        assert.equal(await desired(), 1);
    });

    it("take tasks away one cooldown after the other", async () => {
        const one = { cooldown: 180, stepAdjustments: steps([undefined, 0, -1]) };
        const { clock, desired } = await start([target(), policy("in", one), idleAlarm("in")], 3);
        const counts: number[] = [];

        for (const minutes of [3, 2, 1]) {
            clock.pass(minutes * MINUTE);
            counts.push(await desired());
        }

        assert.deepEqual(counts, [2, 2, 1]);
    });

    it("do nothing at a distance for which their policy has no step, or when their actions are off", async () => {
        const far = policy("far", { stepAdjustments: steps([5, undefined, 1]) });
        const off = alarm("off", { actionsEnabled: false });
        const { send, clock, desired } = await start([target(), far, alarm("far"), policy("off"), off]);
        await send(5);

        clock.pass(MINUTE);

        assert.equal(await desired(), 0);
    });

    it("are the only ones that are looked at: without them nothing waits for the clock", async () => {
        const other = alarm("other", { namespace: "AWS/Lambda", alarmActions: ["arn:aws:sns:us-east-1:1:topic"] });
        const { clock } = await start([target(), policy("out"), other]);

        assert.equal(clock.waiting, 0);
    });
});
