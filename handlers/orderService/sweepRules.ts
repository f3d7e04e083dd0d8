import type { OrderStatus } from "./statuses";

/** How commands come to a container: by a task of their own, or by the queue of a service that is warm while there is work. */
export type Way = "task" | "worker";

/** When a command that no container took is started again. */
export interface StartRule {
    /** Seconds after a start; a task needs up to a minute to pull its image, a message may wait behind many others. */
    readonly againAfterSeconds: number;
    /** Starts after which the order fails. */
    readonly mostAttempts: number;
}

export const START_RULES: Readonly<Record<Way, StartRule>> = {
    task: { againAfterSeconds: 120, mostAttempts: 5 },
    worker: { againAfterSeconds: 900, mostAttempts: 20 },
};

/** Seconds that a container gives itself for one command. */
export const RUN_SECONDS = 60;

/** Seconds after which a command that a container took is taken for lost: longer than any container gives itself. */
export const LOST_SECONDS = 2 * RUN_SECONDS;

/** What the sweep does with an order whose time has come. */
export interface SweepRule {
    readonly status: OrderStatus;
    /** Whether starts are left. @default - either */
    readonly startsLeft?: boolean;
    readonly action:
        | { readonly kind: "start" }
        /** With `stopTask` the task that took it last is ended, too, so that what hangs costs no more. */
        | { readonly kind: "fail"; readonly reason: string; readonly stopTask?: boolean };
}

/** The first that fits counts. */
export const SWEEP_RULES: readonly SweepRule[] = [
    { status: "pending", startsLeft: true, action: { kind: "start" } },
    {
        status: "pending",
        action: { kind: "fail", reason: "No container took the order, however often it was started" },
    },
    {
        status: "processing",
        action: { kind: "fail", reason: "The container took too long, or was lost", stopTask: true },
    },
];

/** The rule for an order. */
export function sweepRule(status: OrderStatus, attempt: number, way: Way): SweepRule | undefined {
    const startsLeft = attempt < START_RULES[way].mostAttempts;
    return SWEEP_RULES.find(
        (rule) => rule.status === status && (rule.startsLeft === undefined || rule.startsLeft === startsLeft),
    );
}

/** The time so many seconds from now. */
export function inSeconds(seconds: number): Date {
    return new Date(Date.now() + seconds * 1000);
}
