import type { Run } from "../../shared/database";
import { COLUMNS, storedFile, type FileRow, type StoredFile } from "./files";
import { SCHEMA } from "./roles";

/**
 * A file that arrived must be put into the queue, and the database and the queue can't change together. So the right to do it is claimed
 * first, in the database: whoever has the claim sends the message and then notes that it is sent. A claim without that note is void after
 * a minute, when its holder is surely gone; then a repeated confirmation or the sweeper claims anew. Two messages, where the first was
 * sent and the note lost, do no harm: moving a file twice changes nothing.
 */
const CLAIM_SECONDS = 60;

/** A file that waits longer than this has lost its message, e.g. by a purge; or its message is a dead letter, and one more does no harm. */
const LOST_HOURS = 24;

/** Claims the right to put one file into the queue, if it is free. @returns Whether it was. */
export async function claimQueueing(run: Run, fileId: string): Promise<boolean> {
    const claimed = await run(
        `UPDATE ${SCHEMA}.files SET queue_claimed_at = now() WHERE file_id = $1 AND ${IS_FREE} RETURNING file_id`,
        [fileId],
    );
    return claimed.length > 0;
}

/** Claims the right for up to `most` files that nobody put into the queue. */
export async function claimUnqueued(run: Run, most: number): Promise<StoredFile[]> {
    const rows = await run<FileRow>(
        `UPDATE ${SCHEMA}.files SET queue_claimed_at = now()
            WHERE file_id IN (SELECT file_id FROM ${SCHEMA}.files WHERE ${IS_FREE} ORDER BY expires_at LIMIT ${most})
            RETURNING ${COLUMNS}`,
    );
    return rows.map(storedFile);
}

/** Notes that a file's message is in the queue. */
export async function noteQueued(run: Run, fileId: string): Promise<void> {
    await run(`UPDATE ${SCHEMA}.files SET queued_at = now() WHERE file_id = $1`, [fileId]);
}

/** Gives a claim back, since the queue did not take the message. */
export async function releaseClaim(run: Run, fileId: string): Promise<void> {
    await run(`UPDATE ${SCHEMA}.files SET queue_claimed_at = NULL WHERE file_id = $1 AND queued_at IS NULL`, [fileId]);
}

const IS_FREE = `status IN ('uploaded', 'processing')
    AND (queue_claimed_at IS NULL OR queue_claimed_at < now() - interval '${CLAIM_SECONDS} seconds')
    AND (queued_at IS NULL OR queued_at < now() - interval '${LOST_HOURS} hours')`;
