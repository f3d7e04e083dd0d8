import * as crypto from "node:crypto";
import type { OrderStatus } from "./statuses";

/** What a cursor is good for: a list of one client, of one status or of all. */
export interface CursorScope {
    readonly client: string;
    readonly status?: OrderStatus;
}

/** Bytes of a UUID, and of the tag behind it. */
const [ID_BYTES, TAG_BYTES] = [16, 16];

/** The cursor that leads to the orders before one. It is signed: who has no secret can make none. */
export function writeCursor(orderId: string, scope: CursorScope, secret: Buffer): string {
    const id = Buffer.from(orderId.replaceAll("-", ""), "hex");
    return Buffer.concat([id, tagOf(id, scope, secret)]).toString("base64url");
}

/** The id in a cursor; `undefined` when it is damaged, forged, or was given out for another list. */
export function readCursor(cursor: string, scope: CursorScope, secret: Buffer): string | undefined {
    const bytes = Buffer.from(cursor, "base64url");
    // The decoder looks past what is not of its alphabet.
    if (bytes.length !== ID_BYTES + TAG_BYTES || bytes.toString("base64url") !== cursor) {
        return undefined;
    }
    const id = bytes.subarray(0, ID_BYTES);
    if (!crypto.timingSafeEqual(bytes.subarray(ID_BYTES), tagOf(id, scope, secret))) {
        return undefined;
    }
    return id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function tagOf(id: Buffer, { client, status }: CursorScope, secret: Buffer): Buffer {
    return crypto
        .createHmac("sha256", secret)
        .update(JSON.stringify([client, status ?? null]))
        .update(id)
        .digest()
        .subarray(0, TAG_BYTES);
}
