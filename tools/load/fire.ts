import { uuidv7 } from "../../handlers/shared/uuidv7";
import type { Answer, LoadContext, LoadRequest, Sent, SystemLoad } from "./types";

/** What was sent, and how long that took. */
export interface Fired {
    readonly sent: readonly Sent[];
    /** From the first request until the last answer. */
    readonly seconds: number;
}

/**
 * Sends requests with autocannon at a rate, each with an id of its own. Answers are counted and timed in its `setupRequest` and `onResponse`:
 * its own percentiles are in whole milliseconds, and corrected by an interval of 1 ms where a rate is given (`lib/run.js`).
 */
export async function fire(system: SystemLoad, context: LoadContext): Promise<Fired> {
    const { rate, seconds, connections, tally } = context;
    const sent: Sent[] = [];
    const errors = new Map<string, number>();
    const begin = performance.now();
    let end = begin;

    const run = autocannon({
        url: new URL(system.request("").url).origin,
        connections: Math.min(connections, rate),
        overallRate: rate,
        ignoreCoordinatedOmission: true,
        maxOverallRequests: rate * seconds,
        // It ends with the last answer. A stack that is slower than the rate has requests left to come, and is hung up on.
        duration: seconds + GRACE_SECONDS,
        timeout: TIMEOUT_SECONDS,
        bailout: 1000,
        sampleInt: 100,
        requests: [
            {
                setupRequest(request, exchange) {
                    const id = uuidv7(Date.now());
                    exchange.sent = { id };
                    exchange.at = performance.now();
                    sent.push(exchange.sent);
                    return { ...request, ...partsOf(system.request(id)) };
                },
                onResponse(status, body, exchange) {
                    end = performance.now();
                    exchange.sent!.answer = { status, body };
                    tally.answered(system.step, exchange.sent!.answer, end - exchange.at!);
                    system.follow?.(exchange.sent!);
                },
            },
        ],
    });
    run.on("reqError", ({ code, message }) => errors.set(code ?? message, (errors.get(code ?? message) ?? 0) + 1));
    await run;

    const lost = sent.filter(({ answer }) => !answer).length;
    if (lost > 0) {
        const causes = [...errors].map(([cause, count]) => `${cause}: ${count}`);
        tally.unanswered(system.step, ["time was up, or the connection ended", ...causes].join("; "), lost);
    }
    return { sent, seconds: (end - begin) / 1000 };
}

/** What a stack gets beyond its time: as long as functions may take to start. */
export const GRACE_SECONDS = 10;

/** A second more than API Gateway gives an integration. */
const TIMEOUT_SECONDS = 30;

/** A request in the form that autocannon has for it; the address without its host. */
function partsOf({ method, url, headers, body }: LoadRequest): CannonRequest {
    const { pathname, search } = new URL(url);
    return { method, path: pathname + search, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
}

interface CannonRequest {
    readonly method: string;
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
}

/** What autocannon keeps for one request; with one request in its list and no pipelining it begins anew with each. */
interface Exchange {
    sent?: Sent;
    at?: number;
}

/** The part of autocannon 9 that is used; it brings no types. */
interface CannonOptions {
    readonly url: string;
    readonly connections: number;
    readonly overallRate: number;
    readonly ignoreCoordinatedOmission: boolean;
    readonly maxOverallRequests: number;
    readonly duration: number;
    readonly timeout: number;
    readonly bailout: number;
    readonly sampleInt: number;
    readonly requests: readonly {
        setupRequest(request: CannonRequest, exchange: Exchange): CannonRequest;
        onResponse(status: Answer["status"], body: string, exchange: Exchange): void;
    }[];
}

interface CannonRun extends PromiseLike<unknown> {
    on(event: "reqError", listener: (error: Error & { readonly code?: string }) => void): void;
}

const autocannon = require("autocannon") as (options: CannonOptions) => CannonRun;
