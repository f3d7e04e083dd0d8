import type { Clock } from "./clock";
import type { Schedule } from "./schedule";

/** Later than this, a time counts as missed, in milliseconds: the machine slept. */
const LATEST_MS = 60_000;

/** Calls at each time of a schedule from now on, with that time, until the answer is called. What was missed is left out. */
export function repeat(schedule: Schedule, clock: Clock, action: (time: number) => void): () => void {
    let cancel: () => void = () => undefined;
    const wait = (after: number) => {
        const time = schedule.next(after);
        if (time === undefined) {
            return;
        }
        cancel = clock.at(time, () => {
            const late = clock.now() - time;
            // From the time itself, so that a rate does not drift; and before the action, which may throw.
            wait(late < LATEST_MS ? time : clock.now());
            if (late < LATEST_MS) {
                action(time);
            }
        });
    };
    wait(clock.now());
    return () => cancel();
}
