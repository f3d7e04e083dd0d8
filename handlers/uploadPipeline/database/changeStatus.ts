import type { Run } from "../../shared/database";
import { isStep, type Status } from "../statuses";
import { findFile, insertHistory, type StoredFile } from "./files";
import { SCHEMA } from "./roles";

/** A new status for a file. */
export interface StatusChange {
    readonly fileId: string;
    readonly to: Status;
    /** What there is to say about it, for the client. @default - nothing */
    readonly details?: string;
    /** Id of the request or message that causes it. */
    readonly requestId: string;
    /**
     * A status that is taken on the way where the new one can't follow the present one by itself.
     *
     * @default - none
     */
    readonly via?: Status;
}

/** What became of a {@link StatusChange}. */
export type Outcome =
    | { readonly kind: "changed" | "repeated" | "illegal"; readonly file: StoredFile }
    /** There is no such file. */
    | { readonly kind: "unknown" };

/**
 * Changes a file's status, and its history with it. To be called in a transaction.
 *
 * A status that can't follow the present one is not taken: late reports undo nothing. The present status once more changes nothing.
 *
 * @returns The file as it was found.
 */
export async function changeStatus(run: Run, change: StatusChange): Promise<Outcome> {
    const file = await findFile(run, change.fileId);
    if (!file) {
        return { kind: "unknown" };
    }
    if (file.status === change.to) {
        return { kind: "repeated", file };
    }
    const ways = [[change.to], ...(change.via ? [[change.via, change.to]] : [])];
    const steps = ways.find((way) =>
        way.every((next, index) => isStep(index === 0 ? file.status : way[index - 1], next)),
    );
    if (!steps) {
        return { kind: "illegal", file };
    }
    const details = change.details ?? null;
    // That the step is still the one that was read is checked again where it is written: a rival's change is never overwritten.
    const written = await run<{ file_id: string }>(
        `UPDATE ${SCHEMA}.files SET status = $3, details = $4, step = step + $5, updated_at = now()
            WHERE file_id = $1 AND step = $2 RETURNING file_id`,
        [file.fileId, file.step, change.to, details, steps.length],
    );
    if (written.length === 0) {
        throw Object.assign(new Error("The file's status was changed by another transaction"), { code: "40001" });
    }
    for (const [index, status] of steps.entries()) {
        const isLast = index === steps.length - 1;
        await insertHistory(run, {
            ...{ fileId: file.fileId, step: file.step + index + 1, status, requestId: change.requestId },
            details: isLast ? change.details : undefined,
        });
    }
    return { kind: "changed", file };
}
