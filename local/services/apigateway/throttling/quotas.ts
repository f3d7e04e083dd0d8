import * as fs from "node:fs";
import * as path from "node:path";

export type Period = "DAY" | "WEEK" | "MONTH";

/** `quotaSettings` of a usage plan. */
export interface QuotaSettings {
    /** Requests in a period. */
    readonly limit: number;
    /** Requests taken off the limit of the first period. @default 0 */
    readonly offset?: number;
    readonly period: Period;
}

/** Counts of requests for each key of each plan, kept in a file. */
export interface Quotas {
    /** Counts one request. Returns false, and counts nothing, when the quota is used up. */
    use(planId: string, keyId: string, settings: QuotaSettings, now: number): boolean;
    /** Writes what is not yet written. */
    close(): void;
}

interface Count {
    /** Start of the period, as a date. */
    period: string;
    used: number;
    /** The first period of this key in this plan, which `offset` shortens. */
    first: string;
}

/** Counts are written at most so often, in milliseconds. */
const WRITE_AFTER = 250;

/** Periods begin at midnight UTC: of the day, of Sunday, of the first of the month. */
export function openQuotas(file: string): Quotas {
    const counts = read(file);
    let timer: NodeJS.Timeout | undefined;
    const save = () => {
        clearTimeout(timer);
        timer = undefined;
        write(file, counts);
    };
    return {
        use(planId, keyId, { limit, offset = 0, period }, now) {
            const start = startOf(period, now);
            const count = (counts[`${planId}/${keyId}`] ??= { period: start, used: 0, first: start });
            if (count.period !== start) {
                count.period = start;
                count.used = 0;
            }
            if (count.used >= limit - (count.first === start ? offset : 0)) {
                return false;
            }
            count.used += 1;
            timer ??= setTimeout(save, WRITE_AFTER).unref();
            return true;
        },
        close() {
            if (timer) {
                save();
            }
        },
    };
}

let started = { period: "" as Period | "", from: 0, until: 0, text: "" };

function startOf(period: Period, now: number): string {
    if (started.period !== period || now < started.from || now >= started.until) {
        const date = new Date(now);
        const day = period === "MONTH" ? 1 : date.getUTCDate() - (period === "WEEK" ? date.getUTCDay() : 0);
        const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day);
        const until =
            period === "MONTH" ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) : from + LENGTH[period];
        started = { period, from, until, text: new Date(from).toISOString().slice(0, 10) };
    }
    return started.text;
}

const DAY = 86_400_000;

const LENGTH = { DAY, WEEK: 7 * DAY };

function read(file: string): Record<string, Count> {
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, Count>) : {};
}

function write(file: string, counts: Record<string, Count>): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const next = `${file}.${process.pid}`;
    fs.writeFileSync(next, JSON.stringify(counts));
    fs.renameSync(next, file);
}
