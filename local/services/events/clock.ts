/** A clock, and what waits for it. */
export interface Clock {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls once, when that time has come; answers what takes that back. */
    at(time: number, action: () => void): () => void;
}

/** The clock of this machine. What waits for it keeps no process alive. */
export function systemClock(): Clock {
    return {
        now: Date.now,
        at(time, action) {
            let timer: NodeJS.Timeout;
            const wait = () => {
                const left = time - Date.now();
                timer = left > 0 ? setTimeout(wait, Math.min(left, LONGEST_TIMER_MS)) : setTimeout(action, 0);
                timer.unref();
            };
            wait();
            return () => clearTimeout(timer);
        },
    };
}

/** Node's timers take 24 days at most; a longer wait goes on from there. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
