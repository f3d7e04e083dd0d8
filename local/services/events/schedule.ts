/** When something is due. */
export interface Schedule {
    /** The first time after another one, both in milliseconds since 1970; undefined when there is none. For a rate: after the last time. */
    next(after: number): number | undefined;
}

/**
 * Reads `rate(5 minutes)` or `cron(0 12 ? * MON-FRI *)`, the latter in UTC.
 *
 * @throws `Parameter ScheduleExpression is not valid.`, as EventBridge says. Source: EventBridge User Guide, "Schedule expressions".
 */
export function readSchedule(expression: string): Schedule {
    const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
    if (rate) {
        const value = Number(rate[1]);
        if (value === 0 || (value === 1) !== (rate[3] === "")) {
            throw invalid();
        }
        return { next: (after) => after + value * UNITS[rate[2]] };
    }
    const cron = /^cron\(([^()]+)\)$/.exec(expression)?.[1].trim().split(/\s+/);
    if (cron?.length !== 6) {
        throw invalid();
    }
    return readCron(cron);
}

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");
const LAST_YEAR = 2199;

function readCron([minute, hour, dayOfMonth, month, dayOfWeek, year]: readonly string[]): Schedule {
    // One of the two days says nothing, so that they can't contradict each other.
    if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
        throw invalid();
    }
    const minutes = [...values(minute, 0, 59)];
    const times = [...values(hour, 0, 23)].flatMap((h) => minutes.map((m) => (h * 60 + m) * MINUTE));
    const months = values(month, 1, 12, MONTHS);
    const years = values(year, 1970, LAST_YEAR);
    const isDay = dayOfWeek === "?" ? dayOfMonthTest(dayOfMonth) : dayOfWeekTest(dayOfWeek);
    return {
        next(after) {
            const start = after - (after % MINUTE) + MINUTE;
            const date = new Date(start - (start % UNITS.day));
            for (; date.getUTCFullYear() <= LAST_YEAR; date.setUTCDate(date.getUTCDate() + 1)) {
                if (!years.has(date.getUTCFullYear())) {
                    date.setUTCMonth(11, 31);
                } else if (!months.has(date.getUTCMonth() + 1)) {
                    date.setUTCMonth(date.getUTCMonth() + 1, 0);
                } else if (isDay(date)) {
                    const time = times.find((one) => date.getTime() + one >= start);
                    if (time !== undefined) {
                        return date.getTime() + time;
                    }
                }
            }
            return undefined;
        },
    };
}

/** The values that a field allows, in order. */
function values(field: string, least: number, most: number, names: readonly string[] = []): ReadonlySet<number> {
    const read = (text: string) => {
        const named = names.indexOf(text.toUpperCase());
        const value = named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : NaN;
        if (!(value >= least && value <= most)) throw invalid();
        return value;
    };
    const found = new Set<number>();
    for (const part of field.split(",")) {
        const [, range, step] = /^(\*|\w+(?:-\w+)?)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
        if (range === undefined) throw invalid();
        const [from, to] = range === "*" ? [least, most] : range.split("-").map(read);
        const every = Number(step ?? 1);
        const last = to ?? (step === undefined ? from : most);
        if (last < from) throw invalid();
        for (let value = from; value <= last; value += every) found.add(value);
    }
    return new Set([...found].sort((a, b) => a - b));
}

function dayOfMonthTest(field: string): (date: Date) => boolean {
    if (field === "L") {
        return (date) => date.getUTCDate() === daysIn(date);
    }
    const weekday = /^(\d{1,2})W$/.exec(field);
    if (weekday) {
        const day = [...values(weekday[1], 1, 31)][0];
        return (date) => date.getUTCDate() === nearestWeekday(date, day);
    }
    const days = values(field, 1, 31);
    return (date) => days.has(date.getUTCDate());
}

function dayOfWeekTest(field: string): (date: Date) => boolean {
    const nth = /^(\w+)#([1-5])$/.exec(field);
    const last = /^(\w+)L$/.exec(field);
    if (nth) {
        const [day] = values(nth[1], 1, 7, DAYS);
        return (date) => date.getUTCDay() + 1 === day && Math.ceil(date.getUTCDate() / 7) === Number(nth[2]);
    }
    if (last) {
        const [day] = values(last[1], 1, 7, DAYS);
        return (date) => date.getUTCDay() + 1 === day && date.getUTCDate() > daysIn(date) - 7;
    }
    const days = values(field === "L" ? "7" : field, 1, 7, DAYS);
    return (date) => days.has(date.getUTCDay() + 1);
}

function daysIn(date: Date): number {
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a day, within its month. */
function nearestWeekday(date: Date, day: number): number {
    const most = daysIn(date);
    if (day > most) return -1;
    const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
    if (weekday === 6) return day > 1 ? day - 1 : day + 2;
    if (weekday === 0) return day < most ? day + 1 : day - 2;
    return day;
}

function invalid(): Error {
    return new Error("Parameter ScheduleExpression is not valid.");
}
