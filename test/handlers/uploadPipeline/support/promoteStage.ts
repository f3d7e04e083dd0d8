import * as crypto from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { Status } from "../../../../handlers/uploadPipeline/statuses";
import { startSqs, withDeadLetters, type SqsServer } from "../../../local/sqs/support/sqsServer";
import { startS3, type S3Server } from "../../../support/s3Server";
import type { RawInvocation, RunningHandler } from "../../../support/invoke";
import type { StartHandler } from "../../../support/bothForms";
import { startProxies, type Proxies } from "./proxies";
import { startStatusApi, type StatusApi } from "./statusApi";

/** What the worker works with, behind proxies; the servers are new for each test. */
export interface PromoteStage {
    readonly s3: S3Server;
    readonly sqs: SqsServer;
    readonly api: StatusApi;
    readonly proxies: Proxies<"s3" | "sqs" | "api">;
    /** Variables of the worker. */
    readonly env: Readonly<Record<string, string>>;
    /** Invokes the worker as an event source mapping does: what it does not name as failed is deleted. */
    deliver(records: readonly SQSRecord[]): Promise<RawInvocation & { readonly failed: string[] }>;
    stop(): Promise<void>;
}

/** Starts the worker once for the suite, and all else anew for each test. Answers a function that gives what is there now. */
export function promoteStage(start: StartHandler): () => PromoteStage {
    let stage: PromoteStage;
    let worker: RunningHandler;
    const now: { s3?: S3Server; sqs?: SqsServer } = {};
    before(async () => {
        const api = await startStatusApi();
        const proxies = await startProxies({
            s3: { url: () => now.s3!.url, label: s3Label },
            sqs: { url: () => now.sqs!.url, label: (request) => String(request.headers["x-amz-target"]).split(".")[1] },
            api: { url: () => api.url, label: (_, body) => `report ${JSON.parse(body).status}` },
        });
        const env = {
            AWS_ENDPOINT_URL_S3: proxies.urls.s3,
            AWS_ENDPOINT_URL_SQS: proxies.urls.sqs,
            AWS_ACCESS_KEY_ID: api.keys.accessKeyId,
            AWS_SECRET_ACCESS_KEY: api.keys.secretAccessKey,
            AWS_SESSION_TOKEN: api.keys.sessionToken,
            BUCKET: "bucket",
            QUEUE_URL: `${proxies.urls.sqs}/123456789012/queue`,
            UPDATE_STATUS_URL: `${proxies.urls.api}/dev/update-status`,
            METRICS_NAMESPACE: "quartet-test-upload",
        };
        worker = await start(env);
        stage = {
            ...{ api, proxies, env },
            get s3() {
                return now.s3!;
            },
            get sqs() {
                return now.sqs!;
            },
            deliver: (records) => deliver(worker, now.sqs!, records),
            async stop() {
                await proxies.close();
                await api.close();
            },
        };
    });
    after(() => stage.stop());
    beforeEach(async () => {
        stage.proxies.reset();
        stage.api.history.clear();
        now.s3 = await startS3();
        now.sqs = await startSqs({ resources: withDeadLetters(5, { visibilityTimeoutSeconds: 720 }) });
    });
    afterEach(async () => {
        await now.s3!.close();
        await now.sqs!.close();
    });
    return () => stage;
}

/** A file that arrived, and its message. */
export interface Arrived {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    /** Body of the message. */
    readonly message: string;
}

/** Puts a file into the bucket and into the API's memory. */
export async function arrive(
    { s3: { client }, api }: PromoteStage,
    { name = "scan.pdf", body = "hello", status = "uploaded" }: { name?: string; body?: string; status?: Status } = {},
): Promise<Arrived> {
    const id = crypto.randomUUID();
    const [from, to] = [`temp/${id}/${name}`, `dest/web/${id}/${name}`];
    api.add(id, status);
    await client.send(
        new s3.PutObjectCommand({
            ...{ Bucket: "bucket", Key: from, Body: body, ContentType: "application/pdf" },
            Metadata: { "file-id": id, "request-id": "cause" },
            ChecksumAlgorithm: "SHA256",
        }),
    );
    return { id, from, to, message: JSON.stringify({ key_path: from, file_id: id, dest_path: to }) };
}

/** Sends a message with the attribute that names what caused it. */
export async function enqueue(
    stage: PromoteStage,
    body: string,
    requestId: string | undefined = "cause",
): Promise<void> {
    const { client, queueUrl } = stage.sqs;
    await client.send(
        new sqs.SendMessageCommand({
            ...{ QueueUrl: queueUrl(), MessageBody: body },
            MessageAttributes:
                requestId === "" ? undefined : { RequestId: { DataType: "String", StringValue: requestId } },
        }),
    );
}

/** What the queue hands over now: the records of an event of SQS. */
export async function receive(stage: PromoteStage, queue = "queue"): Promise<SQSRecord[]> {
    const { client, queueUrl } = stage.sqs;
    const { Messages = [] } = await client.send(
        new sqs.ReceiveMessageCommand({
            ...{ QueueUrl: queueUrl(queue), MaxNumberOfMessages: 10 },
            MessageAttributeNames: ["All"],
            MessageSystemAttributeNames: ["All"],
        }),
    );
    return Messages.map(({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes, MessageAttributes = {} }) => ({
        ...{ messageId: MessageId!, receiptHandle: ReceiptHandle!, body: Body!, md5OfBody: MD5OfBody! },
        attributes: Attributes as unknown as SQSRecord["attributes"],
        messageAttributes: Object.fromEntries(
            Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
                name,
                { dataType: DataType!, stringValue: StringValue },
            ]),
        ),
        ...{ eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:queue" },
        awsRegion: "eu-central-1",
    }));
}

/** One record of a message that the queue delivers for the first time, or later. */
export async function recordOf(
    stage: PromoteStage,
    body: string,
    requestId?: string,
    delivery = 1,
): Promise<SQSRecord> {
    await enqueue(stage, body, requestId);
    const [record] = await receive(stage);
    return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(delivery) } };
}

async function deliver(worker: RunningHandler, { client, queueUrl }: SqsServer, records: readonly SQSRecord[]) {
    const invocation = await worker.invokeEvent({ Records: records });
    const { batchItemFailures } = (invocation.result ?? { batchItemFailures: [] }) as SQSBatchResponse;
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    for (const { receiptHandle } of records.filter(
        ({ messageId }) => invocation.result && !failed.includes(messageId),
    )) {
        await client.send(new sqs.DeleteMessageCommand({ QueueUrl: queueUrl(), ReceiptHandle: receiptHandle }));
    }
    return { ...invocation, failed };
}

function s3Label({ method, url }: { method?: string; url?: string }): string {
    return `${method} ${url!.split("/")[2]}`;
}
