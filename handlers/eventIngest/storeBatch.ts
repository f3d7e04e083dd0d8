import { bodyBytes, parseJson } from "../shared/body";
import { gzip } from "../shared/gzip";
import type { Answer, HttpRequest } from "../shared/http";
import type { Issue } from "../shared/issues";
import { count, type MetricsTarget } from "../shared/metrics";
import { refusal } from "../shared/refusal";
import { batchIdOf } from "./batchId";
import type { eventSchema } from "./eventSchema";
import { splitArray, type Item } from "./jsonText";
import { batchTag, eventsKey, rejectedKey } from "./objectKeys";
import { lineBytes, readEvent, type EventLine, type Stamp } from "./readEvent";
import { receipt } from "./receipt";
import type { RejectedLine } from "./replayEvent";
import { MOST_EVENTS } from "./routes";
import { writeOnce, type WriteOnceBucket } from "./writeOnce";

/** What {@link storeBatch} works with. */
export interface Ingest {
    readonly bucket: WriteOnceBucket;
    readonly schema: ReturnType<typeof eventSchema>;
    readonly metrics: MetricsTarget;
}

/**
 * Checks a batch, stores its rejected and its accepted events, and makes the receipt.
 *
 * The accepted events come last: while they are missing, nothing was acknowledged, and a repeat does all again. The rejected
 * ones it then finds in place. A batch without accepted events leaves its id free.
 *
 * @throws A refusal when the request is not valid, or storage does not answer.
 */
export async function storeBatch({ bucket, schema, metrics }: Ingest, request: HttpRequest): Promise<Answer> {
    const now = Date.now();
    const { batchId, time } = batchIdOf(request.header("idempotency-key"), now);
    const json = bodyBytes(request);
    const batch = { batchId, time, tag: batchTag(request.client, json) };
    const stamp = { received_at: new Date(now).toISOString(), batch_id: batchId, client_id: request.client };
    const items = itemsOf(json);
    const { lines, rejected } = readBatch(json, items, stamp, schema);
    const accepted = lines.length;
    const write = async <T>(key: string, events: readonly T[], bytesOf: (event: T) => Uint8Array) => {
        const metadata = {
            "request-id": request.id,
            "client-id": request.client,
            "batch-id": batchId,
            events: String(events.length),
        };
        // A second before Lambda ends the function there is still time to answer.
        return writeOnce(bucket, { key, body: await gzip(events, bytesOf), metadata }, request.deadline - 1000);
    };
    if (rejected.length > 0) {
        await write(rejectedKey(batch), rejected, ({ index, issues }) =>
            rejectedLine({ reason: issues, index, ...stamp, raw: textOf(json, items[index]) }),
        );
    }
    const duplicate = accepted > 0 && (await write(eventsKey(batch), lines, lineBytes)) === "exists";
    count(
        metrics,
        {
            EventsAccepted: duplicate ? 0 : accepted,
            EventsRejected: duplicate ? 0 : rejected.length,
            DuplicateBatches: duplicate ? 1 : 0,
        },
        { request_id: request.id, client_id: request.client, batch_id: batchId },
    );
    return receipt({
        batchId,
        accepted,
        duplicate,
        rejected: rejected.flatMap(({ index, issues }) => issues.map((issue) => ({ index, ...issue }))),
    });
}

function itemsOf(json: Buffer): Item[] {
    const items = splitArray(json, MOST_EVENTS + 1);
    if (!items) {
        throw refusal(400, "INVALID_JSON", "The body must be JSON");
    }
    if (items.length === 0) {
        throw refusal(400, "EMPTY_BATCH", "The batch has no events");
    }
    if (items.length > MOST_EVENTS) {
        throw refusal(400, "TOO_MANY_EVENTS", `A batch has at most ${MOST_EVENTS} events; split it`);
    }
    if (items.length === 1 && !isBatchOrObject(json, items[0])) {
        parseJson(json.toString());
        throw refusal(400, "INVALID_BODY", "The body must be an event (an object) or a batch of events (an array)");
    }
    return items;
}

/** Whether the only item is an object, or stands in an array. */
function isBatchOrObject(json: Buffer, { start }: Item): boolean {
    return json[start] === 0x7b || json.subarray(0, start).includes(0x5b);
}

function readBatch(json: Buffer, items: readonly Item[], stamp: Stamp, schema: Ingest["schema"]) {
    const lines: EventLine[] = [];
    const rejected: { readonly index: number; readonly issues: readonly Issue[] }[] = [];
    for (const [index, item] of items.entries()) {
        const event = readEvent(json, item, stamp, schema);
        if (event.issues) {
            rejected.push({ index, issues: event.issues });
        } else {
            lines.push(event);
        }
    }
    return { lines, rejected };
}

function textOf(json: Buffer, { start, end }: Item): string {
    return json.toString("utf8", start, end);
}

function rejectedLine(line: RejectedLine): Uint8Array {
    return Buffer.from(`${JSON.stringify(line)}\n`);
}
