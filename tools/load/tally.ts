import type { Answer } from "./types";

/** Answers of one kind to one step. */
export interface AnswerCount {
    readonly step: string;
    /** Status and code, e.g. `429 Too Many Requests`, or `no answer`. */
    readonly what: string;
    /** 4xx is a refusal: the stack did as it should. 5xx, and none, is an error. */
    readonly kind: "answer" | "refusal" | "error";
    readonly count: number;
}

/** How long the answers to one step took. */
export interface StepLatency {
    readonly step: string;
    readonly count: number;
    /** In ms, as the largest of so many percent of the answers, the fastest first. */
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
}

/** Counts answers, step by step. */
export interface Tally {
    /** @param ms Time from sending until the whole answer was there. */
    answered(step: string, answer: Answer, ms: number): void;
    /** @param why Code of the error of the connection, or what else is known. */
    unanswered(step: string, why: string, count?: number): void;
    counts(): AnswerCount[];
    latencies(): StepLatency[];
}

export function createTally(): Tally {
    const counts = new Map<string, AnswerCount>();
    const times = new Map<string, number[]>();
    const count = (step: string, what: string, kind: AnswerCount["kind"], more: number) => {
        const name = `${step} ${what}`;
        counts.set(name, { step, what, kind, count: (counts.get(name)?.count ?? 0) + more });
    };
    return {
        answered(step, answer, ms) {
            const all = times.get(step) ?? [];
            times.set(step, all);
            all.push(ms);
            count(step, `${answer.status} ${codeOf(answer)}`.trim(), kindOf(answer.status), 1);
        },
        unanswered: (step, why, more = 1) => count(step, `no answer (${why})`, "error", more),
        counts: () => [...counts.values()].sort((a, b) => a.step.localeCompare(b.step) || a.what.localeCompare(b.what)),
        latencies: () => [...times].map(([step, all]) => latencyOf(step, all)),
    };
}

function kindOf(status: number): AnswerCount["kind"] {
    return status < 400 ? "answer" : status < 500 ? "refusal" : "error";
}

/** Why a request was refused. Of messages only plain words: some of API Gateway's repeat a header of the request. */
function codeOf({ status, body }: Answer): string {
    if (status < 400) {
        return "";
    }
    const { code, message } = jsonOf(body) ?? {};
    const words = [code, message, /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1]];
    return (words.find((each) => typeof each === "string" && /^[A-Za-z_ ]{1,40}$/.test(each)) ?? "") as string;
}

/** A body as JSON; undefined when it is no object. */
export function jsonOf(body: string): Readonly<Record<string, unknown>> | undefined {
    try {
        const value = JSON.parse(body) as unknown;
        return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
        return undefined;
    }
}

function latencyOf(step: string, times: readonly number[]): StepLatency {
    const sorted = [...times].sort((a, b) => a - b);
    const percentile = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1];
    return {
        ...{ step, count: sorted.length },
        ...{ p50: percentile(50), p90: percentile(90), p99: percentile(99), max: percentile(100) },
    };
}
