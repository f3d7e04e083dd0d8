import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { LOST_SECONDS } from "../../../handlers/orderService/sweepRules";
import { inSeconds } from "../../../handlers/orderService/sweepRules";
import { changeOrder } from "../../../handlers/orderService/table/changeOrder";
import { deleteOrder } from "../../../handlers/orderService/table/deleteOrder";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { readOrder } from "../../../handlers/orderService/table/readOrder";
import { takeOrder } from "../../../handlers/orderService/table/takeOrder";
import { atOnce, newGate } from "./support/gates";
import { commandOf, now, runOf } from "./support/openOrder";
import { bothPrograms } from "./support/program";
import { programStage, storePending, variablesOf } from "./support/programStage";

bothPrograms("the container's program with one command", (start) => {
    const stage = programStage();
    const run = (order: StoredOrder, task?: string, more: Record<string, string> = {}) =>
        start({ ...stage().variables(task), ...variablesOf(order), ...more });
    const ordinary = { exitCode: 0, signal: null };

    it("confirms an order with its total, and says so in one line with the id of the request", async () => {
        const order = await storePending(stage());

        const program = run(order);

        assert.deepEqual(await program.ended, ordinary);
        const { status, totalCents, reason, dueAt, version, ...found } = await now(stage().table, order);
        assert.deepEqual([status, totalCents, reason, dueAt, version], ["confirmed", 2100, undefined, undefined, 3]);
        assert.deepEqual([found.run, found.input], [runOf("own"), order.input]);
        const [{ time, ms, ...line }, ...others] = program.lines.all;
        assert.deepEqual([line, others], [{ requestId: order.requestId, order: order.orderId, status }, []]);
        assert.ok(Date.parse(time) > 0 && ms >= 0);
    });

    it("rejects an order with the same sku twice, which it names, and no total", async () => {
        const item = { sku: "tea", quantity: 1, unit_price_cents: 1 };
        const order = await storePending(stage(), [item, { ...item, sku: "cup" }, item]);

        assert.deepEqual(await run(order).ended, ordinary);

        const { status, reason, totalCents, dueAt } = await now(stage().table, order);
        assert.deepEqual([status, totalCents, dueAt], ["rejected", undefined, undefined]);
        assert.match(reason!, /^Items tea /);
    });

    for (const [what, quantity, cents, mostCents, status] of [
        ["confirms a total at", 2, 500_000, 1_000_000, "confirmed"],
        ["rejects a total one cent over", 1, 1_000_001, 1_000_000, "rejected"],
        ["rejects a total beyond what numbers hold, and over", 10_000, 2 ** 53 - 1, 2 ** 53 - 1, "rejected"],
    ] as const) {
        it(`${what} the limit`, async () => {
            const order = await storePending(stage(), [{ sku: "tea", quantity, unit_price_cents: cents }]);

            assert.deepEqual(await run(order, "own", { MOST_CENTS: String(mostCents) }).ended, ordinary);

            const found = await now(stage().table, order);
            const total = status === "confirmed" ? mostCents : undefined;
            assert.deepEqual([found.status, found.totalCents], [status, total]);
        });
    }

    it("changes nothing the second time, in whatever task", async () => {
        const order = await storePending(stage());
        await run(order).ended;
        const before = await now(stage().table, order);

        for (const task of ["own", "other"]) {
            const program = run(order, task);
            assert.deepEqual(await program.ended, ordinary);
            assert.equal(program.lines.all[0].skipped, "confirmed");
        }

        assert.deepEqual(await now(stage().table, order), before);
    });

    it("lets one of two containers take a command that both have at once", async () => {
        const order = await storePending(stage());
        const both = atOnce(2);
        stage().proxies.intercept = ({ number }) => (number <= 2 ? both() : "forward");

        const programs = ["one", "two"].map((task) => run(order, task));

        for (const { ended } of programs) {
            assert.deepEqual(await ended, ordinary);
        }
        const lines = programs.map(({ lines }) => lines.all[0]);
        assert.equal(lines.filter(({ status }) => status === "confirmed").length, 1);
        assert.equal(lines.filter(({ skipped }) => skipped !== undefined).length, 1);
        const { status, version } = await now(stage().table, order);
        assert.deepEqual([status, version], ["confirmed", 3]);
    });

    it("leaves the newer command of an order alone", async () => {
        const order = await storePending(stage());
        const { changed } = await changeOrder(stage().table, order, {
            ...{ status: "pending", dueAt: inSeconds(60), count: ["command"] },
            ...{ when: "#version = :was", values: { was: 1 } },
        });
        assert.ok(changed);
        const before = await now(stage().table, order);

        const program = run(order);

        assert.deepEqual(await program.ended, ordinary);
        assert.equal(program.lines.all[0].skipped, "pending");
        assert.deepEqual(await now(stage().table, order), before);
    });

    it("does not bring a deleted order back", async () => {
        const order = await storePending(stage());
        await deleteOrder(stage().table, order, "r-delete");

        const program = run(order);

        assert.deepEqual(await program.ended, ordinary);
        assert.equal(program.lines.all[0].skipped, "deleted");
        assert.equal(await readOrder(stage().table, order), undefined);
    });

    it("leaves the order to the sweep when it is killed with it", async () => {
        const order = await storePending(stage());
        const finish = newGate();
        stage().proxies.intercept = ({ number }) => (number === 2 ? finish.pass() : "forward");

        const program = run(order);
        await finish.reached;
        const taken = await now(stage().table, order);
        program.signal("SIGKILL");

        assert.deepEqual(await program.ended, { exitCode: null, signal: "SIGKILL" });
        assert.deepEqual([taken.status, taken.run], ["processing", runOf("own")]);
        const ahead = Date.parse(taken.dueAt!) - Date.now();
        assert.ok(ahead > (LOST_SECONDS - 20) * 1000 && ahead <= LOST_SECONDS * 1000, `${ahead} ms`);
    });

    it("lets nobody take an order from the task that died with it, but that task itself", async () => {
        const order = await storePending(stage());
        await takeOrder(stage().table, { ...commandOf(order), run: runOf("own") });

        await run(order, "other").ended;
        const left = await now(stage().table, order);
        await run(order, "own").ended;

        assert.deepEqual([left.status, left.run], ["processing", runOf("own")]);
        assert.equal((await now(stage().table, order)).status, "confirmed");
    });

    it("brings the order to its end when SIGTERM comes while it is under way", async () => {
        const order = await storePending(stage());
        const finish = newGate();
        stage().proxies.intercept = ({ number }) => (number === 2 ? finish.pass() : "forward");

        const program = run(order);
        await finish.reached;
        program.signal("SIGTERM");
        await program.lines.next(({ signal }) => signal === "SIGTERM");
        finish.open();

        assert.deepEqual(await program.ended, ordinary);
        assert.equal((await now(stage().table, order)).status, "confirmed");
    });

    it("takes no order any more when SIGTERM came before", async () => {
        const order = await storePending(stage());
        const metadata = newGate();
        stage().metadata.before = async () => void (await metadata.pass());

        const program = run(order);
        await metadata.reached;
        program.signal("SIGTERM");
        await program.lines.next(({ signal }) => signal === "SIGTERM");
        metadata.open();

        assert.deepEqual(await program.ended, ordinary);
        assert.equal(program.lines.all[1].skipped, "SIGTERM");
        assert.deepEqual(await now(stage().table, order), order);
    });

    it("shows the container's health check that it lives", async () => {
        const program = run(await storePending(stage()));
        await program.ended;

        assert.ok(fs.existsSync(path.join(program.temporary, "heartbeat")));
    });
});
