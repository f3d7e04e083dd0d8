import * as assert from "node:assert/strict";
import * as sqs from "@aws-sdk/client-sqs";
import type { StoredOrder } from "../../../handlers/orderService/table/orderTable";
import { startSqs, until, withDeadLetters, type SqsServer } from "../../local/sqs/support/sqsServer";
import { newGate } from "./support/gates";
import { commandOf, now, runOf } from "./support/openOrder";
import { bothPrograms, type RunningProgram } from "./support/program";
import { programStage, storePending } from "./support/programStage";

bothPrograms("the container's program with a queue", (start) => {
    const stage = programStage();
    let queue: SqsServer;
    beforeEach(async () => {
        queue = await startSqs({ resources: withDeadLetters(2, { visibilityTimeoutSeconds: HIDDEN_SECONDS }) });
    });
    afterEach(() => queue.close());
    const run = () => start({ ...stage().variables(), AWS_ENDPOINT_URL_SQS: queue.url, QUEUE_URL: queue.queueUrl() });
    const send = (body: string | StoredOrder) =>
        queue.client.send(
            new sqs.SendMessageCommand({
                QueueUrl: queue.queueUrl(),
                MessageBody: typeof body === "string" ? body : JSON.stringify(commandOf(body)),
            }),
        );
    const asked = (action: string, times = 1) =>
        until(action, () => queue.questions.filter((question) => question.action === `sqs:${action}`).length >= times);
    const stop = async (program: RunningProgram) => {
        program.signal("SIGTERM");
        assert.deepEqual(await program.ended, { exitCode: 0, signal: null });
    };
    /** Messages that are there once none is hidden any more. */
    const left = async (name = "queue") => {
        queue.pass(HIDDEN_SECONDS + 1);
        const command = { QueueUrl: queue.queueUrl(name), MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
        const { Messages = [] } = await queue.client.send(new sqs.ReceiveMessageCommand(command));
        return Messages.map(({ Body }) => Body);
    };
    const statuses = async (orders: readonly StoredOrder[]) =>
        Promise.all(orders.map(async (order) => (await now(stage().table, order)).status));

    it("brings orders to their end, those that wait and those that come, and deletes their messages", async () => {
        const orders = [await storePending(stage()), await storePending(stage()), await storePending(stage())];
        await send(orders[0]);
        await send(orders[1]);

        const program = run();
        await asked("DeleteMessage", 2);
        await send(orders[2]);
        await asked("DeleteMessage", 3);
        await stop(program);

        assert.deepEqual(await statuses(orders), ["confirmed", "confirmed", "confirmed"]);
        assert.deepEqual(await left(), []);
        const line = program.lines.all.find(({ order }) => order === orders[2].orderId)!;
        assert.deepEqual([line.requestId, line.status], [orders[2].requestId, "confirmed"]);
        assert.equal((await now(stage().table, orders[0])).run, runOf("own"));
    });

    it("processes ten orders at once", async () => {
        const orders = await Promise.all(Array.from({ length: 10 }, () => storePending(stage())));
        const all = newGate();
        stage().proxies.intercept = all.pass;
        for (const order of orders) {
            await send(order);
        }

        const program = run();
        await until("ten calls", () => stage().proxies.calls.length === 10);
        all.open();
        await asked("DeleteMessage", 10);
        await stop(program);

        assert.deepEqual(new Set(await statuses(orders)), new Set(["confirmed"]));
    });

    it("deletes the message of a command that is done already, and changes nothing", async () => {
        const order = await storePending(stage());
        await send(order);
        await send(order);

        const program = run();
        await asked("DeleteMessage", 2);
        await stop(program);

        const { status, dueAt } = await now(stage().table, order);
        assert.deepEqual([status, dueAt], ["confirmed", undefined]);
        assert.deepEqual(await left(), []);
    });

    it("leaves what is no command to the dead letters, without its text in the log, and goes on", async () => {
        const order = await storePending(stage());
        const poison = ["{secret", '{"orderId":"secret"}', JSON.stringify({ ...commandOf(order), command: "1" })];
        for (const body of poison) {
            await send(body);
        }

        const program = run();
        await until("three lines", () => noCommands(program).length === 3);
        queue.pass(HIDDEN_SECONDS + 1);
        await send(order);
        await until("six lines", () => noCommands(program).length === 6);
        await asked("DeleteMessage");
        await stop(program);

        assert.equal((await now(stage().table, order)).status, "confirmed");
        assert.doesNotMatch(program.output(), /secret/);
        assert.deepEqual(await left(), []);
        assert.deepEqual((await left("dead")).sort(), [...poison].sort());
    });

    it("leaves the message of an order that it could not save, and saves it when the message comes again", async () => {
        const order = await storePending(stage());
        let gone = true;
        stage().proxies.intercept = () => (gone ? "cut" : "forward");
        await send(order);

        const program = run();
        await program.lines.next(({ error, order: id }) => error?.name === "Refusal" && id === order.orderId);
        gone = false;
        queue.pass(HIDDEN_SECONDS + 1);
        await asked("DeleteMessage");
        await stop(program);

        assert.equal((await now(stage().table, order)).status, "confirmed");
        assert.deepEqual(await left(), []);
    });

    it("goes on after the queue did not answer, and when a message could not be deleted", async () => {
        const order = await storePending(stage());
        let refused = 0;
        queue.deny = ({ action }) => ["sqs:ReceiveMessage", "sqs:DeleteMessage"][refused] === action && ++refused > 0;
        await send(order);

        const program = run();
        await program.lines.next(({ failed }) => failed === "receiving");
        await program.lines.next(({ failed }) => failed === "deleting the message");
        queue.pass(HIDDEN_SECONDS + 1);
        await asked("DeleteMessage", 2);
        await stop(program);

        const { status, version } = await now(stage().table, order);
        assert.deepEqual([status, version], ["confirmed", 3]);
        assert.deepEqual(await left(), []);
    });

    it("brings the order under way to its end at SIGTERM, and receives no other", async () => {
        const orders = [await storePending(stage()), await storePending(stage())];
        const finish = newGate();
        stage().proxies.intercept = ({ number }) => (number === 2 ? finish.pass() : "forward");
        await send(orders[0]);

        const program = run();
        await finish.reached;
        program.signal("SIGTERM");
        await program.lines.next(({ signal }) => signal === "SIGTERM");
        await send(orders[1]);
        finish.open();

        assert.deepEqual(await program.ended, { exitCode: 0, signal: null });
        assert.deepEqual(await statuses(orders), ["confirmed", "pending"]);
        assert.deepEqual(await left(), [JSON.stringify(commandOf(orders[1]))]);
    });

    it("ends at once at SIGTERM while it waits for messages", async () => {
        const program = run();
        await asked("ReceiveMessage");
        const started = performance.now();

        await stop(program);

        assert.ok(performance.now() - started < 5_000);
    });

    it("has the message come again when it is killed with an order", async () => {
        const order = await storePending(stage());
        const finish = newGate();
        stage().proxies.intercept = ({ number }) => (number === 2 ? finish.pass() : "forward");
        await send(order);

        const program = run();
        await finish.reached;
        program.signal("SIGKILL");
        await program.ended;

        assert.deepEqual(await left(), [JSON.stringify(commandOf(order))]);
    });
});

const HIDDEN_SECONDS = 30;

const noCommands = ({ lines }: RunningProgram) => lines.all.filter(({ failed }) => failed === "it is no command");
