import type { Target } from "./target";

/** The systems, by the names that `--system` takes. */
export const SYSTEMS = ["events", "uploads", "orders", "challenge"] as const;

export type System = (typeof SYSTEMS)[number];

/** One thing that must be so on a running stack. */
export interface Check {
    readonly system: System;
    /** A sentence that is false if the check fails. */
    readonly title: string;
    /** Why it can't be checked on this stack; absent when it can. */
    readonly skipped?: string | undefined;
    /** @throws When it is not so, with a sentence that says what was seen instead. */
    readonly run: () => Promise<void>;
}

export interface SmokeOptions {
    /** The systems that are checked. @default all */
    readonly systems?: readonly System[];
    /** Which of their checks are run, by title. @default all */
    readonly only?: (title: string) => boolean;
    /**
     * Whether ChallengeApi's limit is exceeded on a deployed stack also where all callers share it, who are refused meanwhile.
     *
     * @default false
     */
    readonly sharedLimit?: boolean;
}

/** What checks share. */
export interface Context {
    readonly target: Target;
    /** Whether a limit may be exceeded that others share: see {@link SmokeOptions}. */
    readonly sharedLimit: boolean;
    /** Says that something stays behind. */
    leave(what: string): void;
    /** Has something done when all checks have run, whatever became of them. The latest is done first. */
    atEnd(cleanUp: () => Promise<void>): void;
}

/** Makes the checks of a system. */
export type MakeChecks = (context: Context) => Check[];

/** What became of a check. */
export interface Result {
    readonly system: System;
    readonly title: string;
    readonly outcome: "passed" | "failed" | "skipped";
    /** What was seen instead, or why it was skipped; absent when it passed. Without secrets. */
    readonly reason?: string;
    /** Milliseconds that it took; 0 when skipped. */
    readonly ms: number;
}

/** A run of all checks. */
export interface Report {
    readonly stack: string;
    readonly results: readonly Result[];
    /** What stays behind on the stack, and why. */
    readonly left: readonly string[];
}
