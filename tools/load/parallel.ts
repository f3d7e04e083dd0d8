import { pause } from "./send";

/** Runs an action, at once or when fewer than a number of others run. */
export type Limiter = <T>(action: () => Promise<T>) => Promise<T>;

/** Makes a {@link Limiter}. @param atOnce How many actions may run at the same time. */
export function limiter(atOnce: number): Limiter {
    const waiting: (() => void)[] = [];
    let running = 0;
    return async (action) => {
        if (running >= atOnce) {
            await new Promise<void>((resolve) => waiting.push(resolve));
        } else {
            running++;
        }
        try {
            return await action();
        } finally {
            // Who waits takes the place over.
            const next = waiting.shift();
            if (next) {
                next();
            } else {
                running--;
            }
        }
    };
}

/** Does something with each, some at a time, and answers the results in order. */
export function eachOf<T, R>(items: Iterable<T>, atOnce: number, action: (item: T) => Promise<R>): Promise<R[]> {
    const limit = limiter(atOnce);
    return Promise.all(Array.from(items, (item) => limit(() => action(item))));
}

/**
 * Looks at each again and again until it is at its end.
 *
 * @param look Answers whether it is.
 * @param options How many are looked at at the same time, and for how many seconds none may come to its end before the rest is given up.
 * @returns What was not at its end then.
 */
export async function settle<T>(
    items: readonly T[],
    look: (item: T) => Promise<boolean>,
    { seconds, atOnce }: { readonly seconds: number; readonly atOnce: number },
): Promise<T[]> {
    let open = [...items];
    let progress = performance.now();
    while (open.length > 0) {
        const done = await eachOf(open, atOnce, look);
        const left = open.filter((_, index) => !done[index]);
        if (left.length < open.length) {
            progress = performance.now();
        } else if (performance.now() - progress > seconds * 1000) {
            return left;
        }
        open = left;
        if (open.length > 0) {
            await pause(BETWEEN_LOOKS_MS);
        }
    }
    return [];
}

/** The machine that is looked at may be this one, and is needed for what is waited for. */
const BETWEEN_LOOKS_MS = 250;
