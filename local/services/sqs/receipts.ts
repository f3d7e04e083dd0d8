import * as crypto from "node:crypto";
import { awsError } from "../../errors";
import type { Queue } from "./queue/queue";
import type { Message } from "./queue/types";

/** The handle of the latest receive of a message. It names queue, message and receive, so nothing has to be kept. */
export function receiptHandle(queueArn: string, { stored, received }: Message): string {
    const bytes = Buffer.alloc(LENGTH);
    PREFIX.copy(bytes);
    bytes.write(stored.id.replaceAll("-", ""), ID, "hex");
    bytes.writeUInt32BE(received, COUNT);
    check(queueArn, bytes).copy(bytes, CHECK);
    return bytes.toString("base64");
}

/**
 * The message of a handle, when it is the one of its latest receive. Undefined when the message is gone, or was received again since:
 * SQS then deletes nothing, and says nothing.
 *
 * @throws ReceiptHandleIsInvalid when it is no handle of this queue
 */
export function messageOfHandle(queue: Queue, handle: string): Message | undefined {
    const bytes = Buffer.from(handle, "base64");
    if (bytes.length !== LENGTH || !check(queue.arn, bytes).equals(bytes.subarray(CHECK))) {
        throw awsError(
            "ReceiptHandleIsInvalid",
            404,
            `The input receipt handle "${handle}" is not a valid receipt handle.`,
        );
    }
    const id = bytes.toString("hex", ID, COUNT).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const message = queue.find(id);
    return message?.received === bytes.readUInt32BE(COUNT) ? message : undefined;
}

/** Handles of AWS begin with `AQEB`. */
const PREFIX = Buffer.from("AQEB", "base64");

/** Where the parts of a handle begin. */
const ID = 3;
const COUNT = 19;
const CHECK = 23;
const LENGTH = 39;

/** Recognises what this queue made; a program gains nothing from making one up, since its permissions are asked anyway. */
function check(queueArn: string, bytes: Buffer): Buffer {
    const hash = crypto.createHash("sha256").update(queueArn).update(bytes.subarray(0, CHECK)).digest();
    return hash.subarray(0, LENGTH - CHECK);
}
