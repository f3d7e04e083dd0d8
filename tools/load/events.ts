import * as zlib from "node:zlib";
import * as s3 from "@aws-sdk/client-s3";
import { eachOf } from "./parallel";
import { countBy, notOnce } from "./findings";
import { jsonOf } from "./tally";
import type { Finding, LoadContext, Sent, SystemLoad } from "./types";

/**
 * EventIngest: each request sends one event under an `Idempotency-Key` of its own. A receipt promises that the event is in the bucket, once;
 * so what is looked for is the event itself, under whatever name it lies.
 */
export function eventsLoad(context: LoadContext): SystemLoad {
    const { outputs, token } = context.target;
    return {
        step: "POST /events",
        repeats: true,
        request: (id) => ({
            method: "POST",
            url: `${outputs.eventIngestUrl}/events`,
            headers: {
                "x-auth-token": token,
                "content-type": "application/json",
                "idempotency-key": id,
                "user-agent": "quartet-load",
            },
            body: JSON.stringify({ event_name: "load", properties: { load_run: context.run, load_id: id } }),
        }),
        async audit(sent) {
            const accepted = sent.filter(({ answer }) => answer?.status === 200);
            const found = await storedEvents(context);
            return {
                accepted: accepted.length,
                findings: [...accepted.flatMap(receiptFinding), ...notOnce(sent, 200, found, "in the bucket")],
                ends: { "events in the bucket": found.length },
            };
        },
    };
}

function receiptFinding({ id, answer }: Sent): Finding[] {
    const { batch_id, events_count } = jsonOf(answer!.body) ?? {};
    return batch_id === id && events_count === 1
        ? []
        : [{ kind: "wrong", id, seen: `the receipt tells of batch ${batch_id} with ${events_count} event(s)` }];
}

/** The ids of all events of this load in the bucket, as often as they are there. */
async function storedEvents(context: LoadContext): Promise<string[]> {
    const { target, run, begun, connections } = context;
    const { storage: client, outputs } = target;
    const keys: string[] = [];
    for (const Prefix of partitions(begun, Date.now())) {
        const pages = s3.paginateListObjectsV2({ client }, { Bucket: outputs.eventBucket, Prefix });
        for await (const { Contents = [] } of pages) {
            const since = Contents.filter(({ LastModified }) => LastModified!.getTime() > begun - SKEW_MS);
            keys.push(...since.map(({ Key }) => Key!));
        }
    }
    const ids = await eachOf(keys, connections, async (Key) => {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: outputs.eventBucket, Key }));
        const text = zlib.gunzipSync(await Body!.transformToByteArray()).toString("utf8");
        return text.split("\n").flatMap((line) => idOf(line, run));
    });
    return ids.flat();
}

/** Hours in which events of a period may lie. */
function partitions(from: number, to: number): string[] {
    const hours = countBy(
        Array.from({ length: Math.floor((to - from) / MINUTE_MS) + 3 }, (_, index) => {
            const time = new Date(from + (index - 1) * MINUTE_MS).toISOString();
            const [, year, month, day, hour] = /^(\d+)-(\d\d)-(\d\d)T(\d\d)/.exec(time)!;
            return `events/year=${year}/month=${month}/day=${day}/hour=${hour}/`;
        }),
    );
    return Object.keys(hours);
}

function idOf(line: string, run: string): string[] {
    const properties = jsonOf(line)?.properties as Readonly<Record<string, unknown>> | undefined;
    return properties?.load_run === run ? [String(properties.load_id)] : [];
}

const MINUTE_MS = 60_000;

/** Clocks may differ by so much. */
const SKEW_MS = MINUTE_MS;
