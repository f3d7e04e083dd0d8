import * as assert from "node:assert/strict";
import { alarm, idleAlarm, policy, steps, target } from "./support/resources";
import { startScaling, type ScalingServer } from "./support/scalingServer";

const MINUTE = 60_000;

/** A task at the first message, two from 11 on, four from 21 on; none after three minutes without a message. */
const scaled = [
    target(),
    policy("out", { cooldown: 120, stepAdjustments: steps([0, 10, 1], [10, 20, 2], [20, undefined, 4]) }),
    alarm("out"),
    policy("in", { adjustmentType: "ExactCapacity", stepAdjustments: steps([undefined, 0, 0]) }),
    idleAlarm("in"),
];

describe("Application Auto Scaling on the depth of a queue", () => {
    let server: ScalingServer;

    beforeEach(async () => {
        server = await startScaling({ resources: scaled });
    });
    afterEach(() => server.close());

    it("starts a task within a second of the first message, and none before", async () => {
        server.clock.pass(10 * MINUTE);
        assert.equal(await server.desired(), 0);
        await server.send(1);

        server.clock.pass(1_000);

        const { group } = await server.ecs.events.next(({ lastStatus }) => lastStatus === "RUNNING");
        assert.equal(group, "service:web");
        assert.equal(await server.desired(), 1);
        assert.deepEqual(server.printed, [
            "(service web) Successfully set desired count to 1. Cause: monitor alarm out in state ALARM triggered policy out",
        ]);
    });

    it("starts as many tasks as the step of the depth says, and never more than the target's maximum", async () => {
        await server.send(20);
        server.clock.pass(1_000);
        const inSecondStep = await server.desired();
        await server.send(1);

        server.clock.pass(30 * MINUTE);

        assert.equal(inSecondStep, 2);
        assert.equal(await server.desired(), 3);
        const running = new Set<string>();
        await server.ecs.events.next(
            ({ lastStatus, taskArn }) => lastStatus === "RUNNING" && running.add(taskArn).size === 3,
        );
    });

    it("in a cooldown adds only what a larger step adds more, and after it adds again for the messages that still wait", async () => {
        await server.send(1);
        server.clock.pass(60_000);
        const inCooldown = await server.desired();
        await server.send(10);
        server.clock.pass(1_000);
        const larger = await server.desired();
        await server.receive(10);

        server.clock.pass(119_000);
        const inItsCooldown = await server.desired();
        server.clock.pass(MINUTE);

        assert.deepEqual([inCooldown, larger, inItsCooldown], [1, 2, 2]);
        assert.equal(await server.desired(), 3);
    });

    it("ends all tasks when no message waited or was in flight for as long as declared, and not a second before", async () => {
        await server.send(1);
        server.clock.pass(1_000);
        const { taskArn } = await server.ecs.events.next(({ lastStatus }) => lastStatus === "RUNNING");
        const handles = await server.receive(1);
        server.clock.pass(30 * MINUTE);
        const inFlight = await server.desired();
        await server.delete(handles);

        server.clock.pass(3 * MINUTE - 1_000);
        const soon = await server.desired();
        server.clock.pass(1_000);

        assert.deepEqual([inFlight, soon], [1, 1]);
        assert.equal(await server.desired(), 0);
        assert.equal((await server.ecs.stopped({ taskArn })).stopCode, "ServiceSchedulerInitiated");
    });

    it("counts the idle time anew from each message", async () => {
        await server.send(1);
        server.clock.pass(1_000);
        await server.delete(await server.receive(1));
        server.clock.pass(MINUTE);
        await server.send(1);
        server.clock.pass(1_000);
        await server.delete(await server.receive(1));

        server.clock.pass(3 * MINUTE - 1_000);
        const soon = await server.desired();
        server.clock.pass(1_000);

        assert.equal(soon, 1);
        assert.equal(await server.desired(), 0);
    });

    it("starts tasks anew after it ended them", async () => {
        await server.send(1);
        server.clock.pass(1_000);
        await server.delete(await server.receive(1));
        server.clock.pass(3 * MINUTE);
        const idle = await server.desired();
        await server.send(1);

        server.clock.pass(1_000);

        assert.equal(idle, 0);
        assert.equal(await server.desired(), 1);
    });

    it("does not take the time in which the machine slept for one without messages", async () => {
        await server.send(1);
        server.clock.pass(1_000);
        await server.delete(await server.receive(1));
        server.clock.jump(10 * MINUTE);

        server.clock.pass(MINUTE);

        assert.equal(await server.desired(), 1);
    });

    it("looks by the machine's clock, unless told otherwise", async () => {
        const other = await startScaling({ resources: scaled, lookMs: 5 });
        await other.send(1);

        await other.ecs.events.next(({ lastStatus }) => lastStatus === "RUNNING");

        assert.equal(await other.desired(), 1);
        await other.close();
    });

    it("looks no more after close", async () => {
        await server.scaling.close();

        assert.equal(server.clock.waiting, 0);
    });
});
