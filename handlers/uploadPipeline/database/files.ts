import type { Run } from "../../shared/database";
import type { Status } from "../statuses";
import type { Announced } from "../uploadSchema";
import { SCHEMA } from "./roles";

/** A file's row, as far as functions read it. */
export interface StoredFile {
    readonly fileId: string;
    readonly clientId: string;
    readonly fileName: string;
    /** In bytes. */
    readonly len: number;
    readonly type: string;
    /** In base64, if the client gave one. */
    readonly sha256: string | null;
    readonly status: Status;
    readonly details: string | null;
    /** How many steps its status has taken. */
    readonly step: number;
    /** Id of the request that announced it. */
    readonly requestId: string;
    readonly updatedAt: Date;
}

/** Stores a file that was announced, with the first entry of its history; nothing when it is there already. */
export async function insertFile(
    run: Run,
    file: Announced & { fileId: string; clientId: string; requestId: string; expiresAt: Date },
): Promise<void> {
    await run(
        `INSERT INTO ${SCHEMA}.files
            (file_id, client_id, file_name, len, type, sha256, status, step, request_id, expires_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, $8, now()) ON CONFLICT DO NOTHING`,
        [
            file.fileId,
            file.clientId,
            file.file_name,
            file.len,
            file.type,
            file.sha256 ?? null,
            file.requestId,
            file.expiresAt,
        ],
    );
    await insertHistory(run, { fileId: file.fileId, step: 0, status: "pending", requestId: file.requestId });
}

/** A file by its id; of one client, if given. */
export async function findFile(run: Run, fileId: string, clientId?: string): Promise<StoredFile | undefined> {
    const rows = await run<FileRow>(
        `SELECT ${COLUMNS} FROM ${SCHEMA}.files WHERE file_id = $1${clientId === undefined ? "" : " AND client_id = $2"}`,
        clientId === undefined ? [fileId] : [fileId, clientId],
    );
    return rows.map(storedFile)[0];
}

/** Adds an entry to a file's history. */
export async function insertHistory(
    run: Run,
    entry: { fileId: string; step: number; status: Status; details?: string; requestId: string },
): Promise<void> {
    await run(
        `INSERT INTO ${SCHEMA}.status_history (file_id, step, status, details, at, request_id) VALUES ($1, $2, $3, $4, now(), $5)
            ON CONFLICT DO NOTHING`,
        [entry.fileId, entry.step, entry.status, entry.details ?? null, entry.requestId],
    );
}

/** How a file's status came about, oldest first. */
export function historyOf(run: Run, fileId: string): Promise<{ status: Status; details: string | null; at: Date }[]> {
    return run(`SELECT status, details, at FROM ${SCHEMA}.status_history WHERE file_id = $1 ORDER BY step`, [fileId]);
}

/** Columns of {@link FileRow}. */
export const COLUMNS =
    "file_id, client_id, file_name, len, type, sha256, status, details, step, request_id, updated_at";

/** A row of the table, as PostgreSQL gives it. */
export interface FileRow {
    readonly file_id: string;
    readonly client_id: string;
    readonly file_name: string;
    /** PostgreSQL's `bigint` is given as text. */
    readonly len: string;
    readonly type: string;
    readonly sha256: string | null;
    readonly status: Status;
    readonly details: string | null;
    readonly step: number;
    readonly request_id: string;
    readonly updated_at: Date;
}

/** A row as functions read it. */
export function storedFile(row: FileRow): StoredFile {
    return {
        fileId: row.file_id,
        clientId: row.client_id,
        fileName: row.file_name,
        len: Number(row.len),
        type: row.type,
        sha256: row.sha256,
        status: row.status,
        details: row.details,
        step: row.step,
        requestId: row.request_id,
        updatedAt: row.updated_at,
    };
}
