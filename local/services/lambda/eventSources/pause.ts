import * as timers from "node:timers/promises";

/** Resolves after a time, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
    return timers.setTimeout(ms, undefined, { signal }).catch((error: Error) => {
        if (error.name !== "AbortError") {
            throw error;
        }
    });
}
