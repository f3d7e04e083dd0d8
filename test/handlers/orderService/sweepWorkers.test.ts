import * as assert from "node:assert/strict";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { inSeconds, START_RULES } from "../../../handlers/orderService/sweepRules";
import { bothForms } from "../../support/bothForms";
import { startSqs, type SqsServer } from "../../local/sqs/support/sqsServer";
import { commandOf, makeDue, now, openOrder, runOf } from "./support/openOrder";
import { nothing, stopsOf, sweepSource, sweepStage } from "./support/sweepStage";

const { mostAttempts, againAfterSeconds } = START_RULES.worker;

bothForms("the sweep of orders that workers process", sweepSource("worker"), (start) => {
    let sqs: SqsServer;
    before(async () => {
        sqs = await startSqs();
    });
    const { stage, table, sweep, sweepTwice } = sweepStage(start, () => ({
        AWS_ENDPOINT_URL_SQS: sqs.url,
        QUEUE_URL: sqs.queueUrl(),
    }));
    beforeEach(() => {
        sqs.deny = () => false;
    });
    after(() => sqs.close());
    /** Bodies of the messages that came since the last time. */
    const messages = async () => {
        const receive = new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl(), MaxNumberOfMessages: 10 });
        const { Messages = [] } = await sqs.client.send(receive);
        return Messages.map(({ Body }) => JSON.parse(Body!));
    };

    it("queues an order again that no worker took in time, and gives it time anew", async () => {
        const order = await openOrder(table());
        const earliest = inSeconds(againAfterSeconds).toISOString();

        const { result, error } = await sweep();

        assert.deepEqual([result, error], [{ ...nothing, started: 1 }, undefined]);
        assert.deepEqual(await messages(), [{ ...commandOf(order), attempt: 2 }]);
        const { status, attempt, dueAt } = await now(table(), order);
        assert.deepEqual([status, attempt], ["pending", 2]);
        assert.ok(dueAt! >= earliest);
        assert.deepEqual(stage().ecs.requests, []);
    });

    it("queues an order once, though two sweeps run at the same time", async () => {
        await openOrder(table());

        const both = await sweepTwice();

        assert.deepEqual(both.map(({ result }) => result.started).sort(), [0, 1]);
        assert.equal((await messages()).length, 1);
    });

    it("queues an order at a later sweep that the queue did not take at this one", async () => {
        const order = await openOrder(table());
        sqs.deny = ({ action }) => action === "sqs:SendMessage";

        const first = await sweep();
        sqs.deny = () => false;
        await makeDue(table(), order);
        const second = await sweep();

        assert.deepEqual(
            [first.result, second.result],
            [
                { ...nothing, notStarted: 1 },
                { ...nothing, started: 1 },
            ],
        );
        assert.deepEqual(await messages(), [{ ...commandOf(order), attempt: 3 }]);
    });

    it("makes an order fail that was queued as often as is allowed", async () => {
        const order = await openOrder(table(), { attempt: mostAttempts });

        assert.deepEqual((await sweep()).result, { ...nothing, failed: 1 });

        assert.equal((await now(table(), order)).status, "failed");
        assert.deepEqual(await messages(), []);
    });

    it("makes the orders fail of a worker that hangs, and stops it", async () => {
        const run = runOf("worker");
        const orders = [await openOrder(table(), { run }), await openOrder(table(), { run: runOf("other") })];

        const { result } = await sweep();

        assert.deepEqual(result, { ...nothing, failed: 2, stopped: 2 });
        for (const order of orders) {
            assert.equal((await now(table(), order)).status, "failed");
        }
        assert.deepEqual(
            stopsOf(stage().ecs)
                .map(({ task }) => task)
                .sort(),
            [run, runOf("other")].sort(),
        );
    });
});
