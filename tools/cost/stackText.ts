import { ASSUMPTION_NAMES, ASSUMPTIONS, type Assumptions } from "./assumptions";
import { PRICES } from "./prices";
import type { Price } from "./price";
import type { StackCost, SystemCost } from "./stackCost";

/** A budget, and whether what the stack costs is above it. */
export interface BudgetCheck {
    readonly usdPerMonth: number;
    readonly exceeded: boolean;
}

/** Rows of a table: what each system costs, and what most of it goes to. */
export function systemRows({ systems, monthUsd, callsPerMonth }: StackCost): string[][] {
    const fixed = systems.reduce((sum, { fixedUsd }) => sum + fixedUsd, 0);
    return [
        ["system", "fixed", "a million calls", "most of it"],
        ...systems.map((system) => {
            const { name, fixedUsd, perMillionCallsUsd } = system;
            return [name, usd(fixedUsd), perMillionCallsUsd === undefined ? "" : usd(perMillionCallsUsd), most(system)];
        }),
        ["all", usd(fixed), "", ""],
        ["a month", usd(monthUsd), "", `with ${callsText(callsPerMonth)}`],
    ];
}

/** Rows of a table: each item of each system. */
export function itemRows({ systems }: StackCost): string[][] {
    const rows = systems.flatMap(({ name, items }) =>
        items.map(({ service, unit, fixedUsd, perMillionCallsUsd }) => [
            ...[name, service, unit, usd(fixedUsd), usd(perMillionCallsUsd)],
        ]),
    );
    return [["system", "service", "unit", "fixed", "a million calls"], ...rows];
}

/** What the costs rest on, a sentence each. */
export function stackNotes(
    { region, systems, fromMemory, notPriced, notes }: StackCost,
    assumptions: Assumptions,
): string[] {
    return [
        `Prices are those of us-east-1; ${region === "us-east-1" ? "so is the stack" : `in ${region}, where the stack is, they differ`}. ${pricesText(fromMemory)}`,
        ...systems.flatMap(({ name, routes }) => (routes ? [`A call of ${name}: ${routesText(routes)}.`] : [])),
        "Nothing is taken off for free tiers, which a whole account shares. Left out: deployments, failures, queries by people, earlier versions of objects.",
        ...notes,
        `Not priced: ${notPriced.length > 0 ? notPriced.join("; ") : "nothing"}.`,
        "Assumed:",
        ...ASSUMPTION_NAMES.map((name) => `  ${name} = ${assumptions[name]}: ${ASSUMPTIONS[name].says}`),
    ];
}

/** What a budget that is exceeded, or kept, is told of in. */
export function budgetText(
    { stack, monthUsd, callsPerMonth }: StackCost,
    { usdPerMonth, exceeded }: BudgetCheck,
): string {
    const costs = `The stack ${stack} costs ${usd(monthUsd)} a month with ${callsText(callsPerMonth)}`;
    return exceeded
        ? `${costs}, which is above its budget of ${usd(usdPerMonth)}: make it cheaper, or raise budgets.${stack}.usdPerMonth in cost.json.`
        : `${costs}, within its budget of ${usd(usdPerMonth)}.`;
}

/** The costs as JSON, for programs and comments on pull requests. Amounts are USD. */
export function stackJson(cost: StackCost, assumptions: Assumptions, budget: BudgetCheck | null): string {
    return JSON.stringify({ ...cost, budget, pricesOf: "us-east-1", priceDates: priceDates(), assumptions }, null, 2);
}

function usd(amount: number): string {
    return `$${amount.toFixed(2)}`;
}

function most({ items }: SystemCost): string {
    return items
        .slice(0, 3)
        .map(
            ({ service, unit, fixedUsd, perMillionCallsUsd }) =>
                `${service} ${unit} ${usd(fixedUsd + perMillionCallsUsd)}`,
        )
        .join(", ");
}

function callsText(calls: Readonly<Record<string, number>>): string {
    const [first, ...others] = Object.values(calls);
    const count = (many: number) => many.toLocaleString("en-US");
    return others.every((other) => other === first)
        ? `${count(first ?? 0)} calls of each system`
        : `${Object.entries(calls)
              .map(([system, many]) => `${count(many)} calls of ${system}`)
              .join(", ")}`;
}

function routesText(routes: Readonly<Record<string, number>>): string {
    return Object.entries(routes)
        .map(([route, share]) => `${Number((share * 100).toFixed(1))} % ${route}`)
        .join(", ");
}

function pricesText(fromMemory: readonly string[]): string {
    const [from, to] = priceDates();
    const weak =
        fromMemory.length > 0 ? `; from memory ${fromMemory.length === 1 ? "is" : "are"} ${fromMemory.join(", ")}` : "";
    return `They date from ${from} to ${to}${weak}. tools/cost/prices.ts has each with its source and confidence.`;
}

function priceDates(): [string, string] {
    const dates = flat(PRICES)
        .map(({ source }) => source.date)
        .sort();
    return [dates[0], dates[dates.length - 1]];
}

function flat(prices: object): Price[] {
    return Object.values(prices).flatMap((value: object) => ("usd" in value ? [value as Price] : flat(value)));
}
