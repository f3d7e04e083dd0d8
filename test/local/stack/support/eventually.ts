/** Between two looks, in milliseconds: the machine is needed for what is waited for. */
const PAUSE_MS = 50;

/**
 * Looks again and again until there is something to see, and answers it.
 *
 * @param what What is waited for, for the error.
 * @param look Answers `undefined` or `false` until it is there.
 * @throws When it is not there in time.
 */
export async function eventually<T>(
    what: string,
    look: () => Promise<T | undefined | false>,
    seconds = 15,
): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
        const seen = await look();
        if (seen !== undefined && seen !== false) {
            return seen;
        }
        if (performance.now() > deadline) {
            throw new Error(`After ${seconds} seconds still not: ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
}
