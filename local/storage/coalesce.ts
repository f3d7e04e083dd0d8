/**
 * Makes callers share work that covers all of them, e.g. an fsync: those who call while one run is under way wait for the next, and
 * for that one together.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
    let last: Promise<void> = Promise.resolve();
    let waiting: Promise<void> | undefined;
    const start = () => {
        waiting = undefined;
        return run();
    };
    return () => (waiting ??= last = last.then(start, start));
}
