import type { Database } from "../shared/database";
import { changeStatus } from "./database/changeStatus";
import type { StoredFile } from "./database/files";
import { claimQueueing } from "./database/queueing";
import type { UploadQueue } from "./message";
import { sendToQueue } from "./sendToQueue";
import type { Status } from "./statuses";

/**
 * Makes a file `uploaded`, of which it is known that it arrived, and puts it into the queue unless somebody else does or did. Of two that
 * do this at once, and of one that does while another lets the file expire, one decides and the other follows.
 *
 * @param requestId Id of the request that causes it.
 * @returns The file's status.
 * @throws A refusal with status 503 when the queue does not take the message; to be repeated then.
 */
export async function acceptArrival(
    file: StoredFile,
    requestId: string,
    { database, queue }: { readonly database: Database; readonly queue: UploadQueue },
): Promise<Status> {
    const { status, claimed } = await database.transaction(async (run) => {
        const outcome = await changeStatus(run, { fileId: file.fileId, to: "uploaded", requestId });
        if (outcome.kind === "unknown") {
            throw new Error("The file's row is gone");
        }
        const present: Status = outcome.kind === "illegal" ? outcome.file.status : "uploaded";
        return { status: present, claimed: present !== "expired" && (await claimQueueing(run, file.fileId)) };
    });
    if (claimed) {
        await sendToQueue(queue, database, file, requestId);
    }
    return status;
}
