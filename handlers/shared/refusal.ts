import type { Issue } from "./issues";

/** Why a request is not served: what the caller is told. Thrown, and made an answer by `httpHandler`. */
export interface Refusal extends Error {
    readonly name: "Refusal";
    /** HTTP status, 400 or above. */
    readonly status: number;
    /** Reason for programs, in UPPER_SNAKE. */
    readonly code: string;
    /** Everything wrong with the body or the parameters, if that is the reason. */
    readonly issues?: readonly Issue[];
    /** Headers of the answer, besides those that every answer has. */
    readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a {@link Refusal}. Its message is for the caller: it must not repeat what the caller sent. */
export function refusal(
    status: number,
    code: string,
    message: string,
    more: Pick<Refusal, "issues" | "headers"> = {},
): Refusal {
    return Object.assign(new Error(message), { name: "Refusal" as const, status, code, ...more });
}

/** Makes a {@link Refusal} with status 503, for what may succeed when the same request is sent again in a while. */
export function unavailable(message: string): Refusal {
    return refusal(503, "SERVICE_UNAVAILABLE", message, { headers: { "retry-after": "5" } });
}

/** Tells a {@link Refusal} from other errors, some of which have a status or a code, too. */
export function isRefusal(error: unknown): error is Refusal {
    return error instanceof Error && error.name === "Refusal";
}
