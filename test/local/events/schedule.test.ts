import * as assert from "node:assert/strict";
import { readSchedule } from "../../../local/services/events/schedule";

/** The first times after one, to the minute. */
function times(expression: string, after: string, count: number): string[] {
    const schedule = readSchedule(expression);
    const found: string[] = [];
    let time: number | undefined = Date.parse(after);
    while (found.length < count && (time = schedule.next(time)) !== undefined) {
        found.push(new Date(time).toISOString().slice(0, 16));
    }
    return found;
}

describe("EventBridge: schedules", () => {
    it("of a rate come after one period each, counted from the last time", () => {
        const after = "2026-01-31T23:59:30.250Z";
        const next = (expression: string) => new Date(readSchedule(expression).next(Date.parse(after))!).toISOString();

        assert.equal(next("rate(1 minute)"), "2026-02-01T00:00:30.250Z");
        assert.equal(next("rate(5 minutes)"), "2026-02-01T00:04:30.250Z");
        assert.equal(next("rate(1 hour)"), "2026-02-01T00:59:30.250Z");
        assert.equal(next("rate(2 days)"), "2026-02-02T23:59:30.250Z");
    });

    const cases: [expression: string, after: string, expected: string[]][] = [
        ["cron(* * * * ? *)", "2026-12-31T23:58:59Z", ["2026-12-31T23:59", "2027-01-01T00:00"]],
        ["cron(0 12 * * ? *)", "2026-01-01T12:00:00Z", ["2026-01-02T12:00", "2026-01-03T12:00"]],
        ["cron(0/15 8-9 * * ? *)", "2026-01-01T08:40:00Z", ["2026-01-01T08:45", "2026-01-01T09:00"]],
        [
            "cron(1/20,5 0 ? * SUN-SAT *)",
            "2026-01-01T00:00:00Z",
            ["01", "05", "21", "41"].map((m) => `2026-01-01T00:${m}`),
        ],
        ["cron(0 18 ? * MON-FRI *)", "2026-10-16T18:00:00Z", ["2026-10-19T18:00", "2026-10-20T18:00"]],
        ["cron(0 0 ? * 1,7 *)", "2026-10-16T00:00:00Z", ["2026-10-17T00:00", "2026-10-18T00:00", "2026-10-24T00:00"]],
        ["cron(0 0 1 JAN,jul ? *)", "2026-02-01T00:00:00Z", ["2026-07-01T00:00", "2027-01-01T00:00"]],
        ["cron(0 0 1 */4 ? *)", "2026-01-02T00:00:00Z", ["2026-05-01T00:00", "2026-09-01T00:00", "2027-01-01T00:00"]],
        ["cron(0 0 31 * ? *)", "2026-01-31T00:00:00Z", ["2026-03-31T00:00", "2026-05-31T00:00"]],
        ["cron(0 0 29 2 ? *)", "2026-01-01T00:00:00Z", ["2028-02-29T00:00", "2032-02-29T00:00"]],
        ["cron(30 10 L * ? *)", "2028-01-31T11:00:00Z", ["2028-02-29T10:30", "2028-03-31T10:30"]],
        // 1 August 2026 is a Saturday, 31 May a Sunday, 15 July a Wednesday.
        ["cron(0 0 1W 8 ? *)", "2026-01-01T00:00:00Z", ["2026-08-03T00:00", "2027-08-02T00:00"]],
        ["cron(0 0 31W 5 ? *)", "2026-01-01T00:00:00Z", ["2026-05-29T00:00"]],
        ["cron(0 0 15W 7 ? 2026)", "2026-01-01T00:00:00Z", ["2026-07-15T00:00"]],
        ["cron(0 0 ? * 3#2 *)", "2026-01-01T00:00:00Z", ["2026-01-13T00:00", "2026-02-10T00:00"]],
        ["cron(0 0 ? * MON#5 *)", "2026-01-01T00:00:00Z", ["2026-03-30T00:00", "2026-06-29T00:00"]],
        ["cron(0 0 ? * 6L *)", "2026-01-01T00:00:00Z", ["2026-01-30T00:00", "2026-02-27T00:00"]],
        ["cron(0 0 ? * L *)", "2026-01-01T00:00:00Z", ["2026-01-03T00:00", "2026-01-10T00:00"]],
        ["cron(0 0 1 1 ? 2027-2029/2)", "2026-01-01T00:00:00Z", ["2027-01-01T00:00", "2029-01-01T00:00"]],
    ];
    for (const [expression, after, expected] of cases) {
        it(`give for ${expression} after ${after} first ${expected.join(", ")}`, () => {
            assert.deepEqual(times(expression, after, expected.length), expected);
        });
    }

    it("have no next time when their years are over or their day never comes", () => {
        assert.deepEqual(times("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z", 1), []);
        assert.deepEqual(times("cron(0 0 31 4 ? *)", "2026-01-01T00:00:00Z", 1), []);
    });

    it("are refused in EventBridge's words when they are not valid", () => {
        const wrong = [
            ...[
                "",
                "rate()",
                "rate(0 minutes)",
                "rate(1 minutes)",
                "rate(5 minute)",
                "rate(5 seconds)",
                "rate(1.5 hours)",
            ],
            ...["rate(5  minutes)", "Rate(5 minutes)", "every minute", "cron(0 0 1 * ?)", "0 0 1 * ? *"],
            ...[
                "cron(0 0 * * * *)",
                "cron(0 0 ? * ? *)",
                "cron(60 0 1 * ? *)",
                "cron(0 24 1 * ? *)",
                "cron(0 0 0 * ? *)",
            ],
            ...[
                "cron(0 0 32 * ? *)",
                "cron(0 0 1 13 ? *)",
                "cron(0 0 ? * 8 *)",
                "cron(0 0 ? * 0 *)",
                "cron(? 0 1 * ? *)",
            ],
            ...["cron(0 0 1 * ? 1969)", "cron(0 0 1 * ? 2200)", "cron(0 0 ? * 3#6 *)", "cron(0 0 ? * 3#1,6#3 *)"],
            ...["cron(0 0 1/2/3 * ? *)", "cron(1-2-3 0 1 * ? *)", "cron(1, 0 1 * ? *)", "cron(0/0 0 1 * ? *)"],
            ...["cron(5-1 0 1 * ? *)", "cron(0 0 32W * ? *)", "cron(0 0 1 MAYBE ? *)"],
        ];
        for (const expression of wrong) {
            assert.throws(
                () => readSchedule(expression),
                { message: "Parameter ScheduleExpression is not valid." },
                `"${expression}" was taken`,
            );
        }
    });
});
