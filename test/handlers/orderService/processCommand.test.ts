import * as assert from "node:assert/strict";
import { tryCommand } from "../../../handlers/orderService/processing/processCommand";
import { orderTable, type StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { until } from "../../local/sqs/support/sqsServer";
import { newGate } from "./support/gates";
import { commandOf, now, runOf } from "./support/openOrder";
import { programStage, storePending } from "./support/programStage";
import { withVariables } from "./support/variables";

describe("a command's time limit", () => {
    const stage = programStage();
    withVariables(() => stage().variables());
    const lines: object[] = [];
    const sent: Promise<unknown>[] = [];
    beforeEach(() => {
        lines.length = 0;
        sent.length = 0;
    });
    const process = (order: StoredOrder, seconds: number) => {
        const { name, send } = orderTable("orders", () => {});
        const watched = (command: Parameters<typeof send>[0]) => {
            const answer = send(command);
            sent.push(answer);
            return answer;
        };
        return tryCommand(commandOf(order), {
            table: { name, send: watched as typeof send },
            ...{ run: runOf("own"), mostCents: 10_000, log: (line) => lines.push(line), seconds },
        });
    };

    it("makes an order fail whose result is not saved in time, and then lets no result be saved", async () => {
        const order = await storePending(stage());
        const finish = newGate();
        stage().proxies.intercept = ({ number }) => (number === 2 ? finish.pass() : "forward");

        const done = await process(order, 0.3);
        const failed = await now(stage().table, order);
        finish.open();
        await Promise.allSettled(sent);

        const { status, reason, totalCents, dueAt } = failed;
        assert.deepEqual([done, status, reason], [false, "failed", "The order took longer than 0.3 seconds"]);
        assert.deepEqual([totalCents, dueAt], [undefined, undefined]);
        assert.equal(sent.length, 3);
        assert.deepEqual(await now(stage().table, order), failed);
        assert.match(JSON.stringify(lines), /TookTooLong/);
    });

    it("leaves an order pending that is not taken in time, and processed when it is taken after all", async () => {
        const order = await storePending(stage());
        const take = newGate();
        stage().proxies.intercept = ({ number }) => (number === 1 ? take.pass() : "forward");

        const done = await process(order, 0.3);
        const pending = await now(stage().table, order);
        take.open();

        assert.equal(done, false);
        assert.deepEqual(pending, order);
        await until("confirmed", async () => (await now(stage().table, order)).status === "confirmed");
    });

    it("is none to an order that is quick", async () => {
        const order = await storePending(stage());

        assert.equal(await process(order, 10), true);
        assert.equal((await now(stage().table, order)).status, "confirmed");
    });
});
