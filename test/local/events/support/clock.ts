import type { Clock } from "../../../../local/services/events/clock";

export interface ManualClock extends Clock {
    /** Goes on by a time, step by step, and calls what waits for each moment on the way. */
    pass(milliseconds: number): void;
    /** Jumps ahead, as the clock of a machine does that slept; what was due meanwhile is called then. */
    jump(milliseconds: number): void;
    /** What waits. */
    readonly waiting: number;
}

export function manualClock(start: string): ManualClock {
    let now = Date.parse(start);
    let waits: { readonly time: number; readonly action: () => void }[] = [];
    const nextDue = (until: number) =>
        waits.filter(({ time }) => time <= until).sort((one, other) => one.time - other.time)[0];
    const callDue = (until: number, arrive: (time: number) => void) => {
        for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
            const { time, action } = due;
            waits = waits.filter((one) => one !== due);
            arrive(time);
            action();
        }
    };
    return {
        now: () => now,
        at(time, action) {
            const wait = { time, action };
            waits.push(wait);
            return () => void (waits = waits.filter((one) => one !== wait));
        },
        pass(milliseconds) {
            const end = now + milliseconds;
            callDue(end, (time) => (now = time));
            now = end;
        },
        jump(milliseconds) {
            now += milliseconds;
            callDue(now, () => undefined);
        },
        get waiting() {
            return waits.length;
        },
    };
}
