import type { Lock } from "./lock";

/**
 * The owners that a lock of a workflow has: the user and the hosts of GitHub's own runners, whose names begin so. A `*` stands
 * for any text.
 */
export const CI_OWNERS: readonly string[] = ["runner@runnervm*", "runner@fv-az*"];

/** When a lock is taken to be stranded. */
export interface Limits {
    /** Minutes that it must be old. */
    readonly olderThan: number;
    /** Patterns of owners, as of {@link CI_OWNERS}. */
    readonly owners: readonly string[];
    /** The time, in milliseconds. */
    readonly now: number;
}

/** Why locks may not be cancelled, a sentence for each reason; none when all of them are stranded. */
export function refusals(locks: readonly Lock[], limits: Limits): string[] {
    return locks.flatMap((lock) =>
        [tooYoung(lock, limits), foreign(lock, limits)].filter((text) => text !== undefined),
    );
}

/** Whole minutes since a lock was made. */
export function ageOf({ since }: Lock, now: number): number {
    return Math.floor((now - since) / 60_000);
}

function tooYoung(lock: Lock, { olderThan, now }: Limits): string | undefined {
    const age = ageOf(lock, now);
    if (age >= olderThan) {
        return undefined;
    }
    const held = age < 0 ? "has a time that is yet to come" : `is ${age} min old`;
    return `The lock of ${lock.owner} (process ${lock.pid}) ${held}, and may still be at work: wait until it is ${olderThan} min old, or, if you know that it has ended, set --older-than lower.`;
}

function foreign(lock: Lock, { owners }: Limits): string | undefined {
    return owners.some((pattern) => matches(pattern, lock.owner))
        ? undefined
        : `The lock of ${lock.owner} (process ${lock.pid}) is not one of a CI runner (${owners.join(", ")}): ask whoever that is, or, if you know that it has ended, give --owner ${lock.owner}.`;
}

function matches(pattern: string, owner: string): boolean {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(owner);
}
