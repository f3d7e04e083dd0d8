import { refusal } from "../shared/refusal";
import { timeOfUuidv7, uuidv7 } from "../shared/uuidv7";

/**
 * The id of a batch and its time: the client's idempotency key, or a new one.
 *
 * @param key Value of the header `Idempotency-Key`.
 * @param now In ms since 1970.
 * @throws A refusal with status 400 if the key is no UUIDv7, older than 24 hours or more than 5 minutes ahead.
 */
export function batchIdOf(key: string | undefined, now: number): { batchId: string; time: number } {
    if (key === undefined) {
        return { batchId: uuidv7(now), time: now };
    }
    const time = timeOfUuidv7(key);
    if (time === undefined) {
        throw invalid("must be a UUID of version 7");
    }
    if (time < now - 24 * 60 * 60_000) {
        throw invalid("must not be older than 24 hours");
    }
    if (time > now + 5 * 60_000) {
        throw invalid("must not be more than 5 minutes in the future");
    }
    return { batchId: key.toLowerCase(), time };
}

function invalid(message: string) {
    return refusal(400, "INVALID_IDEMPOTENCY_KEY", `The Idempotency-Key ${message}`, {
        issues: [{ path: "Idempotency-Key", message }],
    });
}
