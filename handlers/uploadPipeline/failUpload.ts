import * as sqs from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { openDatabase, type Database } from "../shared/database";
import { readEnv } from "../shared/env";
import { changeStatus } from "./database/changeStatus";
import { messageSchema, REQUEST_ID } from "./message";

/**
 * Looks through the dead letters, and makes `error` of the status of their files, where the worker could not say so itself.
 *
 * It leaves the messages where they are, for people to see and to send back: an event source mapping would delete what it has handled.
 * Reads `DEAD_LETTERS_URL` and `DATABASE` (`<host>:<port>`). To be invoked every minute.
 */
export function failUploadFactory() {
    const env = readEnv({ DEAD_LETTERS_URL: v.string(), DATABASE: v.string() });
    const client = new sqs.SQSClient({});
    const database = openDatabase({ address: env.DATABASE, user: "fail_upload" });
    const schema = messageSchema();
    return async (_event: unknown, context: Pick<Context, "getRemainingTimeInMillis">): Promise<{ failed: number }> => {
        const seen = new Set<string>();
        let failed = 0;
        while (context.getRemainingTimeInMillis() > RESERVE_MS) {
            const messages = await receive(client, env.DEAD_LETTERS_URL);
            const fresh = messages.filter(({ MessageId }) => !seen.has(MessageId!));
            if (fresh.length === 0) {
                break;
            }
            for (const message of fresh) {
                seen.add(message.MessageId!);
                failed += Number(await fail(message, schema, database));
            }
        }
        console.info({ deadLetters: seen.size, failed });
        return { failed };
    };
}

/** What is left when no more messages are asked for, in milliseconds. */
const RESERVE_MS = 8_000;

/** How long a message that was looked at stays hidden, in seconds: as long as this invocation may take. */
const HIDDEN_SECONDS = 30;

async function receive(client: sqs.SQSClient, url: string): Promise<sqs.Message[]> {
    const { Messages = [] } = await client.send(
        new sqs.ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: HIDDEN_SECONDS,
            // With a wait, SQS asks all its servers, not some.
            WaitTimeSeconds: 1,
            MessageAttributeNames: [REQUEST_ID],
        }),
    );
    return Messages;
}

/** @returns Whether the file's status was changed. */
async function fail(
    { Body, MessageId, MessageAttributes }: sqs.Message,
    schema: ReturnType<typeof messageSchema>,
    database: Database,
): Promise<boolean> {
    const requestId = MessageAttributes?.[REQUEST_ID]?.StringValue ?? MessageId!;
    const message = v.safeParse(schema, Body);
    if (!message.success) {
        console.warn({ requestId, messageId: MessageId, deadLetter: "not of the queue's shape" });
        return false;
    }
    const fileId = message.output.file_id;
    const details = "Moving the file was given up after several attempts";
    const outcome = await database.transaction((run) =>
        changeStatus(run, { fileId, to: "error", via: "processing", details, requestId }),
    );
    if (outcome.kind !== "repeated") {
        console.warn({ requestId, file: fileId, deadLetter: outcome.kind });
    }
    return outcome.kind === "changed";
}
