import * as sqs from "@aws-sdk/client-sqs";
import type { Database } from "../shared/database";
import { unavailable } from "../shared/refusal";
import type { StoredFile } from "./database/files";
import { noteQueued, releaseClaim } from "./database/queueing";
import { REQUEST_ID, type UploadQueue } from "./message";
import { destinationKey, temporaryKey } from "./objectKeys";

/**
 * Puts a file into the queue, whose claim the caller has, and notes it.
 *
 * @param requestId Id of the request that causes it.
 * @throws A refusal with status 503 when the queue does not take the message; the claim is free then.
 */
export async function sendToQueue(
    { client, url }: UploadQueue,
    database: Database,
    file: StoredFile,
    requestId: string,
): Promise<void> {
    const message = { key_path: temporaryKey(file), file_id: file.fileId, dest_path: destinationKey(file) };
    try {
        await client.send(
            new sqs.SendMessageCommand({
                QueueUrl: url,
                MessageBody: JSON.stringify(message),
                MessageAttributes: { [REQUEST_ID]: { DataType: "String", StringValue: requestId } },
            }),
        );
    } catch (error) {
        const { name, $metadata } = error as sqs.SQSServiceException;
        console.error({ requestId, file: file.fileId, error: { name, status: $metadata?.httpStatusCode } });
        await database.transaction((run) => releaseClaim(run, file.fileId));
        throw unavailable("The file arrived, but could not be queued; confirm it again");
    }
    await database.transaction((run) => noteQueued(run, file.fileId));
}
