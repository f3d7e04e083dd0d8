/** A request. */
export interface Request {
    /** @default "GET" */
    readonly method?: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | FormData;
    /**
     * Whether it is sent again, up to 5 times and a second apart, while the answer is 429: other callers may have used up the limit.
     *
     * @default true
     */
    readonly patient?: boolean;
    /** Milliseconds until it is given up. @default 30 000 */
    readonly timeout?: number;
}

export interface Reply {
    /** Method and path of the request, for errors. */
    readonly of: string;
    readonly status: number;
    readonly headers: Headers;
    readonly text: string;
}

/**
 * Sends a request, and follows no redirect.
 *
 * @throws When no answer comes, with `cause`. The sentence names the host and the path, and nothing of query, headers or body.
 */
export async function send(request: Request): Promise<Reply> {
    for (let more = request.patient === false ? 0 : MOST_REPEATS; ; more--) {
        const reply = await sendOnce(request);
        if (reply.status !== 429 || more === 0) {
            return reply;
        }
        await pause(1000);
    }
}

const MOST_REPEATS = 5;

async function sendOnce({ method = "GET", url, headers, body, timeout = 30_000 }: Request): Promise<Reply> {
    const { origin, pathname } = new URL(url);
    try {
        const response = await fetch(url, {
            ...{ method, redirect: "manual", signal: AbortSignal.timeout(timeout) },
            ...(headers ? { headers: { ...headers } } : {}),
            ...(body === undefined ? {} : { body }),
        });
        const text = await response.text();
        return { of: `${method} ${pathname}`, status: response.status, headers: response.headers, text };
    } catch (error) {
        throw new Error(`${method} ${origin}${pathname} got no answer: ${reasonOf(error)}.`, { cause: error });
    }
}

/** Code of a failed connection, such as `ECONNREFUSED`, or `TimeoutError`. */
export function reasonOf(error: unknown): string {
    const { name, cause } = error as Error;
    const { code } = (cause ?? {}) as { code?: string };
    return code ?? (cause instanceof Error ? reasonOf(cause) : name);
}

/**
 * Asks until there is something to see, and answers it.
 *
 * @throws When it is not there in time, with what was seen last.
 */
export async function until<T>(
    what: string,
    seconds: number,
    look: () => Promise<{ readonly seen: T } | { readonly notYet: string }>,
): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    for (let wait = 100; ; wait = Math.min(2 * wait, 3000)) {
        const found = await look();
        if ("seen" in found) {
            return found.seen;
        }
        if (performance.now() > deadline) {
            throw new Error(`${what} was waited for ${seconds} s and did not come about: ${found.notYet}.`);
        }
        await pause(wait);
    }
}

function pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}
