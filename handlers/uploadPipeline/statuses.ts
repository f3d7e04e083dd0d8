/** What a file's status may be. */
export type Status = "pending" | "uploaded" | "processing" | "completed" | "error" | "expired";

/**
 * The steps that a file's status may take: from each status, those that may follow. All that changes, refuses or describes a status reads
 * this table: the SQL, the answer 409, the database's own check, and the diagram in the documentation.
 */
export const STEPS: Readonly<Record<Status, readonly Status[]>> = {
    /** A form was given out. */
    pending: ["uploaded", "expired"],
    /** The object is there and is what was announced; it waits in the queue. */
    uploaded: ["processing"],
    /** The worker has begun to move it. */
    processing: ["completed", "error"],
    /** Final: the file is at its destination. */
    completed: [],
    /** Given up after some attempts; sending the dead letters back begins anew. */
    error: ["processing"],
    /** Final: nothing arrived in time. */
    expired: [],
};

/** All statuses. */
export const STATUSES = Object.keys(STEPS) as Status[];

/** Whether a status may follow another. */
export function isStep(from: Status, to: Status): boolean {
    return STEPS[from].includes(to);
}
