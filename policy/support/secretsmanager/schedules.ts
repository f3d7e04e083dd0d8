/**
 * The longest time between two runs of a schedule of Secrets Manager, in days, rounded up: of its `rate()` in hours or days,
 * or of its `cron()`, which runs each year. Undefined for what is neither.
 */
export function longestDays(expression: string): number | undefined {
    const rate = /^rate\(\s*(\d+)\s+(hour|day)s?\s*\)$/.exec(expression);
    if (rate) {
        return rate[2] === "day" ? Number(rate[1]) : Math.ceil(Number(rate[1]) / 24);
    }
    const fields = /^cron\(\s*(.+?)\s*\)$/.exec(expression)?.[1].split(/\s+/);
    if (fields?.length !== 6) {
        return undefined;
    }
    const months = monthsOf(fields[3]);
    if (months === undefined) {
        return undefined;
    }
    // Which days it runs on is left aside: on at least one of each month that it runs in.
    const gaps = months.map((month, index) => (months[index + 1] ?? months[0] + 12) - month);
    return Math.max(...gaps) * 31;
}

/** The months of a field of cron, in order: `*`, `1,7`, `JAN-MAR`, `1/3`. */
function monthsOf(field: string): number[] | undefined {
    const months = new Set<number>();
    for (const part of field.toUpperCase().split(",")) {
        const [, first, last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
        const from = first === "*" ? 1 : monthOf(first);
        const end = step === undefined && first !== "*" ? from : 12;
        const to = last === undefined ? end : monthOf(last);
        if (!(from <= to) || step === "0") {
            return undefined;
        }
        for (let month = from; month <= to; month += Number(step ?? 1)) {
            months.add(month);
        }
    }
    return [...months].sort((a, b) => a - b);
}

function monthOf(text: string | undefined): number {
    const number = NAMES.indexOf(text ?? "") + 1 || Number(text);
    return number >= 1 && number <= 12 ? number : NaN;
}

const NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
