/** A step of scaling out: when at least `from` messages wait, but fewer than `to`, so many tasks are added. */
export interface ScaleOutStep {
    readonly from: number;
    /** Absent in the last step. */
    readonly to?: number;
    readonly add: number;
}

/**
 * A task for each `messagesPerTask` messages that wait, up to `most`; several at a time where one by one were more steps than a policy may
 * have.
 */
export function scaleOutSteps(most: number, messagesPerTask: number): readonly ScaleOutStep[] {
    const count = Math.min(most, MOST_STEPS);
    const added = (steps: number) => Math.ceil((steps * most) / count);
    const begin = (step: number) => added(step) * messagesPerTask + 1;
    return Array.from({ length: count }, (_, step) => ({
        from: begin(step),
        ...(step + 1 < count ? { to: begin(step + 1) } : {}),
        add: added(step + 1),
    }));
}

/** Application Auto Scaling's quota of steps in one policy. */
const MOST_STEPS = 20;
