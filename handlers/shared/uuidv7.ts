import * as crypto from "node:crypto";

/** A new UUID of version 7 (RFC 9562, section 5.7) in lower case: 48 bits of time in ms, then 74 random bits. */
export function uuidv7(now: number): string {
    const bytes = crypto.randomBytes(16);
    bytes.writeUIntBE(now, 0, 6);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The time in a UUID of version 7, in ms since 1970; `undefined` if the text is no such UUID. */
export function timeOfUuidv7(text: string): number | undefined {
    const isUuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);
    return isUuidv7 ? parseInt(text.slice(0, 8) + text.slice(9, 13), 16) : undefined;
}
