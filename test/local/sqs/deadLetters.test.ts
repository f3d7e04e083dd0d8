import * as assert from "node:assert/strict";
import {
    CancelMessageMoveTaskCommand,
    GetQueueAttributesCommand,
    ListDeadLetterSourceQueuesCommand,
    ListMessageMoveTasksCommand,
    ReceiveMessageCommand,
    SendMessageCommand,
    StartMessageMoveTaskCommand,
    type Message,
} from "@aws-sdk/client-sqs";
import {
    applyAll,
    arnOf,
    customerKey,
    part,
    queue,
    startSqs,
    until,
    withDeadLetters,
    type SqsServer,
} from "./support/sqsServer";

describe("SQS: dead letters", () => {
    let server: SqsServer;
    const start = async (resources = withDeadLetters(2)) => {
        server = await startSqs({ resources });
    };
    afterEach(() => server.close());
    const send = (MessageBody: string, name = "queue") =>
        server.client.send(new SendMessageCommand({ QueueUrl: server.queueUrl(name), MessageBody }));
    const receive = async (name = "queue", WaitTimeSeconds = 0): Promise<Message[]> => {
        const answer = await server.client.send(
            new ReceiveMessageCommand({
                QueueUrl: server.queueUrl(name),
                MessageSystemAttributeNames: ["All"],
                MaxNumberOfMessages: 10,
                VisibilityTimeout: 0,
                WaitTimeSeconds,
            }),
        );
        return answer.Messages ?? [];
    };
    const ready = async (name: string) => {
        const { Attributes } = await server.client.send(
            new GetQueueAttributesCommand({
                QueueUrl: server.queueUrl(name),
                AttributeNames: ["ApproximateNumberOfMessages"],
            }),
        );
        return Number(Attributes?.ApproximateNumberOfMessages);
    };
    /** Makes dead letters of messages: receives until none comes any more. */
    const kill = async (...bodies: string[]) => {
        for (const body of bodies) await send(body);
        await until("all are dead", async () => (await receive()).length === 0);
    };
    const move = (more: Partial<StartMessageMoveTaskCommand["input"]> = {}) =>
        server.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("dead"), ...more }));
    const tasks = async () =>
        (await server.client.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf("dead"), MaxResults: 10 })))
            .Results ?? [];
    const ended = async () => {
        await until(
            "the task has ended",
            async () => !["RUNNING", "CANCELLING"].includes(String((await tasks())[0].Status)),
        );
        return (await tasks())[0];
    };

    it("are moved by the receive that would exceed maxReceiveCount, with id, time of sending and source", async () => {
        await start();
        const { MessageId } = await send("poison");
        const received = [await receive(), await receive(), await receive()];

        const [letter] = await receive("dead");

        assert.deepEqual(
            received.map(({ length }) => length),
            [1, 1, 0],
        );
        assert.deepEqual([letter.MessageId, letter.Body], [MessageId, "poison"]);
        assert.equal(letter.Attributes?.SentTimestamp, received[0][0].Attributes?.SentTimestamp);
        assert.equal(letter.Attributes?.DeadLetterQueueSourceArn, arnOf("queue"));
        assert.equal(
            letter.Attributes?.ApproximateReceiveCount,
            "3",
            "counts in all queues, as the API Reference says",
        );
        assert.equal(await ready("queue"), 0);
    });

    it("leave the messages behind them alone", async () => {
        await start(withDeadLetters(1));
        await send("poison");
        await receive();
        await send("good");

        const [message] = await receive();

        assert.equal(message.Body, "good");
        assert.equal(await ready("dead"), 1);
    });

    it("wake those who wait at their queue", async () => {
        await start(withDeadLetters(1));
        await send("poison");
        await receive();
        const waiting = receive("dead", 20);

        assert.deepEqual(await receive(), []);
        assert.equal((await waiting)[0].Body, "poison");
    });

    it("age from the time they were first sent", async () => {
        await start([queue("dead", { messageRetentionSeconds: 60 }), ...withDeadLetters(1).slice(1)]);
        await kill("old");
        server.pass(50);
        const before = await ready("dead");
        server.pass(10);

        assert.deepEqual([before, await ready("dead")], [1, 0]);
    });

    const refused: [string, Record<string, unknown> | undefined][] = [
        ["is not declared", undefined],
        ["allows none", { redrivePermission: "denyAll" }],
        ["allows others only", { redrivePermission: "byQueue", sourceQueueArns: [arnOf("another")] }],
    ];
    for (const [what, policy] of refused) {
        it(`stop the start when their queue ${what}`, async () => {
            await start([queue("queue")]);
            const [, source] = withDeadLetters(1);
            const dead =
                policy === undefined
                    ? []
                    : [
                          queue("dead"),
                          part("redriveAllowPolicy", "dead", { redriveAllowPolicy: JSON.stringify(policy) }),
                      ];

            await assert.rejects(
                applyAll(server.sqs, [...dead, source]),
                /queue queue: Value \{.*\} for parameter RedrivePolicy is invalid\. Reason: (Dead letter target does not exist|The redrive allow policy)/,
            );
        });
    }

    it("may be sent to a queue that allows theirs by name, by resources of their own", async () => {
        const [dead, source] = withDeadLetters(1);
        const allow = { redrivePermission: "byQueue", sourceQueueArns: [arnOf("queue")] };
        await start([
            queue("queue"),
            dead,
            part("redrivePolicy", "queue", { redrivePolicy: source.inputs.redrivePolicy }),
            part("redriveAllowPolicy", "dead", { redriveAllowPolicy: JSON.stringify(allow) }),
        ]);
        await kill("x");

        const sources = await server.client.send(
            new ListDeadLetterSourceQueuesCommand({ QueueUrl: server.queueUrl("dead") }),
        );

        assert.equal(await ready("dead"), 1);
        assert.deepEqual(sources.queueUrls, [server.queueUrl("queue")]);
    });

    it("go back to where they came from, as new messages", async () => {
        await start();
        await kill("a", "b");
        const before = await receive("dead");

        await move();
        const task = await ended();
        const after = await receive();

        assert.deepEqual(
            [task.Status, task.ApproximateNumberOfMessagesMoved, task.ApproximateNumberOfMessagesToMove],
            ["COMPLETED", 2, 2],
        );
        assert.deepEqual(after.map(({ Body }) => Body).sort(), ["a", "b"]);
        assert.deepEqual(
            after.map(({ Attributes }) => Attributes?.ApproximateReceiveCount),
            ["1", "1"],
        );
        assert.ok(after.every(({ MessageId }) => !before.some((one) => one.MessageId === MessageId)));
        assert.ok(after.every(({ Attributes }) => Attributes?.DeadLetterQueueSourceArn === undefined));
        assert.equal(await ready("dead"), 0);
    });

    it("go to another queue when one is named", async () => {
        await start([...withDeadLetters(1), queue("elsewhere")]);
        await kill("a");

        await move({ DestinationArn: arnOf("elsewhere") });
        const { DestinationArn } = await ended();

        assert.equal(DestinationArn, arnOf("elsewhere"));
        assert.deepEqual([await ready("elsewhere"), await ready("queue"), await ready("dead")], [1, 0, 0]);
    });

    it("go back at the rate asked for, by one task at a time, until it is cancelled", async () => {
        await start();
        await kill("a", "b", "c");
        const { TaskHandle } = await move({ MaxNumberOfMessagesPerSecond: 1 });
        await until("one message is moved", async () => (await tasks())[0].ApproximateNumberOfMessagesMoved === 1);
        const [running] = await tasks();

        await assert.rejects(move(), {
            name: "InvalidParameterValue",
            message: /^There is already a task running\. Only one active task/,
        });
        await server.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
        const cancelled = await ended();

        assert.deepEqual([running.TaskHandle, running.MaxNumberOfMessagesPerSecond], [TaskHandle, 1]);
        assert.deepEqual([cancelled.Status, cancelled.ApproximateNumberOfMessagesMoved], ["CANCELLED", 1]);
        assert.deepEqual([await ready("queue"), await ready("dead")], [1, 2]);
        const again = server.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
        await assert.rejects(again, { name: "InvalidParameterValue", message: "Only active tasks can be cancelled." });
    });

    it("stay when nobody knows where they came from", async () => {
        await start();
        await send("not a dead letter", "dead");

        await move();
        const task = await ended();

        assert.deepEqual([task.Status, task.FailureReason], ["FAILED", "CouldNotDetermineMessageSource"]);
        assert.equal(await ready("dead"), 1);
    });

    it("are moved from a dead-letter queue only, to a queue that exists and is another one", async () => {
        await start();

        await assert.rejects(move({ SourceArn: arnOf("queue") }), {
            message: "Source queue must be configured as a Dead Letter Queue.",
        });
        await assert.rejects(move({ SourceArn: arnOf("none") }), { name: "ResourceNotFoundException" });
        await assert.rejects(move({ DestinationArn: arnOf("none") }), { name: "ResourceNotFoundException" });
        await assert.rejects(move({ DestinationArn: arnOf("dead") }), { name: "InvalidParameterValue" });
        await assert.rejects(move({ MaxNumberOfMessagesPerSecond: 501 }), { name: "InvalidParameterValue" });
        const cancel = server.client.send(new CancelMessageMoveTaskCommand({ TaskHandle: "none" }));
        await assert.rejects(cancel, { name: "ResourceNotFoundException", message: "Task does not exist." });
    });

    const permissions: [string, string][] = [
        ["StartMessageMoveTask", "dead"],
        ["ReceiveMessage", "dead"],
        ["DeleteMessage", "dead"],
        ["GetQueueAttributes", "dead"],
        ["SendMessage", "queue"],
    ];
    for (const [operation, name] of permissions) {
        it(`are not moved without sqs:${operation} on the ${name === "dead" ? "source" : "destination"}`, async () => {
            await start();
            await kill("x");
            server.deny = ({ action, resource }) => action === `sqs:${operation}` && resource === arnOf(name);

            await assert.rejects(move(), /AccessDenied|not authorized/);

            server.deny = () => false;
            assert.equal(await ready("dead"), 1);
        });
    }

    it("are not moved without the keys of both queues", async () => {
        const [dead, source] = withDeadLetters(1, { kmsMasterKeyId: customerKey });
        await start([{ ...dead, inputs: { ...dead.inputs, kmsMasterKeyId: customerKey } }, source]);
        await kill("x");
        for (const [action, name] of [
            ["kms:Decrypt", "dead"],
            ["kms:GenerateDataKey", "queue"],
            ["kms:Decrypt", "queue"],
        ]) {
            server.denyKey = (use) => use.action === action && use.encryptionContext["aws:sqs:arn"] === arnOf(name);
            await assert.rejects(move(), { name: "KmsAccessDenied" }, `${action} on ${name}`);
        }
    });
});
