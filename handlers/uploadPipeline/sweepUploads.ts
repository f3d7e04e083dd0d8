import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { openDatabase, type Database } from "../shared/database";
import { readEnv } from "../shared/env";
import { acceptArrival } from "./acceptArrival";
import { arrivalOf, type UploadBucket } from "./arrived";
import { changeStatus } from "./database/changeStatus";
import type { StoredFile } from "./database/files";
import { claimUnqueued } from "./database/queueing";
import { findOverdue, FIRST_ID, isExpired } from "./database/overdue";
import type { UploadQueue } from "./message";
import { sendToQueue } from "./sendToQueue";

/** How many files a sweep brought further. */
export interface SweepReport {
    /** Arrived, and nobody confirmed it. */
    readonly finished: number;
    readonly expired: number;
    /** Put into the queue, since nobody else did. */
    readonly queued: number;
}

/**
 * Finishes what clients left open: files whose form is no longer accepted are taken when they arrived, and expire when they did not; and
 * files that arrived are put into the queue where that was cut off.
 *
 * Reads `BUCKET`, `QUEUE_URL` and `DATABASE` (`<host>:<port>`). To be invoked every five minutes.
 */
export function sweepUploadsFactory() {
    const env = readEnv({ BUCKET: v.string(), QUEUE_URL: v.string(), DATABASE: v.string() });
    const parts = {
        bucket: { client: new s3.S3Client({}), name: env.BUCKET },
        queue: { client: new sqs.SQSClient({}), url: env.QUEUE_URL },
        database: openDatabase({ address: env.DATABASE, user: "sweep_uploads" }),
    };
    return (_event: unknown, context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">) =>
        sweep(parts, context);
}

interface Parts {
    readonly bucket: UploadBucket;
    readonly queue: UploadQueue;
    readonly database: Database;
}

/** Files in one page, and what is left, in milliseconds, when no further page is begun. */
const PAGE = 100;
const RESERVE_MS = 15_000;

/** @throws After all others are done, when a file could not be brought further, so that an alarm rings. */
async function sweep(
    parts: Parts,
    { awsRequestId, getRemainingTimeInMillis }: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
): Promise<SweepReport> {
    const { queue, database } = parts;
    const counts = { finished: 0, expired: 0, queued: 0 };
    const failures: string[] = [];
    const each = async (
        files: readonly StoredFile[],
        action: (file: StoredFile) => Promise<keyof SweepReport | undefined>,
    ) => {
        for (const file of files) {
            try {
                const what = await action(file);
                if (what) counts[what]++;
            } catch (error) {
                console.error({ requestId: awsRequestId, file: file.fileId, error: { name: (error as Error).name } });
                failures.push(file.fileId);
            }
        }
    };
    let after = FIRST_ID;
    for (let page: StoredFile[]; getRemainingTimeInMillis() > RESERVE_MS; after = page.at(-1)!.fileId) {
        page = await database.transaction((run) => findOverdue(run, after, PAGE));
        if (page.length === 0) {
            break;
        }
        await each(page, (file) => settle(file, awsRequestId, parts));
    }
    const unqueued = await database.transaction((run) => claimUnqueued(run, PAGE));
    await each(unqueued, async (file) => {
        await sendToQueue(queue, database, file, awsRequestId);
        return "queued";
    });
    console.info({ requestId: awsRequestId, ...counts, failed: failures.length });
    if (failures.length > 0) {
        throw new Error(
            `${failures.length} file(s) could not be brought further; see the log lines of this invocation`,
        );
    }
    return counts;
}

async function settle(file: StoredFile, requestId: string, parts: Parts): Promise<keyof SweepReport | undefined> {
    const arrival = await arrivalOf({ ...parts.bucket, requestId }, file);
    if (arrival.kind === "asAnnounced") {
        return (await acceptArrival(file, requestId, parts)) === "uploaded" ? "finished" : undefined;
    }
    if (arrival.kind === "nothing" && !(await parts.database.transaction((run) => isExpired(run, file.fileId)))) {
        return undefined;
    }
    const details =
        arrival.kind === "nothing" ? "Nothing was uploaded in time" : "What was uploaded is not what was announced";
    const { kind } = await parts.database.transaction((run) =>
        changeStatus(run, { fileId: file.fileId, to: "expired", details, requestId }),
    );
    return kind === "changed" ? "expired" : undefined;
}
