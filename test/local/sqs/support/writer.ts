import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { startSqs } from "./sqsServer";

/**
 * Sends messages for ever, eight at a time, and deletes every third; prints `+ body` when a message was acknowledged, `? body` before it is
 * deleted, and `- body` when that was acknowledged.
 */
async function main(dataDir: string): Promise<void> {
    const { client, queueUrl } = await startSqs({ dataDir });
    const QueueUrl = queueUrl();
    const lane = async (name: number) => {
        for (let index = 0; ; index++) {
            const MessageBody = `${name}-${index}`;
            await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
            process.stdout.write(`+ ${MessageBody}\n`);
            if (index % 3 > 0) continue;
            const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
            for (const { ReceiptHandle, Body } of Messages) {
                process.stdout.write(`? ${Body}\n`);
                await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
                process.stdout.write(`- ${Body}\n`);
            }
        }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => lane(name)));
}

void main(process.argv[2]);
