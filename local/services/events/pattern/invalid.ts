/** An {@link Error} in EventBridge's words. */
export function invalid(reason: string): Error {
    return new Error(`Event pattern is not valid. Reason: ${reason}`);
}
