import {
    ALARM_METRICS,
    billedSeconds,
    breakEven,
    DEFAULT_LOAD,
    ENDPOINTS,
    HOURS,
    LEAST_SECONDS,
    LONG_POLL_SECONDS,
    orderCosts,
    pricesOf,
    REQUESTS,
    SCALE_IN_SECONDS,
    WORKER_ENDPOINTS,
    ZONES,
    type OrderLoad,
} from "./orders";
import type { Price } from "./price";

/** Orders a month that are shown where none are asked for. */
export const SHOWN_ORDERS = [1000, 100_000, 1_000_000];

/** Rows of costs: what it costs without any order, for the orders given, and where the ways cost the same. */
export function costRows(orders: readonly number[], load: OrderLoad): string[][] {
    const usd = (amount: number) => `$${amount.toFixed(2)}`;
    const even = (way: "asNeeded" | "alwaysOn") => {
        const many = breakEven(way, load);
        return many === undefined ? "never" : `${count(many)} orders`;
    };
    const rows = [0, ...orders].map((many) => {
        const { task, asNeeded, alwaysOn } = orderCosts(many, load);
        return [count(many), usd(task), usd(asNeeded), usd(alwaysOn)];
    });
    return [HEADINGS, ...rows, ["worker costs no more from", "", even("asNeeded"), even("alwaysOn")]];
}

/** What the costs rest on, a sentence each. */
export function assumptions(load: OrderLoad): string[] {
    const { startSeconds, seconds, network, concurrent, bursts } = load;
    return [
        `Task: billed by the second from the pull of its image to its end, at least ${LEAST_SECONDS} s: ${startSeconds} s of start and ${seconds} s of work are billed as ${billedSeconds(load)} s.`,
        `Worker, as needed: tasks of ${concurrent} orders at a time, all full; ${bursts} times a month one starts from nothing and waits ${SCALE_IN_SECONDS / 60} minutes for more at the end. A lower bound.`,
        `Worker, always on: at least one task for all ${HOURS} hours of the month. An upper bound.`,
        `The worker pays ${REQUESTS} SQS requests an order, a receive each ${LONG_POLL_SECONDS} s while idle, and alarms on ${ALARM_METRICS} metrics, which scale it.`,
        "Left out, as both ways have it: API, functions, table, logs, image. Nothing is taken off for free tiers, which a whole account shares.",
        network === "public"
            ? "Public subnets: a task has a public IPv4 address, taken to be billed for the same seconds as the task."
            : `Private subnets: interface endpoints in ${ZONES} zones, always: ${ENDPOINTS.join(", ")}; for the worker ${WORKER_ENDPOINTS.join(", ")}. Their charge for data is left out.`,
    ];
}

/** The prices that the costs are made of, a line each. */
export function priceLines(load: OrderLoad): string[] {
    return (Object.values(pricesOf(load)) as Price[]).map(
        ({ usd, per, unit, source, confidence }) =>
            `${usd} per ${per === 1 ? unit : `${count(per)} ${unit}s`} (${source.date}, ${source.of}; confidence ${confidence})`,
    );
}

/** What the README says of the cost of orders, in Markdown: both networks, by the defaults. */
export function readmeSection(): string {
    const loads = (["public", "private"] as const).map((network) => ({ ...DEFAULT_LOAD, network }));
    const rows = loads.flatMap((load) =>
        costRows(SHOWN_ORDERS, load)
            .slice(1)
            .map((row) => [load.network, ...row]),
    );
    const lines = [
        ...new Set(loads.flatMap(assumptions)),
        `Prices: USD, us-east-1, for ${taskName(DEFAULT_LOAD)}; \`tools/cost/prices.ts\` has each with its date, source and confidence.`,
    ];
    return [markdownTable([["subnets", ...HEADINGS], ...rows]), "", ...lines.map((line) => `- ${line}`)].join("\n");
}

/** Names a task's size. */
export function taskName({ architecture, cpu, memory }: OrderLoad): string {
    return `${architecture}, ${cpu} CPU units, ${memory} MiB`;
}

const HEADINGS = ["orders a month", "one task per order", "worker, as needed", "worker, always on"];

function count(many: number): string {
    return many.toLocaleString("en-US");
}

function markdownTable(rows: readonly (readonly string[])[]): string {
    const lines = rows.map((row) => `| ${row.join(" | ")} |`);
    return [lines[0], `|${"---|".repeat(rows[0].length)}`, ...lines.slice(1)].join("\n");
}
