/** Receivers that wait for messages, each served in its turn. */
export interface Waiters {
    /** Resolves when it is this receiver's turn, when its signal ends the waiting, or when the waiters are closed. */
    wait(signal: AbortSignal): Promise<void>;
    /** Gives the turn to the receiver that waits longest. */
    wake(): void;
    /** Calls `wake` at a time, if anybody waits then; a new time takes the place of the one before. */
    wakeAt(delay: number | undefined, wake: () => void): void;
    readonly waiting: number;
    /** Ends all waiting. */
    close(): void;
}

export function createWaiters(): Waiters {
    const turns = new Set<() => void>();
    let timer: NodeJS.Timeout | undefined;

    function wake(): void {
        const [first] = turns;
        first?.();
    }

    return {
        get waiting() {
            return turns.size;
        },
        wait: (signal) =>
            new Promise((resolve) => {
                const turn = () => {
                    turns.delete(turn);
                    signal.removeEventListener("abort", turn);
                    resolve();
                };
                if (signal.aborted) return resolve();
                turns.add(turn);
                signal.addEventListener("abort", turn);
            }),
        wake,
        wakeAt(delay, callback) {
            clearTimeout(timer);
            timer = undefined;
            if (delay === undefined || turns.size === 0) return;
            timer = setTimeout(callback, Math.max(1, Math.min(delay, LONGEST_DELAY)));
        },
        close() {
            clearTimeout(timer);
            for (const turn of [...turns]) turn();
        },
    };
}

/** What a timer of Node takes, in milliseconds. */
const LONGEST_DELAY = 2_147_483_647;
