import * as sqs from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { commandSchema } from "../starting/queueStarter";
import { tryCommand, type Processing } from "./processCommand";

/** Seconds that a receive waits for messages; and messages at once, which are worked on together. */
const [WAIT_SECONDS, MOST_MESSAGES] = [20, 10];

/** How long a worker waits when the queue does not answer, in milliseconds. */
const PAUSE_MS = 2_000;

/**
 * Works off a queue of commands until it is told to end; what it has begun, it brings to its end. A message is deleted when its command is
 * done, and comes again otherwise; one that is no command becomes a dead letter.
 */
export async function work(queueUrl: string, processing: Processing, ending: AbortSignal): Promise<void> {
    const queue = openQueue(queueUrl);
    while (!ending.aborted) {
        const messages = await receive(queue, processing, ending);
        await Promise.all(messages.map((message) => handle(queue, message, processing)));
    }
    queue.client.destroy();
}

interface Queue {
    readonly client: sqs.SQSClient;
    readonly url: string;
}

function openQueue(url: string): Queue {
    const requestTimeout = (WAIT_SECONDS + 10) * 1000;
    const requestHandler = { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true };
    return { client: new sqs.SQSClient({ requestHandler }), url };
}

async function receive({ client, url }: Queue, { log }: Processing, ending: AbortSignal): Promise<sqs.Message[]> {
    try {
        const { Messages = [] } = await client.send(
            new sqs.ReceiveMessageCommand({
                QueueUrl: url,
                MaxNumberOfMessages: MOST_MESSAGES,
                WaitTimeSeconds: WAIT_SECONDS,
            }),
            { abortSignal: ending },
        );
        return Messages;
    } catch (error) {
        if (!ending.aborted) {
            log({ failed: "receiving", error: { name: (error as Error).name } });
            await pause(ending);
        }
        return [];
    }
}

async function handle(queue: Queue, message: sqs.Message, processing: Processing): Promise<void> {
    const { success, output: command } = v.safeParse(commandSchema(), message.Body);
    if (!success) {
        processing.log({ message: message.MessageId, failed: "it is no command" });
        return;
    }
    if (!(await tryCommand(command, processing))) {
        return;
    }
    try {
        const { url: QueueUrl, client } = queue;
        await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    } catch (error) {
        // It comes again, and then changes nothing.
        const { requestId, orderId: order } = command;
        processing.log({ requestId, order, failed: "deleting the message", error: { name: (error as Error).name } });
    }
}

function pause(ending: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const done = () => {
            clearTimeout(timer);
            ending.removeEventListener("abort", done);
            resolve();
        };
        const timer = setTimeout(done, PAUSE_MS);
        ending.addEventListener("abort", done);
    });
}
