import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { readEnv } from "../shared/env";
import { count, type MetricsTarget } from "../shared/metrics";
import { batchHandler } from "../shared/sqsBatch";
import type { UploadBucket } from "./arrived";
import { copyVerified, removeTemporary } from "./copyVerified";
import { isDefect, publicReason } from "./defect";
import { MOST_DELIVERIES } from "./deliveries";
import { statusReporter, type StatusReporter } from "./reportStatus";
import { messageSchema, REQUEST_ID, type UploadQueue } from "./message";

/** Seconds until a message comes again after its first failed deliveries, so that a file does not wait long for what passes soon. */
const PAUSE_SECONDS = [10, 30, 90, 270];

/**
 * Moves files from where they arrived to where they stay: copies, verifies the copy, reports `completed`, and removes the temporary
 * object. Each step bears to be repeated, and the next delivery of a message finishes what was cut off.
 *
 * Reads `BUCKET`, `QUEUE_URL`, `UPDATE_STATUS_URL` and `METRICS_NAMESPACE`.
 */
export function promoteUploadFactory() {
    const env = readEnv({
        BUCKET: v.string(),
        QUEUE_URL: v.string(),
        UPDATE_STATUS_URL: v.string(),
        METRICS_NAMESPACE: v.string(),
    });
    const parts = {
        bucket: { client: new s3.S3Client({}), name: env.BUCKET },
        queue: { client: new sqs.SQSClient({}), url: env.QUEUE_URL },
        report: statusReporter(env.UPDATE_STATUS_URL),
        metrics: { namespace: env.METRICS_NAMESPACE, service: "UploadPipeline" },
    };
    const schema = messageSchema();
    return batchHandler((record) => deliver(record, schema, parts));
}

interface Parts {
    readonly bucket: UploadBucket;
    readonly queue: UploadQueue;
    readonly report: StatusReporter;
    readonly metrics: MetricsTarget;
}

type Message = v.InferOutput<ReturnType<typeof messageSchema>>;

async function deliver(record: SQSRecord, schema: ReturnType<typeof messageSchema>, parts: Parts): Promise<void> {
    const parsed = v.safeParse(schema, record.body);
    const requestId = record.messageAttributes[REQUEST_ID]?.stringValue ?? record.messageId;
    if (!parsed.success) {
        // Nobody's file: it can only become a dead letter, for people to look at.
        console.error({ requestId, messageId: record.messageId, error: "the message is not of this queue's shape" });
        throw new Error("The message is not of this queue's shape");
    }
    const message = parsed.output;
    try {
        await promote(message, requestId, parts);
    } catch (error) {
        await failed(error, record, message, requestId, parts);
        throw error;
    }
    count(parts.metrics, { FilesCompleted: 1 }, { requestId });
    console.info({ requestId, file: message.file_id, status: "completed" });
}

async function promote({ file_id, key_path, dest_path }: Message, requestId: string, parts: Parts): Promise<void> {
    const { report } = parts;
    const bucket = { ...parts.bucket, requestId };
    const begun = await report({ file_id, status: "processing" }, requestId);
    // Completed already: an earlier delivery was cut off before its last step.
    if (begun.status !== "completed") {
        begun.refuseUnlessAccepted();
        await copyVerified(bucket, key_path, dest_path);
        (await report({ file_id, status: "completed" }, requestId)).refuseUnlessAccepted();
    }
    await removeTemporary(bucket, key_path);
}

/** The last delivery tells the client why; a delivery that is cut off can't, and leaves it to what watches the dead letters. */
async function failed(
    error: unknown,
    { attributes, receiptHandle }: SQSRecord,
    { file_id }: Message,
    requestId: string,
    { queue, report, metrics }: Parts,
): Promise<void> {
    const delivery = Number(attributes.ApproximateReceiveCount);
    const { name, stack } = error as Error;
    const frames = isDefect(error) ? undefined : stack?.split("\n").filter((line) => line.startsWith("    at "));
    console.error({ requestId, file: file_id, delivery, error: { name, reason: publicReason(error), frames } });
    count(metrics, { DeliveriesFailed: 1 }, { requestId });
    const aftermath =
        delivery >= MOST_DELIVERIES
            ? report({ file_id, status: "error", details: publicReason(error) }, requestId)
            : queue.client.send(
                  new sqs.ChangeMessageVisibilityCommand({
                      QueueUrl: queue.url,
                      ReceiptHandle: receiptHandle,
                      VisibilityTimeout: PAUSE_SECONDS[delivery - 1],
                  }),
              );
    await aftermath.then(
        () => undefined,
        // The message comes again by itself, only later; and a dead letter without a report is found.
        (second: Error) => console.error({ requestId, file: file_id, aftermath: { error: second.name } }),
    );
}
