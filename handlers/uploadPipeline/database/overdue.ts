import type { Run } from "../../shared/database";
import { COLUMNS, storedFile, type FileRow, type StoredFile } from "./files";
import { SCHEMA } from "./roles";

/** A form that is sent in its last second may take this long to arrive: then nothing more can come. */
const ARRIVAL_MINUTES = 60;

/** Before all ids. */
export const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Files whose form is no longer accepted and of which nobody said that it arrived, in the order of their ids. */
export async function findOverdue(run: Run, afterId: string, most: number): Promise<StoredFile[]> {
    const rows = await run<FileRow>(
        `SELECT ${COLUMNS} FROM ${SCHEMA}.files
            WHERE status = 'pending' AND expires_at < now() AND file_id > $1
            ORDER BY file_id LIMIT ${most}`,
        [afterId],
    );
    return rows.map(storedFile);
}

/** Whether what did not arrive yet can't arrive any more. */
export async function isExpired(run: Run, fileId: string): Promise<boolean> {
    const rows = await run(
        `SELECT file_id FROM ${SCHEMA}.files
            WHERE file_id = $1 AND expires_at < now() - interval '${ARRIVAL_MINUTES} minutes'`,
        [fileId],
    );
    return rows.length > 0;
}
