/** A signal that is aborted with another one or after a time, in milliseconds. */
export function deadline(signal: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (ms <= 0 || signal.aborted) abort();
    const timer = ms > 0 ? setTimeout(abort, ms) : undefined;
    signal.addEventListener("abort", abort);
    return {
        signal: controller.signal,
        end() {
            clearTimeout(timer);
            signal.removeEventListener("abort", abort);
        },
    };
}
