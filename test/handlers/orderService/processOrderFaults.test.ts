import * as assert from "node:assert/strict";
import { failOrder } from "../../../handlers/orderService/table/failOrder";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { now } from "./support/openOrder";
import { bothPrograms } from "./support/program";
import { programStage, storePending, variablesOf } from "./support/programStage";

bothPrograms("the container's program, when something breaks", (start) => {
    const stage = programStage();
    const run = (order: StoredOrder, task = "own", more: Record<string, string | undefined> = {}) =>
        start({ ...stage().variables(task), ...variablesOf(order), ...more });
    const failed = { exitCode: 1, signal: null };

    for (const [what, lost] of [
        ["taking", 1],
        ["finishing", 2],
    ] as const) {
        for (const fate of ["cut", "cut after"] as const) {
            it(`confirms the order when ${what} was ${fate} once`, async () => {
                const order = await storePending(stage());
                stage().proxies.intercept = ({ number }) => (number === lost ? fate : "forward");

                const program = run(order);

                assert.deepEqual(await program.ended, { exitCode: 0, signal: null });
                const { status, totalCents } = await now(stage().table, order);
                assert.deepEqual([status, totalCents], ["confirmed", 2100]);
            });
        }
    }

    for (const [what, from, status] of [
        ["before the order is taken", 1, "pending"],
        ["before its result is saved", 2, "processing"],
    ] as const) {
        it(`ends with exit code 1 when the table is gone ${what}, and tells nothing of the order`, async () => {
            const order = await storePending(stage());
            stage().proxies.intercept = ({ number }) => (number >= from ? "cut" : "forward");

            const program = run(order);

            assert.deepEqual(await program.ended, failed);
            const { time: _, ms: __, ...line } = program.lines.all.at(-1)!;
            const { requestId, orderId } = order;
            assert.deepEqual(line, { requestId, order: orderId, error: { name: "Refusal" } });
            assert.doesNotMatch(program.output(), /secret|tea|at .*:\d+/);
            assert.equal((await now(stage().table, order)).status, status);
        });
    }

    it("ends with exit code 1 on an order that cannot be computed, and tells nothing of it", async () => {
        const order = await storePending(stage(), [{ sku: "tea", quantity: 1.25, unit_price_cents: 1 }]);

        const program = run(order);

        assert.deepEqual(await program.ended, failed);
        assert.deepEqual(program.lines.all.at(-1)!.error, { name: "RangeError" });
        assert.doesNotMatch(program.output(), /1\.25|tea/);
        assert.equal((await now(stage().table, order)).status, "processing");
    });

    it("leaves an order failed that was given up while it was under way, and ends with exit code 1", async () => {
        const order = await storePending(stage());
        const giveUp = () =>
            failOrder(stage().table, order, "Too long", { when: "#version = :was", values: { was: 2 } });
        stage().proxies.intercept = async ({ number }) => {
            if (number === 2) {
                await giveUp();
            }
            return "forward" as const;
        };

        const program = run(order);

        assert.deepEqual(await program.ended, failed);
        assert.deepEqual(program.lines.all[0].error, { name: "GivenUpBefore" });
        const { status, reason } = await now(stage().table, order);
        assert.deepEqual([status, reason], ["failed", "Too long"]);
    });

    for (const [what, variables, error] of [
        ["neither a command nor a queue", { COMMAND: "" }, /neither those of a command are there, nor QUEUE_URL/],
        ["a number that is none", { COMMAND: "one" }, /neither those of a command are there, nor QUEUE_URL/],
        ["no table", { TABLE: undefined }, /TABLE is required/],
        ["a limit that is none", { MOST_CENTS: "many" }, /MOST_CENTS must be a whole number/],
        ["a limit beyond what numbers hold", { MOST_CENTS: "9007199254740992" }, /MOST_CENTS must be a whole number/],
    ] as const) {
        it(`ends with exit code 1 and says why when it gets ${what}`, async () => {
            const order = await storePending(stage());

            const program = run(order, "own", variables);

            assert.deepEqual(await program.ended, failed);
            assert.match(program.lines.all[0].error.message, error);
            assert.deepEqual(await now(stage().table, order), order);
        });
    }

    it("ends with exit code 1 when ECS does not tell its task, and takes nothing", async () => {
        const order = await storePending(stage());

        const program = run(order, "none");

        assert.deepEqual(await program.ended, failed);
        const [{ error, ...line }] = program.lines.all;
        assert.match(error.message, /answers 404/);
        assert.deepEqual([line.requestId, line.order], [order.requestId, order.orderId]);
        assert.deepEqual(await now(stage().table, order), order);
    });
});
