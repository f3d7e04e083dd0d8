import { awsError } from "../../errors";
import type { AwsError } from "../../errors";

/**
 * Bucket and key of a path `/bucket/key`; both empty for `/`, the key for `/bucket` and `/bucket/`. The key is taken as it is: `..` and `//`
 * are part of it.
 *
 * @throws InvalidURI for a path that is no percent-encoded UTF-8, KeyTooLongError over 1024 bytes
 */
export function targetOf(path: string): { bucket: string; key: string } {
    const slash = path.indexOf("/", 1);
    const bucket = decode(slash < 0 ? path.slice(1) : path.slice(1, slash));
    const key = slash < 0 ? "" : decode(path.slice(slash + 1));
    const error = keyTooLong(key);
    if (error) throw error;
    return { bucket, key };
}

/** The error for a key over 1024 bytes of UTF-8. */
export function keyTooLong(key: string): AwsError | undefined {
    const bytes = key.length > 341 ? Buffer.byteLength(key) : 0;
    if (bytes <= 1024) return undefined;
    return awsError("KeyTooLongError", 400, "Your key is too long", { Size: String(bytes), MaxSizeAllowed: "1024" });
}

function decode(text: string): string {
    if (!text.includes("%")) return text;
    try {
        return decodeURIComponent(text);
    } catch {
        throw awsError("InvalidURI", 400, "Couldn't parse the specified URI.", { URI: text });
    }
}
