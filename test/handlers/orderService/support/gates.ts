import type { Fate } from "../../uploadPipeline/support/proxies";

/** Makes what holds calls back until so many are there, and then lets them all go on, again and again. */
export function atOnce(count: number): () => Promise<Fate> {
    let waiting: (() => void)[] = [];
    return () =>
        new Promise((resolve) => {
            waiting.push(() => resolve("forward"));
            if (waiting.length === count) {
                waiting.forEach((go) => go());
                waiting = [];
            }
        });
}

/** A gate that is shut at first. */
export interface Gate {
    /** Settled when the first call came to it. */
    readonly reached: Promise<void>;
    /** Holds a call back until the gate is opened. */
    pass(): Promise<Fate>;
    open(): void;
}

export function newGate(): Gate {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    return {
        reached: reached.promise,
        async pass() {
            reached.resolve();
            await opened.promise;
            return "forward";
        },
        open: () => opened.resolve(),
    };
}
