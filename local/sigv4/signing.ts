import * as crypto from "node:crypto";

/** Hexadecimal SHA-256 of nothing. */
export const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Hexadecimal SHA-256. Texts count one byte for each character, as header values have. */
export function sha256(data: string | Buffer): string {
    return crypto.hash("sha256", typeof data === "string" ? Buffer.from(data, "latin1") : data, "hex");
}

/** Hexadecimal signature of a text. */
export function sign(key: Buffer, text: string): string {
    return crypto.createHmac("sha256", key).update(text, "latin1").digest("hex");
}

/** Compares two signatures in a time that tells nothing about them. */
export function sameSignature(one: string, other: string): boolean {
    return (
        one.length === other.length && crypto.timingSafeEqual(Buffer.from(one, "latin1"), Buffer.from(other, "latin1"))
    );
}

/** The key that a secret gives for `<date>/<region>/<service>/aws4_request`. Kept, since it stays the same all day. */
export function signingKey(secretAccessKey: string, scope: string): Buffer {
    const id = `${secretAccessKey}/${scope}`;
    let key = keys.get(id);
    if (!key) {
        key = scope
            .split("/")
            .reduce<Buffer>((parent, part) => hmac(parent, part), Buffer.from(`AWS4${secretAccessKey}`));
        if (keys.size >= MOST_KEYS) {
            keys.clear();
        }
        keys.set(id, key);
    }
    return key;
}

const MOST_KEYS = 500;

const keys = new Map<string, Buffer>();

function hmac(key: Buffer, text: string): Buffer {
    return crypto.createHmac("sha256", key).update(text).digest();
}
