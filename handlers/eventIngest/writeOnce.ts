import * as s3 from "@aws-sdk/client-s3";
import { unavailable } from "../shared/refusal";

/** A bucket in which nothing is overwritten. */
export interface WriteOnceBucket {
    readonly client: s3.S3Client;
    readonly name: string;
}

/** Newline-delimited JSON, compressed by gzip, and where it belongs. */
export interface NewObject {
    readonly key: string;
    readonly body: Uint8Array;
    readonly metadata: Readonly<Record<string, string>>;
}

/** The client must not retry by itself: only {@link writeOnce} knows what an unanswered attempt means. */
export function writeOnceBucket(name: string): WriteOnceBucket {
    return { client: new s3.S3Client({ maxAttempts: 1 }), name };
}

/**
 * Writes an object unless its key is taken.
 *
 * When an attempt ends without an answer, its object may still have been written. If the next attempt then finds the key
 * taken, that is this request's own object: `written`. (Or one written by the same request sent twice at once: then both
 * are told so.)
 *
 * @param deadline When to give up, in ms since 1970.
 * @throws A refusal with status 503 when S3 does not answer, or refuses. The cause is in the log.
 */
export async function writeOnce(
    bucket: WriteOnceBucket,
    object: NewObject,
    deadline: number,
): Promise<"written" | "exists"> {
    let maybeWritten = false;
    for (let attempt = 1; ; attempt++) {
        try {
            await put(bucket, object, Math.min(ATTEMPT_MS, deadline - Date.now()));
            return "written";
        } catch (error) {
            const { name, $metadata } = error as Partial<s3.S3ServiceException>;
            const status = $metadata?.httpStatusCode;
            if (status === 412) {
                return maybeWritten ? "written" : "exists";
            }
            const pause = PAUSE_MS * 2 ** attempt * (0.5 + Math.random() / 2);
            const mayPass = status === undefined || status >= 500 || [408, 409, 429].includes(status);
            if (!mayPass || attempt === ATTEMPTS || Date.now() + pause >= deadline) {
                console.error({ object: object.key, error: { name, status, attempt, ...object.metadata } });
                throw unavailable("The events could not be stored; send them again");
            }
            // 503 is S3's "slow down", said before it writes.
            maybeWritten ||= status === undefined || (status >= 500 && status !== 503);
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
}

function put({ client, name }: WriteOnceBucket, { key, body, metadata }: NewObject, timeoutMs: number) {
    const command = new s3.PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: body,
        IfNoneMatch: "*",
        // As CloudTrail labels its logs. Athena goes by the name's ending, browsers and HTTP tools by the encoding.
        ContentType: "application/x-ndjson",
        ContentEncoding: "gzip",
        Metadata: { ...metadata },
    });
    return client.send(command, { abortSignal: AbortSignal.timeout(Math.max(1, timeoutMs)) });
}

const ATTEMPTS = 4;
const ATTEMPT_MS = 3000;
const PAUSE_MS = 25;
