import type { Tally } from "./tally";
import type { Answer, LoadRequest } from "./types";

/** What is sent beside the load itself: a form has another body. */
export interface SingleRequest extends Omit<LoadRequest, "body"> {
    readonly body?: string | FormData;
}

/**
 * Sends a request as often as a patient client does: again after no answer, 429 and 5xx, each time waiting twice as long.
 *
 * @returns The last answer; undefined when there was none.
 */
export async function sendPatiently(step: string, request: SingleRequest, tally: Tally): Promise<Answer | undefined> {
    let answer: Answer | undefined;
    for (let time = 0; time < TIMES; time++) {
        if (time > 0) {
            await pause(FIRST_PAUSE_MS * 2 ** (time - 1));
        }
        answer = await sendOnce(step, request, tally);
        if (answer && answer.status !== 429 && answer.status < 500) {
            return answer;
        }
    }
    return answer;
}

/** Sends a request and counts its answer. @returns undefined when there was none. */
export async function sendOnce(
    step: string,
    { url, ...request }: SingleRequest,
    tally: Tally,
): Promise<Answer | undefined> {
    const begin = performance.now();
    try {
        const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
        const answer = { status: response.status, body: await response.text() };
        tally.answered(step, answer, performance.now() - begin);
        return answer;
    } catch (error) {
        const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
        tally.unanswered(step, cause?.code ?? name);
        return undefined;
    }
}

/** Waits some milliseconds. */
export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const TIMES = 6;
const FIRST_PAUSE_MS = 100;
const TIMEOUT_MS = 30_000;
