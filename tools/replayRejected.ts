import * as zlib from "node:zlib";
import * as s3 from "@aws-sdk/client-s3";
import { eventSchema } from "../handlers/eventIngest/eventSchema";
import { replayedKey } from "../handlers/eventIngest/objectKeys";
import { revalidate } from "../handlers/eventIngest/replayEvent";

export interface ReplayArgs {
    readonly client: s3.S3Client;
    readonly bucket: string;
    /** Batches of this time and later are replayed, in ms since 1970. */
    readonly from: number;
    /** Batches before this time are replayed. */
    readonly to: number;
    /** Checks and counts, and writes nothing. */
    readonly dryRun: boolean;
    /** Told after each object of rejected events. */
    readonly progress: (key: string, counts: ReplayCounts) => void;
}

export interface ReplayCounts {
    /** Events that are valid now and were written, or would be. */
    readonly replayed: number;
    /** Events that an earlier replay has written. */
    readonly alreadyReplayed: number;
    /** Events that are still not valid. */
    readonly stillRejected: number;
}

/**
 * Sends rejected events through validation again. Those that are valid by today's rules are written beside the accepted ones.
 *
 * Each event has an object of its own, whose key follows from the rejected object's and the event's index, and which is
 * written only where none is: so it may be run twice, at once, or again after it was interrupted.
 */
export async function replayRejected(args: ReplayArgs): Promise<ReplayCounts> {
    const schema = eventSchema();
    let total: ReplayCounts = { replayed: 0, alreadyReplayed: 0, stillRejected: 0 };
    for await (const key of rejectedKeys(args)) {
        const counts = await replayObject(args, key, schema);
        total = {
            replayed: total.replayed + counts.replayed,
            alreadyReplayed: total.alreadyReplayed + counts.alreadyReplayed,
            stillRejected: total.stillRejected + counts.stillRejected,
        };
        args.progress(key, counts);
    }
    return total;
}

/** Keys of rejected objects whose batch's time is in the period: the partition is that of the time in the batch's id. */
async function* rejectedKeys({ client, bucket, from, to }: ReplayArgs): AsyncIterable<string> {
    const hour = 3_600_000;
    for (let time = Math.floor(from / hour) * hour; time < to; time += hour) {
        const [, year, month, day, at] = /^(\d+)-(\d\d)-(\d\d)T(\d\d)/.exec(new Date(time).toISOString())!;
        const Prefix = `rejected/year=${year}/month=${month}/day=${day}/hour=${at}/`;
        for await (const page of s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix })) {
            for (const { Key = "" } of page.Contents ?? []) {
                const batchTime = timeOf(Key);
                if (batchTime !== undefined && batchTime >= from && batchTime < to) {
                    yield Key;
                }
            }
        }
    }
}

/** The time in the UUIDv7 of a key, in ms since 1970. */
function timeOf(key: string): number | undefined {
    const id = /rejected_([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(key);
    return id ? parseInt(id[1] + id[2], 16) : undefined;
}

async function replayObject(
    args: ReplayArgs,
    key: string,
    schema: ReturnType<typeof eventSchema>,
): Promise<ReplayCounts> {
    const { Body } = await args.client.send(new s3.GetObjectCommand({ Bucket: args.bucket, Key: key }));
    const lines = zlib
        .gunzipSync(await Body!.transformToByteArray())
        .toString("utf8")
        .trimEnd()
        .split("\n");
    let [replayed, alreadyReplayed, stillRejected] = [0, 0, 0];
    for (const line of lines) {
        const result = revalidate(line, schema);
        if (!("line" in result)) {
            stillRejected++;
        } else if (args.dryRun || (await writeEvent(args, replayedKey(key, result.index), result.line))) {
            replayed++;
        } else {
            alreadyReplayed++;
        }
    }
    return { replayed, alreadyReplayed, stillRejected };
}

/** False when the object is there already. */
async function writeEvent({ client, bucket }: ReplayArgs, key: string, line: string): Promise<boolean> {
    try {
        await client.send(
            new s3.PutObjectCommand({
                Bucket: bucket,
                Key: key,
                Body: zlib.gzipSync(line),
                IfNoneMatch: "*",
                ContentType: "application/x-ndjson",
                ContentEncoding: "gzip",
                Metadata: { replayed: "true" },
            }),
        );
        return true;
    } catch (error) {
        if ((error as s3.S3ServiceException).$metadata?.httpStatusCode === 412) {
            return false;
        }
        throw error;
    }
}
