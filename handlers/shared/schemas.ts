import * as v from "valibot";

/** A string of `least` to `most` characters. Characters are code points, as JSON Schema counts them. */
export function text(least: number, most: number) {
    const message = `must be a string of ${least} to ${most} characters`;
    return v.pipe(v.string(message), v.minCodePoints(least, message), v.maxCodePoints(most, message));
}

/** A JSON object, which is no array. Members without an entry are allowed; the output is the value itself, not a copy. */
export function jsonObject<const E extends v.ObjectEntries>(entries: E) {
    const schema = v.looseObject(entries);
    return {
        ...schema,
        "~run"(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
            const { value } = dataset;
            const result = schema["~run"](Array.isArray(value) ? { value: null } : dataset, config);
            return Object.assign(result, { value });
        },
    } as typeof schema;
}

/** A time of RFC 3339, section 5.6, with any offset; the day must be one of the calendar. */
export function time() {
    const message = "must be a time of RFC 3339, such as 2026-01-31T12:00:00Z";
    const action = v.isoTimestamp<string, string>(message);
    return v.pipe(v.string(message), {
        ...action,
        "~run"(this: never, dataset: v.OutputDataset<string, never>, config: v.Config<never>) {
            if (dataset.typed && !isTime(dataset.value)) {
                v._addIssue(this, "timestamp", dataset, config);
            }
            return dataset;
        },
    } as typeof action);
}

function isTime(value: string): boolean {
    const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/i.exec(value);
    if (!parts) {
        return false;
    }
    const [year, month, day, hour, minute, second, , offsetHour = 0, offsetMinute = 0] = parts
        .slice(1)
        .map((part) => (part === undefined ? undefined : Number(part))) as number[];
    const sign = parts[7] === "-" ? -1 : 1;
    const minuteOfDay = (hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute) + 2880) % 1440;
    // A leap second is the last of a day in UTC.
    const lastSecond = minuteOfDay === 1439 ? 60 : 59;
    return (
        month >= 1 &&
        month <= 12 &&
        day >= 1 &&
        day <= daysOf(year, month) &&
        hour <= 23 &&
        minute <= 59 &&
        second <= lastSecond &&
        offsetHour <= 23 &&
        offsetMinute <= 59
    );
}

function daysOf(year: number, month: number): number {
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
