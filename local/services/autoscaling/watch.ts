import type { Alarm } from "./alarm";
import { statisticOf } from "./metric";

/** What an alarm makes of all it has seen. */
export interface Verdict {
    /** Whether it is in the state ALARM. */
    readonly ringing: boolean;
    /** The latest value; undefined when there is none for the latest period. */
    readonly value: number | undefined;
}

interface Sample {
    readonly time: number;
    /** Of the alarm's metrics, in their order. */
    readonly values: readonly number[];
}

/**
 * Evaluates an alarm from a time on, at each sample of its metrics. Times in milliseconds.
 *
 * An alarm that rings above its threshold takes each sample for a period's value, so that it rings at once. One that rings below
 * waits as long as it declares: its periods are those that end now, one after the other, and what passed before it began to watch, or
 * while the machine slept, is a period without data.
 */
export function createWatch(alarm: Alarm, started: number): (sample: Sample) => Verdict {
    const { evaluationPeriods, datapointsToAlarm, periodMs, above, breaches, missingBreaches } = alarm;
    const samples: Sample[] = [];
    const isOld = (now: number) =>
        above ? samples.length > evaluationPeriods : now - samples[0].time >= evaluationPeriods * periodMs;
    return (sample) => {
        samples.push(sample);
        while (isOld(sample.time)) {
            samples.shift();
        }
        const points = above ? pointsOfSamples(alarm, samples) : pointsOfPeriods(alarm, samples, started);
        const bad = points.filter((value) => (value === undefined ? missingBreaches : breaches(value)));
        return { ringing: bad.length >= datapointsToAlarm, value: points[0] };
    };
}

/** The latest one first. */
function pointsOfSamples({ metrics }: Alarm, samples: readonly Sample[]): (number | undefined)[] {
    return samples.map((sample) => pointOf({ metrics }, [sample])).reverse();
}

/** The latest one first, as many as the alarm looks at. */
function pointsOfPeriods(alarm: Alarm, samples: readonly Sample[], started: number): (number | undefined)[] {
    const { evaluationPeriods, periodMs } = alarm;
    const now = samples[samples.length - 1].time;
    const periods = Array.from({ length: evaluationPeriods }, (): Sample[] => []);
    // A clock that was set back makes samples of the future.
    samples.forEach((sample) => periods[Math.floor((now - sample.time) / periodMs)]?.push(sample));
    return periods.map((period, index) =>
        now - (index + 1) * periodMs < started || period.length === 0 ? undefined : pointOf(alarm, period),
    );
}

function pointOf({ metrics }: Pick<Alarm, "metrics">, samples: readonly Sample[]): number {
    return metrics.reduce((sum, { statistic }, index) => {
        const values = samples.map((sample) => sample.values[index]);
        return sum + statisticOf(statistic, values);
    }, 0);
}
